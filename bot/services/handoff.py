"""The chats of the hand-off as the turn pipeline runs them, beside the conversations with candidates.

A referral, a site and a member of staff each have a chat of their own, which hears letters alone. A letter is a timer
of the chat that it goes to, due at once: written in the transaction of the turn that sent it, and fired once.
"""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.criteria.compiled import CompiledTrial
from bot.flows.bench import commands as bench
from bot.flows.handoff import course, desk, figures, letters, persons, rooms
from bot.flows.handoff.codes import CODE_BYTES, digest_of
from bot.flows.handoff.desk import MARK, Desk, Shown, Work
from bot.flows.handoff.letters import CardShown, Erased, Joined, Letter, Post, ReferralReminded, TeamNews
from bot.flows.handoff.moves import HandOff, Move, Rules
from bot.flows.handoff.people import Chat, Role
from bot.flows.handoff.persons import Requests
from bot.flows.handoff.rooms import Member, SiteRoom
from bot.flows.inputs import (
    FIGURES,
    BenchTidied,
    ButtonPressed,
    DeskAsked,
    FigureDrawn,
    FiguresAsked,
    FiguresDrawn,
    Input,
    Joining,
    TeamHeard,
    TimerFired,
)
from bot.flows.session import Session
from bot.flows.timing import NUDGE, RECHECK
from bot.ports import Address, DeskLink, ReferralStep, TalkResult, TimerRow
from bot.services.accounts import LINK_LIFETIME
from bot.services.at_hand import AtHand
from bot.services.bench import Benches
from bot.services.letters import letter_rows, opened
from bot.services.talk import Conversations, sites_of
from bot.speech.catalogue import SOURCE_LANGUAGE, Catalogue
from bot.speech.desk import DeskTeller, hook, mail
from bot.speech.message import Message

WIRES = ("mail", "webhook")
"""The channels that only carry word of a referral to a site, and bring nothing back."""

UNWRITTEN = frozenset((*letters.ACTORS, *WIRES))
"""The channels of the chats in which nobody writes."""

REFERRALS = 128  # at hand: one hears most of its letters in the turns after it was asked for

_WIRE = '{"kind":"wire"}'
_DESK = '{"kind":"desk"'
_OF_STAFF = (Joining, DeskAsked, FiguresAsked, FiguresDrawn, BenchTidied)


