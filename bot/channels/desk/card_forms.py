"""What can be done about a referral, as forms: what its stage and its holder allow, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.desk.layout import post_form
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.html import Child, Html, tag
from bot.channels.http.words import Words
from bot.flows.handoff.desk import LONGEST_TEXT
from bot.flows.handoff.stages import ENDED, Action, Stage, possible
from bot.services.worklist import Opened

LAST = (Action.REJECT, Action.MISS, Action.CLOSE)
"""The steps that lead to an end, or away from a visit: they stand after the others, and look less inviting."""


@dataclass(frozen=True, slots=True)
class CardForms:
    """Builds the forms of one referral for who is signed in. `codes`: the criteria by which somebody may not be suitable."""

    signed: Signed
    words: Words
    opened: Opened
    codes: tuple[str, ...]

    @property
    def mine(self) -> bool:
        """Whether the member may handle it."""
        course = self.opened.listed.hand_off
        return course is not None and course.may_handle(self.signed.member, self.signed.role)

    @property
    def holds(self) -> bool:
        """Whether it is the member who has claimed it."""
        course = self.opened.listed.hand_off
        return course is not None and course.holder is not None and course.holder.id == self.signed.member

    def steps(self) -> Html:
        """The steps that can be taken now."""
        forms: list[Child] = []
        if self.opened.listed.stage is Stage.REQUESTED and self.opened.listed.hand_off is not None:
            forms.append(self._button(Action.CLAIM, "step.claim", first=True))
        elif self.mine:
            forms += self._allowed()
        return tag("div", *forms, id="steps", class_="steps", data_live=True)

    def _allowed(self) -> Iterator[Html]:
        stage = self.opened.listed.stage
        onward = [action for action in possible(stage) if action not in LAST]
        for place, action in enumerate(onward):
            yield self._button(action, f"step.{action}", first=place == 0)
        for action in possible(stage):
            if action is Action.REJECT:
                yield self._reasons()
            elif action in LAST:
                yield self._button(action, f"step.{action}")
        if stage not in (Stage.CLOSED, Stage.WITHDRAWN):
            yield self._button(Action.UNDO, "step.hand_back" if stage is Stage.RECEIVED else "step.undo")

    def _button(self, action: Action, key: str, *, first: bool = False) -> Html:
        step = tag("button", self.words.text(key), class_="choice primary" if first else "choice", id=f"do-{action}")
        return self._form("step", tag("input", type="hidden", name="action", value=action.value), step)

    def _form(self, path: str, *content: Child, nonce: bool = True, class_: str | None = None) -> Html:
        address = f"{PATH}/referral/{self.opened.listed.reference}/{path}"
        return post_form(self.signed, address, *content, nonce=nonce, class_=class_)

    def _reasons(self) -> Html:
        """Why somebody is not suitable: a criterion, and words where they are needed."""
        words = self.words
        options = (tag("option", code, value=code) for code in self.codes)
        other = tag("option", words.text("step.reject.other"), value="")
        form = self._form(
            "step",
            tag("input", type="hidden", name="action", value=Action.REJECT.value),
            tag("label", tag("span", words.text("step.reject.code")), tag("select", other, *options, name="code")),
            _text(words.text("step.reject.text"), "why", required=False),
            tag("button", words.text("step.reject"), class_="choice"),
        )
        return tag("details", tag("summary", words.text("step.reject"), id="do-reject"), form, class_="more")

    def contact(self) -> Html | None:
        """The way to who the person is; each look is on record."""
        if not self.mine:
            return None
        show = tag("button", self.words.text("referral.contact.show"), class_="choice")
        hint = tag("p", self.words.text("referral.contact.hint"), class_="hint")
        return tag("section", self._form("contact", show, hint, nonce=False), id="contact")

    def message(self) -> Html | None:
        """Where a message to the person is written."""
        if not self.holds or self.opened.listed.stage in ENDED:
            return None
        text = _text(self.words.text("relay.write"), "message-text", required=True)
        return self._form(
            "message", text, tag("button", self.words.text("relay.send"), class_="choice"), class_="write"
        )

    def note(self) -> Html | None:
        """Where a note is written, for the study team alone."""
        if not self.mine:
            return None
        action = tag("input", type="hidden", name="action", value=Action.NOTE.value)
        text = _text(self.words.text("note.write"), "note-text", required=True)
        keep = tag("button", self.words.text("note.keep"), class_="choice")
        form = self._form("step", action, text, keep, class_="write")
        return tag("details", tag("summary", self.words.text("note.title")), form, class_="more")


def _text(label: str, name: str, *, required: bool) -> Html:
    """A field for a text."""
    field = tag("textarea", id=name, name="text", maxlength=LONGEST_TEXT, rows=3, required=required)
    return tag("label", tag("span", label), field)
