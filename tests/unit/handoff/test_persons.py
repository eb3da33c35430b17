"""One open referral per person and trial, also across conversations; and no conversation tells which it is."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from bot.criteria.protocol import Respondent
from bot.flows.handoff import persons
from bot.flows.handoff.letters import Asked, Placed, Post, Released, referral
from bot.flows.handoff.moves import Rules
from bot.flows.handoff.people import Card, Chat, Person
from bot.flows.handoff.persons import Requests
from bot.flows.session import Reach
from bot.ports import Address
from bot.services.handoff import HandOffs
from bot.services.talk import Conversations
from bot.storage.verifying import follows
from tests.post_office import ANA, PostOffice, book
from tests.talks import conversations

BEN = Address("web", "ben")
CAI = Address("web", "cai")


CARD = Card(
    reference="R",
    trial="small",
    trial_version="1",
    site="beijing",
    respondent=Respondent.PATIENT,
    locale="en",
    today=dt.date(2026, 11, 22),
    requested_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    answers={},
)


@pytest.fixture
def office() -> PostOffice:
    """The chats, each conversation under an id of its own."""
    ids = (f"conversation {number}" for number in itertools.count())
    bot = Conversations(conversations().subjects, new_id=lambda: next(ids), at_hand=0)
    return PostOffice(bot=HandOffs(bot, Rules(book())))


def course(office: PostOffice, reference: str) -> list[tuple[str, str]]:
    """What is on record of a referral: actions and stages. Each follows from the one before."""
    steps = [(each.action, each.stage) for each in office.steps if each.reference == reference]
    assert follows(steps), steps
    return steps


def stage(office: PostOffice, reference: str) -> str:
    """How a referral stands now."""
    steps = course(office, reference)
    return steps[-1][1] if steps else "requested"


def card(office: PostOffice, chat: Address) -> str:
    """The last card in a chat of staff."""
    return office.last(chat, "card_shown").text or ""


def shown(office: PostOffice, chat: Address) -> set[str]:
    """The referrals of which a chat of staff was shown a card."""
    return {each.event["reference"] for each in office.said[chat] if each.event["event"] == "card_shown"}


def delete(office: PostOffice, address: Address) -> None:
    """A person deletes everything."""
    for _ in range(2):
        office.type(address, "delete")


def end(office: PostOffice, li: Address, reference: str) -> None:
    """The coordinator ends a referral that is theirs."""
    office.press(li, "reject", reference)
    office.type(li, "not this time")


# --- what the study team sees


def test_who_asks_again_in_another_conversation_is_one_referral(office: PostOffice) -> None:
    """The first card says so, with what matters to act; the second request is on no card, and on record at both."""
    li, wu = office.join("1", "Li"), office.join("2", "Wu", site="beijing")
    first = office.screen()
    second = office.screen(BEN, site="beijing", reach="ANA@example.org", cd7="unknown")
    assert shown(office, li) == {first}
    assert not shown(office, wu)
    assert (
        "Asked again on November 22, 2026 in another conversation, with the same contact: some points open. "
        "Site wished there: Beijing" in card(office, li)
    )
    assert office.last(li, "card_shown").event["again"] == 1
    assert course(office, second) == [("repeat", "repeated")]
    assert course(office, first) == [("ask", "requested")]
    assert [each.detail for each in office.steps] == [first, second]


def test_the_coordinator_calls_one_person_once(office: PostOffice) -> None:
    """One claim is enough, and of the second request there is nothing to claim or to remind of."""
    li = office.join("1", "Li")
    first = office.screen()
    second = office.screen(BEN)
    assert office.press(li, "claim", second)[0].event["event"] == "desk.refused.ended"
    office.press(li, "claim", first)
    assert office.events(li).count("contact_shown") == 1
    assert office.timers[Address("referral", second), "remind"] is None


def test_a_card_tells_of_the_latest_requests_alone(office: PostOffice) -> None:
    """Whoever asks again and again fills no card."""
    li = office.join("1", "Li")
    office.screen()
    for number in range(5):
        office.screen(Address("web", str(number)))
    assert card(office, li).count("Asked again on") == 3
    assert card(office, li).count("one call is enough") == 1
    assert office.last(li, "card_shown").event["again"] == 5


def test_an_e_mail_says_that_it_is_no_new_referral(office: PostOffice) -> None:
    """Under the first reference, and without the second."""
    first, second = office.screen(site="shenzhen"), office.screen(BEN, site="shenzhen")
    new, again = office.said[Address("mail", "desk@example.org")]
    assert (new.event["subject"], again.event["subject"]) == (f"New referral {first}", f"Referral {first}: asked again")
    assert second not in f"{again.text}{again.event}"


def test_other_answers_to_the_second_request_are_told_in_its_place(office: PostOffice) -> None:
    """The person begins anew there while it is open: the card says what came of it last."""
    li = office.join("1", "Li")
    office.screen()
    second = office.screen(BEN)
    for _ in range(2):
        office.type(BEN, "restart")
    assert office.screen(BEN, cd7="unknown") == second
    assert card(office, li).count("Asked again on") == 1
    assert "some points open" in card(office, li)


# --- what either conversation hears


def heard(office: PostOffice, address: Address) -> list[tuple[str, str, tuple[str, ...]]]:
    """All that was said in a conversation, with its buttons and without its reference."""
    reference = office.session(address).reference or ""
    return [
        (each.event["event"], (each.text or "").replace(reference, "REFERENCE"), tuple(b.label for b in each.buttons))
        for each in office.said[address]
    ]


@pytest.mark.parametrize("last", ["enrol", "reject"])
def test_no_conversation_tells_whether_it_was_the_first(last: str) -> None:
    """Message by message, a conversation about a contact that is on record already goes like one about a new contact."""
    told = []
    for before in (False, True):
        ids = (f"conversation {number}" for number in itertools.count())
        talking = Conversations(conversations().subjects, new_id=lambda ids=ids: next(ids), at_hand=0)  # type: ignore[misc]
        office = PostOffice(bot=HandOffs(talking, Rules(book())))
        li = office.join("1", "Li")
        first = office.screen(ANA) if before else None
        reference = office.screen(BEN)
        office.press(li, "claim", first or reference)
        office.type(BEN, "When do you call?")
        office.press(li, "contact", first or reference)
        office.press(li, last, first or reference)
        if last == "reject":
            office.type(li, "not this time")
        else:
            office.press(li, "book", first or reference)
            end(office, li, first or reference)
        office.type(BEN, "Are you there?")
        told.append([each for each in heard(office, BEN) if each[0] != "team_booked"])
    assert told[0] == told[1]
    assert [each[0] for each in told[0]][-6:-1] == ["ended", "team_saw", "passed_on", "team_done", "not_understood"]


def test_neither_conversation_hears_a_word_of_the_other(office: PostOffice) -> None:
    """What the team writes goes to the first alone; what is written in the second reaches the team, marked as such."""
    li = office.join("1", "Li")
    first = office.screen()
    second = office.screen(BEN)
    office.press(li, "claim", first)
    office.press(li, "write", first)
    office.type(li, "Good morning, Ana")
    office.type(BEN, "Is it about me?")
    told = office.said[li][-1]
    assert told.event["event"] == "desk.candidate_wrote.later"
    assert "another conversation with the same contact:\nIs it about me?" in (told.text or "")
    assert [button.id for button in told.buttons] == [f"write.{first}"]
    texts = {address: " ".join(each.text or "" for each in office.said[address]) for address in (ANA, BEN)}
    assert "Good morning" in texts[ANA]
    assert "Good morning" not in texts[BEN]
    assert first not in texts[BEN]
    assert second not in texts[ANA]
    assert "team_wrote" not in office.events(BEN)


def test_who_asks_after_the_claim_hears_of_the_next_thing_that_is_done(office: PostOffice) -> None:
    """At once would tell that a referral was there; never would leave them in the dark."""
    li = office.join("1", "Li")
    first = office.screen()
    office.press(li, "claim", first)
    office.screen(BEN)
    assert office.events(BEN)[-1] == "ended"
    office.press(li, "look", first)
    assert office.events(BEN)[-1] == "team_saw"
    office.press(li, "look", first)
    assert office.events(BEN).count("team_saw") == 1


def test_who_asks_before_it_is_handed_back_hears_of_the_next_claim(office: PostOffice) -> None:
    """Nobody has it in between; the time after which they hear that nobody answers begins anew."""
    li = office.join("1", "Li")
    first = office.screen()
    office.press(li, "claim", first)
    second = Address("referral", office.screen(BEN))
    before = office.timers[second, "silence"]
    office.now += dt.timedelta(days=3)
    office.press(li, "undo", first)
    assert office.events(BEN)[-1] == "ended"
    after = office.timers[second, "silence"]
    assert before is not None
    assert after is not None
    assert after > before
    office.press(li, "claim", first)
    assert office.events(BEN)[-1] == "team_saw"


def test_who_asks_just_before_the_end_hears_that_it_was_seen_and_has_ended(office: PostOffice) -> None:
    """In this order, as everybody does."""
    li = office.join("1", "Li")
    first = office.screen()
    office.press(li, "claim", first)
    second = office.screen(BEN)
    end(office, li, first)
    assert office.events(BEN)[-2:] == ["team_saw", "team_done"]
    assert course(office, second) == [("repeat", "repeated"), ("follow", "closed")]


@pytest.mark.parametrize("acts", [False, True])
def test_where_nobody_acts_the_second_conversation_hears_it_at_its_own_time(office: PostOffice, acts: bool) -> None:
    """Two office days after its own request, unless the team has been in touch with the person since."""
    li = office.join("1", "Li")
    first = office.screen()
    second = Address("referral", office.screen(BEN))
    if acts:
        for word in ("claim", "contact"):
            office.press(li, word, first)
        assert office.timers[second, "silence"] is None
    else:
        office.fire(second, "silence")
        assert office.events(BEN)[-1] == "team_silent"
        assert "team_silent" not in office.events(ANA)


# --- what becomes of the second when the first ends, or is gone


def test_once_the_first_has_ended_the_person_may_ask_again(office: PostOffice) -> None:
    """In the conversation that followed it, or in a third one: that is a new referral."""
    li = office.join("1", "Li")
    first = office.screen()
    second = office.screen(BEN)
    office.press(li, "claim", first)
    end(office, li, first)
    for _ in range(2):
        office.type(BEN, "restart")
    anew = office.screen(BEN)
    assert shown(office, li) == {first, anew}
    assert (stage(office, second), stage(office, anew)) == ("closed", "requested")
    assert stage(office, office.screen(CAI)) == "repeated"


def test_when_the_first_is_deleted_the_second_becomes_the_open_one(office: PostOffice) -> None:
    """With a card of its own; the third follows it; what was typed meanwhile reaches the one who claims it."""
    li = office.join("1", "Li")
    first, second, third = office.screen(), office.screen(BEN), office.screen(CAI)
    office.press(li, "claim", first)
    office.type(BEN, "Please call after six")
    delete(office, ANA)
    assert shown(office, li) == {first, second}
    assert "Asked again on" in card(office, li)
    assert course(office, second) == [("repeat", "repeated"), ("promote", "requested"), ("ask", "requested")]
    assert stage(office, third) == "repeated"
    office.type(BEN, "Or tomorrow")
    office.press(li, "claim", second)
    heard = [each.text for each in office.said[li] if each.event["event"] == "desk.candidate_wrote"]
    assert heard == [f"Message about {second}:\n{text}" for text in ("Please call after six", "Or tomorrow")]
    assert office.events(BEN).count("team_saw") == 1
    assert office.timers[Address("referral", second), "remind"] is None


def test_the_second_taken_back_leaves_the_first_as_it_was(office: PostOffice) -> None:
    """The card tells no more that there was one; a third request follows the first."""
    li = office.join("1", "Li")
    first = office.screen()
    second = office.screen(BEN)
    office.press(li, "claim", first)
    office.type(BEN, "A word of Ben's")
    delete(office, BEN)
    assert stage(office, second) == "withdrawn"
    assert "Asked again" not in card(office, li)
    assert "A word of Ben's" not in (office.sessions[Address("referral", first)] or "")
    assert shown(office, li) == {first}
    assert stage(office, office.screen(CAI)) == "repeated"


def test_an_end_that_is_undone_holds_all_of_them_again(office: PostOffice) -> None:
    """Both conversations hear that the team has the request after all."""
    li = office.join("1", "Li")
    first = office.screen()
    second = office.screen(BEN)
    office.press(li, "claim", first)
    end(office, li, first)
    office.press(li, "undo", first)
    assert office.events(ANA)[-1] == office.events(BEN)[-1] == "team_saw"
    assert stage(office, second) == "repeated"
    end(office, li, first)
    assert office.events(BEN)[-1] == "team_done"
    assert stage(office, office.screen(CAI)) == "requested"


def test_an_end_undone_after_a_new_request_joins_that_one(office: PostOffice) -> None:
    """There is one open referral all the same: the card says where it goes on."""
    li = office.join("1", "Li")
    first = office.screen()
    office.press(li, "claim", first)
    end(office, li, first)
    second = office.screen(BEN)
    office.press(li, "undo", first)
    assert stage(office, first) == "repeated"
    told = [
        each for each in office.said[li] if each.event["event"] == "card_shown" and each.event["reference"] == first
    ]
    assert told[-1].text == f"Referral {first}: the same contact has referral {second} already. Please go on there."
    assert not told[-1].buttons
    assert "Asked again on" in card(office, li)


def test_a_word_goes_with_its_conversation_also_where_its_first_became_a_repeat(office: PostOffice) -> None:
    """Both follow a third by then, and only that one is told of the deletion."""
    li = office.join("1", "Li")
    first = office.screen()
    office.screen(BEN)
    office.press(li, "claim", first)
    office.type(BEN, "A word of Ben's")
    end(office, li, first)
    office.screen(CAI)
    office.press(li, "undo", first)
    delete(office, BEN)
    assert not any("A word of Ben's" in (each or "") for each in office.sessions.values())


def test_an_answer_that_was_overtaken_leaves_nobody_unseen(office: PostOffice) -> None:
    """Told too late that one is the first which has ended since, or is gone: it is open all the same, at its site."""
    li = office.join("1", "Li")
    first = office.screen()
    office.press(li, "claim", first)
    end(office, li, first)
    second = office.screen(BEN)
    office.send(referral(second), Placed(first=first))
    assert stage(office, second) == "requested"
    office.send(referral(second), Placed(first="GONE-000-000"))
    assert stage(office, second) == "requested"
    assert second in shown(office, li)
    assert stage(office, office.screen(CAI)) == "repeated"


def test_a_later_request_told_of_a_repeat_follows_the_open_one(office: PostOffice) -> None:
    """The one that it was told of follows another itself."""
    li = office.join("1", "Li")
    first, second, third = office.screen(), office.screen(BEN), office.screen(CAI)
    office.send(referral(third), Placed(first=second))
    delete(office, ANA)
    assert shown(office, li) == {first, second}
    assert (stage(office, second), stage(office, third)) == ("requested", "repeated")


# --- another contact


def test_another_contact_frees_those_who_gave_the_one_before(office: PostOffice) -> None:
    """The old one may be another person's: who asked with it is on their own, and the first goes on as it was."""
    li = office.join("1", "Li")
    first, second = office.screen(), office.screen(BEN)
    office.press(li, "claim", first)
    office.type(BEN, "A word of Ben's")
    for _ in range(2):
        office.type(ANA, "restart")
    assert office.screen(reach="+86 138 0013 8000") == first
    assert "A word of Ben's" not in (office.sessions[Address("referral", first)] or "")
    assert stage(office, first) == "received"
    assert stage(office, second) == "requested"
    assert "Asked again" not in card(office, li)
    assert stage(office, office.screen(CAI, reach="13800138000")) == "repeated"