class HandOffs:
    """All chats: those of the hand-off itself, those of staff, and the conversations with candidates.

    `desk_url`: where members of staff sign in at the desk; None where no page is served. `at_hand`: how many referrals are
    kept read.
    """

    def __init__(
        self,
        conversations: Conversations,
        rules: Rules,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        desk_url: str | None = None,
        at_hand: int = REFERRALS,
    ) -> None:
        self._desk_url = desk_url
        self._conversations = conversations
        self._rules = rules
        self._common = Catalogue()
        self._referrals = AtHand(HandOff.model_validate_json, at_hand)
        self._benches = Benches(conversations.subjects, self._about, self._common, new_id)

    def talk(self, stored: str | None, address: Address, entry: Input, now: datetime) -> TalkResult:
        """What an input leads to, whatever chat it came to."""
        letter = opened(entry)
        if address.channel in UNWRITTEN:
            return self._by_letter(stored, address, letter, entry, now)
        if isinstance(letter, TeamNews) and not _is_desk(stored):
            entry = TeamHeard(letter.reference, letter.news, letter.text, letter.trial, letter.locale)
        elif letter is not None or _for_desk(stored, entry):
            return self._at_desk(stored, address, letter, entry, now)
        return self._conversations.talk(stored, address, entry, now)

    def _by_letter(
        self, stored: str | None, address: Address, letter: Letter | None, entry: Input, now: datetime
    ) -> TalkResult:
        """What an input leads to in a chat where nobody writes."""
        if address.channel == letters.REFERRALS:
            return self._in_referral(stored, address.chat, letter, entry, now)
        if address.channel == letters.SITES:
            return self._at_site(stored, address.chat, letter, now)
        if address.channel == letters.MEMBERS:
            return self._at_member(stored, address.chat, letter, now)
        if address.channel == letters.PERSONS:
            return _at_person(stored, letter, now)
        return self._on_wire(address.channel, letter, now)

    def apologise(self, stored: str | None, address: Address) -> Message:
        """What is said where an input was set aside because it could not be handled."""
        if address.channel in UNWRITTEN:
            return Message(None, {"event": "set_aside"})
        if stored is not None and _is_desk(stored):
            locale = Desk.model_validate_json(stored).locale
            return Message(self._common.text(locale, "set_aside"), {"event": "set_aside"}, locale=locale)
        return self._conversations.apologise(stored, address)

    def _in_referral(
        self, stored: str | None, reference: str, letter: Letter | None, entry: Input, now: datetime
    ) -> TalkResult:
        before = self._referrals.take(stored) if stored is not None else None
        move = Move(reference, self._rules, now, before)
        if letter is not None:
            course.receive(move, letter)
        elif isinstance(entry, TimerFired):
            course.fire(move, entry.timer)
        after = move.referral
        timers = tuple(TimerRow(alarm.timer, alarm.due) for alarm in move.alarms)
        steps = tuple(ReferralStep(reference, each.action, each.stage, each.by, each.detail) for each in move.record)
        kept = None if after is None else self._referrals.keep(after.model_dump_json(), after)
        state = "" if after is None else after.stage.value
        trial = "" if after is None else after.card.trial
        return TalkResult(kept, state, trial, (), (*timers, *letter_rows(move.posts, now)), steps=steps)

    def _at_site(self, stored: str | None, name: str, letter: Letter | None, now: datetime) -> TalkResult:
        room = SiteRoom() if stored is None else SiteRoom.model_validate_json(stored)
        posts: Sequence[Post] = ()
        if letter is not None:
            room, posts = rooms.at_site(room, letter, self._rules.book, name)
        return TalkResult(room.model_dump_json(), "open", "", (), letter_rows(posts, now))

    def _at_member(self, stored: str | None, digest: str, letter: Letter | None, now: datetime) -> TalkResult:
        member = None if stored is None else Member.model_validate_json(stored)
        posts: Sequence[Post] = ()
        if letter is not None:
            member, posts = rooms.at_member(digest, member, letter, now, self._rules.book)
        kept = None if member is None else member.model_dump_json()
        return TalkResult(kept, "" if member is None else member.state, "", (), letter_rows(posts, now))

    def _on_wire(self, channel: str, letter: Letter | None, now: datetime) -> TalkResult:
        """Carry a new card by e-mail, and every change to a webhook."""
        said: tuple[Message, ...] = ()
        if channel == "webhook":
            said = (hook(letter.card, now),) if isinstance(letter, CardShown) else ()
        elif isinstance(letter, CardShown) and letter.fresh:
            kind = "again" if letter.card.again else "new"
            said = (mail(self._common, letter.locale, kind, letter.card, letter.card.reference),)
        elif isinstance(letter, ReferralReminded):
            said = (mail(self._common, SOURCE_LANGUAGE, "reminded", None, letter.reference),)
        return TalkResult(_WIRE, "open", "", said)

    def _at_desk(
        self, stored: str | None, address: Address, letter: Letter | None, entry: Input, now: datetime
    ) -> TalkResult:
        """What an input to a chat of staff leads to, or one by which a chat becomes one."""
        chat = Chat(address.channel, address.chat)
        mine = self._desk(stored, address)
        at_bench = self._at_bench(stored, mine, address, letter, entry, now)
        if at_bench is not None:
            return at_bench
        work = Work(chat, mine)
        if letter is not None:
            desk.receive(work, letter)
        elif isinstance(entry, Joining):
            desk.join(work, entry)
        elif isinstance(entry, DeskAsked):
            return self._link_to_desk(stored, work, now)
        elif isinstance(entry, FiguresAsked):
            return self._ask_for_figures(stored, work, entry, now)
        elif isinstance(entry, FiguresDrawn):
            return self._show_figures(stored, work, entry, now)
        elif mine is not None:
            desk.take(work, mine, entry)
        elif not isinstance(entry, BenchTidied):
            work.say("not_staff")
        return self._settled(stored, work, now, joined=isinstance(letter, Joined))

    def _at_bench(  # noqa: PLR0913, PLR0917 - what a turn has
        self,
        stored: str | None,
        mine: Desk | None,
        address: Address,
        letter: Letter | None,
        entry: Input,
        now: datetime,
    ) -> TalkResult | None:
        """What an input for the bench of a staff chat leads to; None for any other."""
        if mine is None:  # a purge need not know the sites, and the chat may be one of theirs
            tidied = isinstance(entry, BenchTidied) and _is_desk(stored)
            return TalkResult(stored, MARK, "", ()) if tidied else None
        if letter is None and _for_bench(mine, entry):
            return self._benches.take(mine, address, entry, now)
        if isinstance(letter, Erased):
            return self._benches.forget(mine, address, letter)
        return self._benches.hear(mine, address, letter) if isinstance(letter, TeamNews) else None

    def _link_to_desk(self, stored: str | None, work: Work, now: datetime) -> TalkResult:
        """Say the link by which the member of this chat signs in at the desk. A group has no one member."""
        mine, link = work.desk, None
        if mine is None or not mine.joined or mine.group:
            work.say("not_staff")
        elif self._desk_url is None:
            work.say("link.none")
        else:
            code = secrets.token_urlsafe(CODE_BYTES)
            link = DeskLink(digest_of(code) or "", mine.staff.id, now + LINK_LIFETIME)
            work.say("link", text=f"{self._desk_url}#{code}")
        return replace(self._settled(stored, work, now, joined=False), link=link)

    def _ask_for_figures(self, stored: str | None, work: Work, asked: FiguresAsked, now: datetime) -> TalkResult:
        """Have the figures drawn that the member of this chat may have."""
        sites = sites_of(self._conversations.subjects)
        wanted = figures.wanted(work.desk, asked.site, sites)
        if isinstance(wanted, str):
            work.say(wanted, text=", ".join(sites))
            return self._settled(stored, work, now, joined=False)
        timer = TimerRow(FIGURES, now, wanted.model_dump_json())
        return replace(self._settled(stored, work, now, joined=False), timers=(timer,))

    def _show_figures(self, stored: str | None, work: Work, drawn: FiguresDrawn, now: datetime) -> TalkResult:
        """Say the figures; nothing where the chat may not have them any more."""
        result = self._settled(stored, work, now, joined=False)
        if work.desk is None or not figures.may_have(work.desk, drawn.site):
            return result
        return replace(result, messages=tuple(_figure(each, work.desk.locale) for each in drawn.figures))

    def _desk(self, stored: str | None, address: Address) -> Desk | None:
        """The staff chat that is stored; None where it is none, or the site file names it no more."""
        if stored is None or not stored.startswith(_DESK):
            return None
        kept = Desk.model_validate_json(stored)
        return kept if kept.joined or self._rules.book.names(address.channel, address.chat) else None

    def _settled(self, stored: str | None, work: Work, now: datetime, *, joined: bool) -> TalkResult:
        """The result of a staff chat's turn. A candidate's conversation stays as it was until the chat becomes one of staff."""
        after = work.desk
        locale = after.locale if after else SOURCE_LANGUAGE
        teller = DeskTeller(self._about, self._common, locale, topics=after.forum if after else False)
        said = tuple(_said(teller, work.chat, each) for each in work.said)
        timers = (TimerRow(NUDGE, None), TimerRow(RECHECK, None)) if joined and after else ()
        rows = (*timers, *letter_rows(work.posts, now))
        if after is not None:
            was_candidates = stored is not None and not stored.startswith(_DESK)
            return TalkResult(after.model_dump_json(), MARK, "", said, rows, clears=was_candidates)
        if stored is None or stored.startswith(_DESK):
            return TalkResult(None, "", "", said, rows)
        session = Session.model_validate_json(stored)
        return TalkResult(stored, session.state, session.trial, said, rows)

    def _about(self, trial: str) -> tuple[CompiledTrial, Catalogue]:
        subjects = self._conversations.subjects
        subject = subjects.get(trial) or next(iter(subjects.values()))
        return subject.setting.trial, subject.catalogue


