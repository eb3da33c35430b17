"""Referrals and letters at hand save time and change nothing."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from bot.flows.handoff.letters import LETTER as LETTERS
from bot.flows.handoff.moves import HandOff, Rules
from bot.flows.handoff.people import Card
from bot.flows.inputs import Input, TimerFired
from bot.ports import LETTER, Address, TalkResult, TimerRow
from bot.services.at_hand import AtHand
from bot.services.handoff import HandOffs
from bot.services.letters import opened
from tests.post_office import ANA, PostOffice, book
from tests.talks import conversations


class Doubting(HandOffs):
    """Every turn is made a second time, by a bot that has nothing at hand: it says, stores and sends the same."""

    def talk(self, stored: str | None, address: Address, entry: Input, now: dt.datetime) -> TalkResult:
        """What an input leads to, with what is at hand and without."""
        if isinstance(entry, TimerFired) and entry.timer.startswith(LETTER):
            assert opened(entry) == LETTERS.validate_json(entry.payload)
        slow = HandOffs(conversations(), self._rules, at_hand=0).talk(stored, address, entry, now)
        quick = super().talk(stored, address, entry, now)
        assert (quick.session, quick.messages, quick.steps) == (slow.session, slow.messages, slow.steps)
        assert _sent(quick.timers) == _sent(slow.timers)
        return quick


def _sent(rows: tuple[TimerRow, ...]) -> list[tuple[dt.datetime | None, str, Address | None]]:
    """The timers and letters but for the names, which are drawn."""
    return [(row.due, row.payload, row.of) for row in rows]


@pytest.fixture
def office() -> PostOffice:
    """The chats, with a bot that is looked after at every turn."""
    return PostOffice(bot=Doubting(conversations(), Rules(book())))


def test_a_referral_at_hand_goes_the_way_of_one_that_is_read_anew(office: PostOffice) -> None:
    """Through every kind of step: claimed, written about, taken back, asked for anew, withdrawn."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    reference = office.screen(ast="30 U/L (15-40) H", age="1992-05-03")
    for word in ("claim", "contact", "undo", "write"):
        office.press(li, word, reference)
    office.type(li, "Good morning")
    office.type(ANA, "Good morning to you")
    office.press(li, "note", reference)
    office.type(li, "call after six")
    assert office.press(wu, "claim", reference)[0].event["event"] == "desk.refused.taken"
    for _ in range(2):
        office.type(ANA, "restart")
    assert office.screen(hemoglobin="85 g/L") == reference
    for _ in range(2):
        office.type(ANA, "delete")
    assert office.sessions[Address("referral", reference)] is None


def test_a_referral_as_an_older_version_stored_it_is_read(office: PostOffice) -> None:
    """With every field of an answer written out, also those that hold nothing."""
    reference = office.screen()
    stored = office.sessions[Address("referral", reference)] or ""
    referral = HandOff.model_validate_json(stored)
    older = json.loads(stored)
    for each in older["card"]["answers"].values():
        each |= {"reason": None, "times_uln": None, "flags": [], "readings": [], "slip": None, "spans": []}
    assert HandOff.model_validate_json(json.dumps(older)) == referral
    assert Card.model_validate_json(referral.card.model_dump_json()) == referral.card
    assert referral.card.answers == office.session(ANA).answers


def test_what_is_let_go_is_read_anew() -> None:
    """Of what is at hand the oldest goes first; what is taken may be changed, and is not taken again."""
    read: list[str] = []

    def anew(stored: str) -> list[str]:
        read.append(stored)
        return [stored]

    at_hand = AtHand(anew, 2)
    for stored in ("a", "b", "c"):
        at_hand.keep(stored, [stored])
    assert [at_hand.take(stored) for stored in ("a", "b")] == [["a"], ["b"]]
    at_hand.take("c").append("changed")
    assert at_hand.take("c") == ["c"]
    assert read == ["a", "c"]
