"""The page of a referral: what the answers say, how far it has come, what can be done, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.desk.card_forms import CardForms
from bot.channels.desk.layout import Layout
from bot.channels.desk.signed import PATH, Signed
from bot.channels.http.html import Child, Html, tag
from bot.channels.http.words import Words
from bot.criteria.findings import Status
from bot.flows.handoff.people import Person, Said
from bot.flows.handoff.stages import Action, Stage
from bot.services.talk import Subject
from bot.services.worklist import Opened, StepTaken
from bot.speech.card import MARKS, CardParts, CardText, Line
from bot.speech.formats import ago, moment

TOLD = (
    "desk.refused.taken",
    "desk.refused.not_holder",
    "desk.refused.impossible",
    "desk.refused.ended",
    "desk.refused.gone",
)
"""What a step may have come to that a card says at its top."""

BOX = "☐"


@dataclass(frozen=True, slots=True)
class CardPages:
    """Builds the page. `subjects`: the trials, by id; `now`: when it is looked at."""

    layout: Layout
    subjects: Mapping[str, Subject]
    now: datetime

    def card(self, signed: Signed, opened: Opened, told: str, person: Person | None) -> Html:
        """The page. `told`: what became of the last step; `person`: who it is about, where that was asked for."""
        words, reference = self.layout.words(signed.locale), opened.listed.reference
        course = opened.listed.hand_off
        writer = self._text(opened, words)
        codes = tuple(each.code for each in writer.trial.protocol.criteria)
        forms = CardForms(signed, words, opened, codes)
        parts = None if course is None else writer.parts(course.shown())
        work = tag(
            "div",
            self._state(words, opened),
            forms.steps(),
            _contact(words, person) if person else forms.contact(),
            _relay(words, course.said if course else (), self.now),
            forms.message(),
            forms.note(),
            _timeline(words, opened.steps),
            class_="work",
        )
        body = (
            tag("p", tag("a", words.text("referral.back"), href=f"{PATH}/inbox"), class_="back"),
            _told(words, opened, told),
            tag("div", self._answers(words, parts), work, class_="card", data_reference=reference),
        )
        title = words.text("referral.title", reference=reference)
        return self.layout.page(signed, title, *body, active="inbox", scripts=("desk.js",))

    def _text(self, opened: Opened, words: Words) -> CardText:
        subject = self.subjects.get(opened.listed.trial) or next(iter(self.subjects.values()))
        return CardText(subject.setting.trial, subject.catalogue, words.locale)

    def _answers(self, words: Words, parts: CardParts | None) -> Html:
        """What the person answered, criterion by criterion, and what is left for the site."""
        if parts is None:
            return tag("div", tag("p", words.text("referral.withdrawn")), id="answers", data_live=True)
        criteria = tag("ul", *(_line(words, line) for line in parts.lines), class_="criteria")
        by_site = [" ".join(each) for each in parts.site_assesses]
        return tag(
            "div",
            tag("p", tag("strong", parts.verdict), " ", tag("small", parts.origin)),
            tag("div", *(tag("p", each) for each in parts.again), class_="again") if parts.again else None,
            _ticks(words.text("card.ask"), parts.ask),
            tag("h2", words.text("referral.criteria")),
            criteria,
            _ticks(words.text("card.site_assesses"), by_site),
            id="answers",
            data_live=True,
        )

    def _state(self, words: Words, opened: Opened) -> Html:
        """How far it has come, who has it, and since when it waits."""
        listed = opened.listed
        course = listed.hand_off
        holder = course.holder.name if course and course.holder else None
        detail = course.shown().detail if course and listed.stage is Stage.NOT_SUITABLE else ""
        asked = tag("time", ago(words.locale, self.now - listed.requested_at), datetime=listed.requested_at.isoformat())
        return tag(
            "p",
            tag("span", words.text(f"stage.{listed.stage}"), class_=f"stage {listed.stage}"),
            tag("span", words.text("inbox.held", holder=holder)) if holder else None,
            tag("span", detail) if detail else None,
            asked,
            id="state",
            class_="state",
            data_live=True,
        )


def _told(words: Words, opened: Opened, told: str) -> Html:
    """What became of the last step, where it was not taken."""
    course = opened.listed.hand_off
    holder = course.holder.name if course and course.holder else ""
    text = words.text(told, reference=opened.listed.reference, holder=holder) if told else None
    return tag("p", text, id="told", role="status", data_live=True)


def _line(words: Words, line: Line) -> Html:
    """One criterion; how it stands is said in words too, for those who do not see the mark."""
    typed = [tag("q", reply) for reply in line.typed]
    return tag(
        "li",
        tag("span", MARKS[line.status], class_=f"mark {line.status}", aria_hidden="true"),
        tag("span", words.text(f"referral.status.{line.status}"), class_="vh"),
        tag("b", line.code),
        tag("span", line.evidence, *typed, *(tag("small", day) for day in line.observed)),
        class_="open" if line.status is Status.UNDETERMINED else None,
    )


def _ticks(title: str, entries: Sequence[str]) -> Html | None:
    """A list to be ticked off on paper."""
    if not entries:
        return None
    lines = (tag("li", tag("span", BOX, aria_hidden="true"), " ", entry) for entry in entries)
    return tag("section", tag("h2", title), tag("ul", *lines, class_="ticks"))


def _contact(words: Words, person: Person) -> Html:
    """Who the person is and how to reach them."""
    language = words.catalogue.text(person.locale, "language.name")
    return tag(
        "section",
        tag("h2", words.text("referral.contact")),
        tag("p", tag("strong", person.name or words.text("desk.nameless"))),
        tag("p", words.text(f"referral.reach.{person.reach.kind}", detail=person.reach.detail)),
        tag("p", words.text("referral.language", language=language)),
        tag("p", words.text("referral.contact.on_record"), class_="hint"),
        id="contact",
    )


def _relay(words: Words, said: Sequence[Said], now: datetime) -> Html:
    """What the person and the study team wrote to each other."""
    messages: Sequence[Child] = [_message(words, each, now) for each in said]
    none = tag("p", words.text("relay.none"), class_="hint")
    return tag(
        "section",
        tag("h2", words.text("relay.title")),
        tag(
            "div",
            *(messages or (none,)),
            id="messages",
            role="log",
            aria_label=words.text("relay.title"),
            tabindex=0,
            data_live=True,
        ),
        id="relay",
    )


def _message(words: Words, said: Said, now: datetime) -> Html:
    who = said.by or words.text("relay.candidate" if said.later is None else "relay.later")
    when = tag("time", ago(words.locale, now - said.at), datetime=said.at.isoformat())
    head = tag("header", tag("b", who), " ", when)
    return tag("article", head, tag("p", said.text), class_="theirs" if said.by is None else "ours")


def _timeline(words: Words, steps: Sequence[StepTaken]) -> Html:
    """What was done, by whom and when."""
    lines = (
        tag(
            "li",
            tag("time", moment(words.locale, step.at), datetime=step.at.isoformat()),
            " ",
            tag("span", words.text(f"step.done.{step.action}")),
            tag("b", step.by) if step.by else None,
            tag("p", _detail(words, step)) if step.detail else None,
        )
        for step in steps
    )
    listed = tag("ol", *lines, class_="timeline") if steps else tag("p", words.text("timeline.none"), class_="hint")
    return tag("section", tag("h2", words.text("timeline.title")), listed, id="timeline", data_live=True)


def _detail(words: Words, step: StepTaken) -> str:
    """A note or a reason as written; of a step taken back, the stage that it had led to."""
    return words.text(f"stage.{step.detail}") if step.action == Action.UNDO else step.detail
