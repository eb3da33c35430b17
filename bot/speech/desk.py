"""What the bot says to staff: cards with their buttons, contact details, short notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.criteria.compiled import CompiledTrial
from bot.flows.handoff.desk import MARK, WHY, WRITE, ContactHidden, Notice, ReasonAsked, Shown
from bot.flows.handoff.letters import CardShown, ContactShown
from bot.flows.handoff.people import Card
from bot.flows.handoff.stages import ENDED, TASK_STATUS, Action, Stage, possible
from bot.speech.card import CardText
from bot.speech.catalogue import Catalogue
from bot.speech.message import Button, Message

About = Callable[[str], tuple[CompiledTrial, Catalogue]]
"""A trial and its words, by the trial's id."""

BESIDE = (Action.NOTE.value, WRITE, Action.LOOK.value)
"""What the one who holds a referral may do at any stage but the last ones."""

WRITTEN = ("candidate_wrote", "candidate_wrote.later")
"""What is said where the person has written: it can be answered by a button."""


@dataclass(frozen=True, slots=True)
class DeskTeller:
    """Speaks to staff in one language. `common`: the words that belong to no trial; `topics`: the chat has topics."""

    about: About
    common: Catalogue
    locale: str
    topics: bool = False

    def tell(self, shown: Shown) -> Message:
        """What is said, as a message."""
        if isinstance(shown, CardShown):
            return self._card(shown)
        if isinstance(shown, ContactShown):
            return self._contact(shown)
        if isinstance(shown, ContactHidden):
            return self._hidden(shown)
        if isinstance(shown, ReasonAsked):
            return self._reasons(shown)
        return self._notice(shown)

    def _message(self, text: str, event: str, reference: str, buttons: tuple[Button, ...] = ()) -> Message:
        told = {"event": event, "reference": reference}
        return Message(text, told, locale=self.locale, buttons=buttons, session=MARK, topic=self._topic(reference))

    def _topic(self, reference: str) -> str:
        return reference if self.topics else ""

    def _card(self, shown: CardShown) -> Message:
        card = shown.card
        trial, catalogue = self.about(card.trial)
        event: dict[str, Any] = {"event": "card_shown", "reference": card.reference, "stage": card.stage.value}
        if card.again:
            event["again"] = len(card.again)
        return Message(
            CardText(trial, catalogue, self.locale).write(card),
            event,
            locale=self.locale,
            buttons=tuple(self._button(word, card.reference) for word in self._words(card.stage)),
            session=MARK,
            place=f"card.{card.reference}",
            anew=shown.fresh,
            topic=self._topic(card.reference),
        )

    @staticmethod
    def _words(stage: Stage) -> tuple[str, ...]:
        """The buttons of a card."""
        if stage in (Stage.WITHDRAWN, Stage.REPEATED):
            return ()
        if stage is Stage.REQUESTED:
            return (Action.CLAIM.value,)
        beside = () if stage in ENDED else BESIDE
        undo = () if stage is Stage.CLOSED else (Action.UNDO.value,)
        return (*(each.value for each in possible(stage)), *beside, *undo)

    def _button(self, word: str, reference: str) -> Button:
        return Button(f"{word}.{reference}", self.common.text(self.locale, f"desk.button.{word}"))

    def _contact(self, shown: ContactShown) -> Message:
        person = shown.person
        name = person.name or self.common.text(self.locale, "desk.nameless")
        reach = self.common.text(self.locale, f"desk.reach.{person.reach.kind}", detail=person.reach.detail)
        language = self.common.text(person.locale, "language.name")
        text = self.common.text(
            self.locale, "desk.contact", reference=shown.reference, name=name, reach=reach, language=language
        )
        notes = (self.common.text(self.locale, "desk.noted", by=note.by, text=note.text) for note in shown.notes)
        message = self._message(
            "\n".join([text, *notes]), "contact_shown", shown.reference, (self._button(WRITE, shown.reference),)
        )
        return replace(message, place=f"contact.{shown.reference}")

    def _hidden(self, hidden: ContactHidden) -> Message:
        """What stands in the place of the contact of somebody who has withdrawn."""
        text = self.common.text(self.locale, "card.withdrawn", reference=hidden.reference)
        return replace(self._message(text, "contact_hidden", hidden.reference), place=f"contact.{hidden.reference}")

    def _reasons(self, asked: ReasonAsked) -> Message:
        """Ask why somebody is not suitable; the criteria are buttons."""
        trial, _ = self.about(asked.trial)
        buttons = tuple(Button(f"{WHY}.{asked.reference}.{each.code}", each.code) for each in trial.protocol.criteria)
        return self._message(self.common.text(self.locale, "desk.ask.why"), "reason_asked", asked.reference, buttons)

    def _notice(self, notice: Notice) -> Message:
        values = {"reference": notice.reference, "text": notice.text, "holder": notice.holder}
        text = self.common.text(self.locale, f"desk.{notice.key}", **values)
        answer = (self._button(WRITE, notice.reference),) if notice.key in WRITTEN else ()
        return self._message(text, f"desk.{notice.key}", notice.reference, answer)


def mail(common: Catalogue, locale: str, kind: str, card: Card | None, reference: str) -> Message:
    """An e-mail about a referral: its reference, and nothing about the person. `kind`: `new`, `again` or `reminded`."""
    subject = common.text(locale, f"mail.{kind}.subject", reference=reference)
    body = common.text(locale, f"mail.{kind}.body", reference=reference)
    trial = card.trial if card else ""
    return Message(body, {"event": "mail", "subject": subject, "reference": reference, "trial": trial}, locale=locale)


def hook(card: Card, now: dt.datetime) -> Message:
    """What a webhook is told of a referral: where it stands now, as codes, and nothing about the person."""
    event = {
        "event": "referral.updated",
        "reference": card.reference,
        "trial": card.trial,
        "site": card.site,
        "stage": card.stage.value,
        "status": TASK_STATUS[card.stage],
        "requested_at": card.requested_at.isoformat(),
        "at": now.isoformat(),
    }
    return Message("", event)