def _at_person(stored: str | None, letter: Letter | None, now: datetime) -> TalkResult:
    """The chat of a person in a trial; nothing is kept of it where no request of theirs is open."""
    requests, posts = None if stored is None else Requests.model_validate_json(stored), list[Post]()
    if letter is not None:
        requests, posts = persons.at_person(requests, letter)
    kept, state = (None, "") if requests is None else (requests.model_dump_json(), "open")
    return TalkResult(kept, state, "", (), letter_rows(posts, now))


def _said(teller: DeskTeller, chat: Chat, shown: Shown) -> Message:
    """What is said in a staff chat. The pages of the desk look a referral up where it is kept: what a person may delete is
    not said there, only which referral it is about.
    """
    message = teller.tell(shown)
    if chat.channel == rooms.DESK and message.event.get("reference"):
        return replace(message, text=None, buttons=())
    return message


def _figure(drawn: FigureDrawn, locale: str) -> Message:
    """A figure with what it shows in words."""
    picture = base64.b64encode(drawn.picture or b"").decode("ascii")
    return Message(drawn.text, {"event": "figure_shown"}, locale=locale, session=MARK, picture=picture)


def _is_desk(stored: str | None) -> bool:
    """Whether a chat is one of staff."""
    return stored is not None and stored.startswith(_DESK)


def _for_bench(mine: Desk, entry: Input) -> bool:
    """Whether an input is one for the member's bench. An administrator has none but what is left of one: they see nobody's answers."""
    may = mine.staff.role is not Role.ADMINISTRATOR or isinstance(entry, BenchTidied)
    return may and bench.is_meant(mine.bench, entry, busy=bool(mine.mode))


def _for_desk(stored: str | None, entry: Input) -> bool:
    """Whether an input is a matter of staff."""
    pressed = isinstance(entry, ButtonPressed) and entry.session in (MARK, bench.MARK)
    return isinstance(entry, _OF_STAFF) or pressed or _is_desk(stored)
