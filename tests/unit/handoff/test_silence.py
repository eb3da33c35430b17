"""Silence takes nothing back: what becomes of a request, and of the way to its person, where the person says nothing more."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from bot.flows.handoff.moves import Rules
from bot.flows.inputs import Opened, Reply
from bot.ports import Address
from bot.services.handoff import HandOffs
from bot.services.talk import Conversations
from tests.post_office import ANA, PostOffice, book
from tests.talks import conversations

NUDGE = (ANA, "nudge")


@pytest.fixture
def office() -> PostOffice:
    """The chats, each conversation under an id of its own."""
    ids = (f"conversation {number}" for number in itertools.count())
    bot = Conversations(conversations().subjects, new_id=lambda: next(ids), at_hand=0)
    return PostOffice(bot=HandOffs(bot, Rules(book())))


def begin_anew(office: PostOffice) -> None:
    """The person drops the answers."""
    for _ in range(2):
        office.type(ANA, "restart")


def say_nothing(office: PostOffice) -> None:
    """Nothing is heard of the person until nothing more is set to happen."""
    while office.sessions[ANA] is not None and office.timers.get(NUDGE) is not None:
        office.fire(*NUDGE)
    office.now += dt.timedelta(days=40)


def reject(office: PostOffice, li: Address, reference: str) -> None:
    """The person is found not to be suitable."""
    office.press(li, "reject", reference)
    office.type(li, "no")


def given_up(office: PostOffice, li: Address, locale: str = "en") -> str:
    """The reference of a request that has ended, and after which the person began anew and said nothing more."""
    office.give(ANA, Opened(locale=locale))
    reference = office.screen()
    office.press(li, "claim", reference)
    reject(office, li, reference)
    begin_anew(office)
    say_nothing(office)
    assert office.sessions[ANA] is None
    return reference


@pytest.mark.parametrize("words", [("restart", "restart"), ("restart",), ("stop",), ("delete",), ("language",)])
def test_who_says_nothing_more_while_a_request_is_open_keeps_it(office: PostOffice, words: tuple[str, ...]) -> None:
    """They are reminded, the card stays as it is, and what the team writes comes."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    for word in words:
        office.type(ANA, word)
    told = len(office.said[li])
    say_nothing(office)
    assert office.session(ANA).referral == reference
    assert "expired" not in office.events(ANA)
    assert len(office.said[li]) == told
    office.press(li, "write", reference)
    office.type(li, "Can you come on Monday?")
    assert office.last(ANA, "team_wrote").event["text"] == "Can you come on Monday?"


def test_the_wait_begins_as_the_request_ends(office: PostOffice) -> None:
    """Who said nothing for long is not given up in the moment in which they hear of the end; and of it all the site keeps its part."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    begin_anew(office)
    say_nothing(office)
    reject(office, li, reference)
    assert office.events(ANA)[-2:] == ["team_done", "question_asked"]
    due = office.timers[NUDGE]
    assert due is not None
    assert due - office.now >= dt.timedelta(days=30)
    say_nothing(office)
    assert office.sessions[ANA] is None
    assert "The study team still keeps what you sent" in (office.last(ANA, "expired").text or "")
    assert office.sessions[Address("referral", reference)] is not None
    assert office.steps[-1].action == "reject"


def test_a_request_that_is_open_again_has_its_person_again(office: PostOffice) -> None:
    """Its conversation is gone: the person hears of it in their language before anything is written, and both can write."""
    li = office.join("1", "Li")
    reference = given_up(office, li, "es")
    first, *more = office.press(li, "undo", reference)
    heard = office.last(ANA, "team_reopened")
    assert reference in (heard.text or "")
    assert (heard.text or "").startswith("El equipo")
    assert {first.event["event"], *(each.event["event"] for each in more)} <= {"team_reopened", "card_shown"}
    office.press(li, "write", reference)
    office.type(li, "Hola")
    assert office.last(ANA, "team_wrote").event["text"] == "Hola"
    office.type(ANA, "Buenos días")
    assert "Buenos días" in (office.last(li, "desk.candidate_wrote").text or "")
    say_nothing(office)
    assert office.session(ANA).referral == reference


def test_who_deletes_what_was_opened_again_is_asked_about_it(office: PostOffice) -> None:
    """Also where the conversation was gone; and nothing of it is left."""
    li = office.join("1", "Li")
    reference = given_up(office, li)
    office.press(li, "undo", reference)
    (asked,) = office.type(ANA, "delete")
    assert reference in (asked.text or "")
    office.type(ANA, "delete")
    assert office.sessions[Address("referral", reference)] is None
    assert office.sessions[ANA] is None


def test_each_request_that_is_open_is_named_before_a_deletion(office: PostOffice) -> None:
    """One was opened again, and another one asked for since: both, in a conversation that knows the later alone by itself."""
    li = office.join("1", "Li")
    first = office.screen()
    office.press(li, "claim", first)
    reject(office, li, first)
    begin_anew(office)
    second = office.screen(reach="chat")
    office.press(li, "claim", second)
    office.press(li, "undo", first)
    (asked,) = office.type(ANA, "delete")
    assert {asked.event["reference"], *asked.event["others"]} == {first, second}
    assert all(each in (asked.text or "") for each in (first, second))
    office.type(ANA, "keep_going")
    reject(office, li, first)
    assert second in (office.last(ANA, "team_done").text or "")
    (asked,) = office.type(ANA, "delete")
    assert (asked.event["reference"], asked.event["others"]) == (second, [])


def test_of_two_that_are_open_the_one_that_wrote_is_answered(office: PostOffice) -> None:
    """What the person writes goes to whom they hear of last; and once that has ended, to the other one."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu")
    first = office.screen()
    office.press(li, "claim", first)
    reject(office, li, first)
    begin_anew(office)
    second = office.screen(reach="chat")
    office.press(wu, "claim", second)
    office.press(li, "undo", first)
    for member, reference, text in ((wu, second, "one"), (li, first, "two"), (wu, second, "three")):
        office.press(member, "write", reference)
        office.type(member, text)
        office.type(ANA, f"{text}, I read")
        assert f"{text}, I read" in (office.last(member, "desk.candidate_wrote").text or "")
    reject(office, wu, second)
    office.type(ANA, "and you?")
    assert "and you?" in (office.last(li, "desk.candidate_wrote").text or "")


def test_what_comes_after_a_deletion_is_not_told(office: PostOffice) -> None:
    """The team wrote as the person deleted all: nothing begins by it, and nothing is asked of the person."""
    li = office.join("1", "Li")
    reference = office.screen()
    office.press(li, "claim", reference)
    office.type(ANA, "delete")
    office.press(li, "write", reference)
    office._turn(li, Reply("Are you there?"))
    office._turn(ANA, Reply("delete"))
    office.carry()
    assert office.events(ANA)[-1] == "deleted"