def test_one_that_is_open_joins_another_by_its_new_contact(office: PostOffice) -> None:
    """Its card leads there; its conversation hears nothing of it."""
    li = office.join("1", "Li")
    first, second = office.screen(), office.screen(BEN, reach="ben@example.org")
    office.press(li, "claim", second)
    for _ in range(2):
        office.type(BEN, "restart")
    heard = len(office.said[BEN])
    office.screen(BEN)
    assert stage(office, second) == "repeated"
    assert office.last(li, "card_shown").event["reference"] == first
    assert [each.event["event"] for each in office.said[BEN][heard:]][-2:] == ["referral_requested", "ended"]
    assert office.timers[Address("referral", second), "remind"] is None


def test_one_that_follows_is_freed_by_its_new_contact(office: PostOffice) -> None:
    """It was a slip of the finger: now it is a referral like any other."""
    li = office.join("1", "Li")
    first, second = office.screen(), office.screen(BEN)
    for _ in range(2):
        office.type(BEN, "restart")
    office.screen(BEN, reach="ben@example.org")
    assert stage(office, second) == "requested"
    assert shown(office, li) == {first, second}
    office.press(li, "look", first)
    assert "Asked again" not in card(office, li)


def test_two_patients_of_a_site_are_never_one() -> None:
    """Codes that a site gives are known there alone, and may be given twice."""
    person = Person(name=None, reach=Reach(kind="site", detail="SZ-7"), chat=Chat("telegram", "7"), locale="en")
    assert persons.chat_of(person, CARD) is None


