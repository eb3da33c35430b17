"""The conversation as the turn pipeline runs it: stored session and input in, new session and messages out."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.criteria.compiled import CompiledTrial
from bot.criteria.lexicon import Lexicon
from bot.flows.engine import PARTS, resume
from bot.flows.inputs import Command, Input, Opened, PhotoRead, TeamHeard
from bot.flows.patience import Patience
from bot.flows.session import Session, Sprint
from bot.flows.turn import Setting, Turn
from bot.ports import Address, TalkResult, TimerRow
from bot.services import referring
from bot.services.at_hand import SESSIONS, SessionsAtHand
from bot.services.contacts import standard_form
from bot.speech.catalogue import Catalogue, languages
from bot.speech.labels import choice_labels
from bot.speech.message import Message
from bot.speech.offers import offers
from bot.speech.telling import tell, teller_for

PICTURED = ("slip_read", "bench_shown", "bench_pictured")
"""The events that tell of the rows of a picture."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A trial that people are screened for: how it is talked about, and in which words."""

    setting: Setting
    catalogue: Catalogue


def subject(  # noqa: PLR0913 - all that a conversation depends on, by name
    trial: CompiledTrial,
    lexicon: Lexicon,
    catalogue: Catalogue,
    patience: Patience | None = None,
    sites: tuple[str, ...] | None = None,
    *,
    photos: bool = False,
) -> Subject:
    """All that a conversation about this trial needs.

    `patience`: how long is waited, if not as usual. `sites`: those that take candidates, if not all. `photos`: whether
    pictures of lab slips can be read.
    """
    setting = Setting(
        trial=trial,
        lexicon=lexicon,
        languages=languages(),
        keywords=keywords(catalogue),
        labels=choice_labels(trial.protocol, catalogue),
        offers=offers(catalogue),
        contact=standard_form,
        patience=patience or Patience(),
        sites=tuple(site.id for site in trial.protocol.sites) if sites is None else sites,
        photos=photos,
    )
    return Subject(setting, catalogue)


def keywords(catalogue: Catalogue) -> Mapping[str, Command]:
    """The words of every language that stand for a command."""
    return {
        word.strip().casefold(): command
        for command in Command
        for locale in languages()
        for word in (*catalogue.text(locale, f"keyword.{command}").split("|"), command.value)
    }


def sites_of(subjects: Mapping[str, Subject]) -> tuple[str, ...]:
    """All sites of these trials, by their ids, also those that take nobody at present."""
    return tuple(dict.fromkeys(site.id for each in subjects.values() for site in each.setting.trial.protocol.sites))


def site_name(subjects: Mapping[str, Subject], locale: str, site: str) -> str:
    """What a site is called, in the words of the first trial that has it."""
    named = (each.catalogue for each in subjects.values() if each.catalogue.has(locale, f"site.{site}"))
    catalogue = next(named, None)
    return site if catalogue is None else catalogue.text(locale, f"site.{site}")


class Conversations:
    """Talks to people about the trials it knows (`subjects`). `new_id` makes the ids of new conversations; the rest is pure.

    `at_hand`: how many sessions are kept read.
    """

    def __init__(
        self,
        subjects: Mapping[str, Subject],
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        at_hand: int = SESSIONS,
    ) -> None:
        self.subjects = subjects
        self._new_id = new_id
        self._at_hand = SessionsAtHand(at_hand)

    def talk(self, stored: str | None, address: Address, entry: Input, now: datetime) -> TalkResult:
        """What an input leads to: the same in every channel. `address`: where the study team reaches the person."""
        session = self._at_hand.load(stored) if stored is not None else None
        about = self._about(session, entry)
        sprint = resume(about.setting, session, entry, now, self._new_id() if session is None else "")
        messages = pictured(self._tell(about, sprint, now), entry)
        kept = None if sprint.erase else self._at_hand.dump(sprint.session)
        referral = referring.record(about.setting, about.catalogue, sprint, now) if sprint.refer else None
        timers = [TimerRow(alarm.timer, alarm.due, alarm.payload) for alarm in sprint.alarms]
        return TalkResult(
            kept,
            sprint.session.state,
            sprint.session.trial,
            messages,
            (*timers, *referring.letters(about.setting, sprint, address, now)),
            referral,
            prescreening=referring.prescreening(about.setting, sprint, now),
            withdraws=sprint.withdraw,
        )

    def apologise(self, stored: str | None, address: Address) -> Message:
        """What is said where an input was set aside because it could not be handled."""
        del address
        session = Session.model_validate_json(stored) if stored is not None else None
        catalogue = self._about(session, Opened()).catalogue
        locale = session.locale if session else languages()[0]
        return Message(catalogue.text(locale, "set_aside"), {"event": "set_aside"}, locale=locale)

    def _about(self, session: Session | None, entry: Input) -> Subject:
        """The trial of the session, the one that was asked for, or the first."""
        wanted = session.trial if session else entry.trial if isinstance(entry, Opened | TeamHeard) else None
        return self.subjects.get(wanted or "") or next(iter(self.subjects.values()))

    def _tell(self, about: Subject, sprint: Sprint, now: datetime) -> tuple[Message, ...]:
        turn = Turn(sprint.session, about.setting, PARTS, now)
        choices = () if sprint.erase else PARTS[sprint.session.state].choices(turn)
        session = sprint.session
        teller = teller_for(about.setting.trial, about.catalogue, session.locale, session.respondent)
        return tell(teller, session, turn.facts().variants, sprint.events, choices)


def pictured(messages: tuple[Message, ...], entry: Input) -> tuple[Message, ...]:
    """The messages; what is said of a slip that was photographed comes with the picture in which its rows are numbered."""
    if not isinstance(entry, PhotoRead) or entry.picture is None:
        return messages
    picture = base64.b64encode(entry.picture).decode("ascii")
    return tuple(replace(each, picture=picture) if each.event["event"] in PICTURED else each for each in messages)
