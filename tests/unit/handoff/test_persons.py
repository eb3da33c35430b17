"""One open referral per person and trial, also across conversations."""

from __future__ import annotations

import itertools

import pytest

from bot.flows.handoff import persons
from bot.flows.handoff.course import Rules
from bot.flows.handoff.people import Chat, Person
from bot.flows.inputs import Reply
from bot.flows.session import Reach
from bot.ports import Address
from bot.services.handoff import HandOffs
from bot.services.talk import Conversations
from tests.post_office import ANA, PostOffice, book
from tests.talks import conversations

AGAIN = Address("web", "again")


@pytest.fixture
def office() -> PostOffice:
    """The chats."""
    ids = (f"conversation {number}" for number in itertools.count())
    bot = Conversations(conversations().subjects, new_id=lambda: next(ids), at_hand=0)
    return PostOffice(bot=HandOffs(bot, Rules(book())))


def course(office: PostOffice, reference: str) -> list[tuple[str, str, str]]:
    """What is on record of a referral: actions, stages and details."""
    return [(each.action, each.stage, each.detail) for each in office.steps if each.reference == reference]


def test_a_second_request_with_the_same_contact_finds_the_first(office: PostOffice) -> None:
    """It is closed, no desk sees it, and it is on record at the first one; the first goes on as it was."""
    li = office.join("1", "Li")
    first = office.screen()
    second = office.screen(AGAIN)
    assert first != second
    assert course(office, second) == [("repeat", "closed", first)]
    assert course(office, first) == [("ask", "requested", "")]
    assert [each.event["reference"] for each in office.said[li] if each.event["event"] == "card_shown"] == [first]
    office.press(li, "claim", first)
    assert office.events(ANA)[-1] == "team_saw"


def test_the_second_chat_learns_nothing_of_the_first(office: PostOffice) -> None:
    """Somebody else may have typed the contact: neither reference nor messages are told there, none is passed on."""
    li = office.join("1", "Li")
    first = office.screen()
    office.screen(AGAIN)
    told = office.last(AGAIN, "team_has_first")
    assert told.event == {"event": "team_has_first"}
    assert first not in (told.text or "")
    office.press(li, "claim", first)
    office.press(li, "write", first)
    office.type(li, "Good morning")
    assert office.events(AGAIN)[-1] == "team_has_first"
    assert "passed_on" not in [each.event["event"] for each in office.type(AGAIN, "hello?")]


@pytest.mark.parametrize("end", ["end", "delete"])
def test_once_the_first_has_ended_the_person_may_ask_again(office: PostOffice, end: str) -> None:
    """Whether the study team ended it, or the person took it back."""
    li = office.join("1", "Li")
    first = office.screen()
    if end == "end":
        office.press(li, "claim", first)
        office.press(li, "reject", first)
        office.type(li, "Not this time")
    else:
        office.type(ANA, "delete")
        office.type(ANA, "delete")
    second = office.screen(AGAIN)
    assert "team_has_first" not in office.events(AGAIN)
    assert office.last(li, "card_shown").event["reference"] == second


def test_a_repeat_cannot_be_claimed(office: PostOffice) -> None:
    """Whoever finds it at the desk is told that it has ended."""
    li = office.join("1", "Li")
    office.screen()
    second = office.screen(AGAIN)
    office.press(li, "claim", second)
    assert course(office, second)[-1][:2] == ("repeat", "closed")


def test_another_way_to_be_reached_frees_the_one_before(office: PostOffice) -> None:
    """The answers are renewed with a new contact: the old one may be another person's."""
    first = office.screen()
    for _ in range(2):
        office.type(ANA, "restart")
    assert office.screen(reach="+86 138 0013 8000") == first
    office.screen(AGAIN)
    assert "team_has_first" not in office.events(AGAIN)
    third = Address("web", "third")
    office.screen(third, reach="13800138000")
    assert office.events(third)[-1] == "team_has_first"


def test_an_end_that_is_undone_holds_the_person_again(office: PostOffice) -> None:
    """A request made after that is a repeat again."""
    li = office.join("1", "Li")
    first = office.screen()
    for word in ("claim", "reject"):
        office.press(li, word, first)
    office.type(li, "Not this time")
    office.press(li, "undo", first)
    office.screen(AGAIN)
    assert office.events(AGAIN)[-1] == "team_has_first"


def test_a_repeat_that_is_deleted_leaves_the_first_as_it_is(office: PostOffice) -> None:
    """The first one still stands in the way of a third."""
    office.screen()
    second = office.screen(AGAIN)
    for _ in range(2):
        office.give(AGAIN, Reply("delete"))
    assert course(office, second)[-1] == ("withdraw", "withdrawn", "")
    third = Address("web", "third")
    office.screen(third)
    assert office.events(third)[-1] == "team_has_first"


@pytest.mark.parametrize(
    ("reach", "name"),
    [
        (Reach(kind="phone", detail="+8613800138000"), "small:phone:+8613800138000"),
        (Reach(kind="email", detail="Ana@Example.org"), "small:email:ana@example.org"),
        (Reach(kind="chat"), "small:chat:telegram:7"),
        (Reach(kind="site", detail="SZ-0042"), None),
    ],
)
def test_a_person_is_known_by_the_way_they_are_reached(reach: Reach, name: str | None) -> None:
    """In any chat and any spelling; whom only the site knows is not known here."""
    person = Person(name="Ana", reach=reach, chat=Chat("telegram", "7"), locale="en")
    assert persons.chat_of(person, "small") == (None if name is None else Chat("person", name))