def test_patients_for_whom_staff_answer_in_a_chat_are_never_one() -> None:
    """The chat is the member's, whoever the patient is."""
    person = Person(name=None, reach=Reach(kind="chat"), chat=Chat("telegram", "7"), locale="en")
    assert persons.chat_of(person, CARD.model_copy(update={"respondent": Respondent.STAFF})) is None


# --- the chat of a person


@pytest.mark.parametrize(
    ("reach", "name"),
    [
        (Reach(kind="phone", detail="+8613800138000"), "small:phone:+8613800138000"),
        (Reach(kind="email", detail="Ana@Example.org"), "small:email:ana@example.org"),
        (Reach(kind="chat"), "small:chat:telegram:7"),
    ],
)
def test_a_person_is_known_by_the_way_they_are_reached(reach: Reach, name: str) -> None:
    """In any conversation and any spelling."""
    person = Person(name="Ana", reach=reach, chat=Chat("telegram", "7"), locale="en")
    assert persons.chat_of(person, CARD) == Chat("person", name)


def test_a_person_has_a_first_request_while_there_is_any() -> None:
    """Whatever order requests come and go in, the one that waits longest becomes the first, once."""
    one, posts = persons.at_person(None, Asked(reference="A"))
    assert (one, posts) == (Requests(first="A"), [Post(referral("A"), Placed(first=None))])
    two, posts = persons.at_person(one, Asked(reference="B"))
    assert (two, posts) == (Requests(first="A", later=("B",)), [Post(referral("B"), Placed(first="A"))])
    three, _ = persons.at_person(two, Asked(reference="C"))
    left, posts = persons.at_person(three, Released(reference="A", later=("B",), ended=False))
    assert left == Requests(first="B", later=("C",))
    assert posts == [Post(referral("B"), Placed(first=None)), Post(referral("C"), Placed(first="B"))]
    last, posts = persons.at_person(left, Released(reference="B", later=("C",), ended=True))
    assert (last, posts) == (None, [])
    assert persons.at_person(last, Released(reference="B", ended=True)) == (None, [])


def test_whoever_has_gone_is_not_brought_back_by_the_one_they_followed() -> None:
    """A referral that ends before it heard of that names them still."""
    two = Requests(first="A", later=("B",))
    one, _ = persons.at_person(two, Released(reference="B"))
    assert persons.at_person(one, Released(reference="A", later=("B",))) == (None, [])
    assert persons.at_person(None, Released(reference="A", later=("B",))) == (None, [])


def test_who_asked_between_the_end_and_word_of_it_is_no_repeat() -> None:
    """The referral that ended did not know of them: theirs is the open one."""
    two = Requests(first="A", later=("B",))
    assert persons.at_person(two, Released(reference="A", ended=True)) == (
        Requests(first="B"),
        [Post(referral("B"), Placed(first=None))],
    )
