"""Every pair of state and input: none raises, none leaves the person without an answer."""

from __future__ import annotations

import itertools

import pytest

from bot.flows.engine import PARTS
from bot.flows.inputs import (
    ButtonPressed,
    Command,
    CommandGiven,
    Input,
    Lapse,
    Lapsed,
    Opened,
    PhotoRead,
    Reply,
    TeamHeard,
    TimerFired,
)
from bot.flows.photographed import PhotoRow, PhotoSlip
from bot.flows.session import Session
from bot.flows.states import INTERRUPTIBLE, INTERRUPTIONS, TRANSITIONS, IllegalTransitionError, State, move
from bot.flows.timing import NUDGE, RECHECK
from bot.ports import Address, TalkResult
from tests.talks import ELIGIBLE, NOW, Talk, answer_all, conversations, opened

SLIP = "Hb 92 g/L\nAST 34 U/L\nALT 12"
BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.1))


def reach(state: State) -> Talk:
    """A conversation in that state, reached as a person would reach it."""
    if state is State.LANGUAGE:
        talk = Talk(conversations())
        talk.give(Opened())
        return talk
    talk = opened()
    if state is State.SLIP_DAY:
        talk.type("patient", "yes")
        talk.give(PhotoRead(PhotoSlip((PhotoRow(1, "Hemoglobin", "112", "g/L", "", "", BOX),))))
        talk.type("accept")
    elif state in REACHED_EARLY:
        talk.type("patient", *REACHED_EARLY[state])
    else:
        answer_all(talk, ELIGIBLE)
        talk.type(*REACHED_LATE[state])
    assert talk.session.state is state
    return talk


REACHED_EARLY: dict[State, tuple[str, ...]] = {
    State.CONSENT: (),
    State.DECLINED: ("no",),
    State.ASKING: ("yes",),
    State.CLARIFYING: ("yes", "8"),
    State.CONFIRMING: ("yes", "34", "male", "yes"),
    State.RULED_OUT: ("yes", "34", "male", "yes", "yes"),
    State.SLIP: ("yes", SLIP),
    State.SLIP_ROW: ("yes", SLIP, "row_ast"),
    State.STOPPED: ("yes", "stop"),
    State.RESTARTING: ("yes", "restart"),
    State.DELETING: ("yes", "delete"),
}
REACHED_LATE: dict[State, tuple[str, ...]] = {
    State.REVIEWING: (),
    State.CHANGING: ("change",),
    State.SITE: ("assess",),
    State.AGREEMENT: ("assess", "haikou"),
    State.NAME: ("assess", "haikou", "yes"),
    State.REACH: ("assess", "haikou", "yes", "Ana"),
    State.CONTACT: ("assess", "haikou", "yes", "Ana", "phone"),
    State.FINISHED: ("assess", "haikou", "yes", "Ana", "chat"),
}

INPUTS: list[Input] = [
    Opened(),
    Opened(locale="zh_Hans"),
    *(CommandGiven(command) for command in Command),
    *(
        Reply(text)
        for text in (
            "",
            "yes",
            "no",
            "1",
            "2",
            "99",
            "?",
            "返回",
            "blah blah",
            SLIP,
            "x" * 5000,
            "👍",
            "\x00",
            "%s {name}",
        )
    ),
    ButtonPressed("yes", 1),
    ButtonPressed("no such choice", 10_000),
    ButtonPressed("change.age", 1),
    ButtonPressed("change.nothing", 1),
]


ANA = Address("test", "ana")
REFERENCE = "2345-678-9AB"
NOT_SAID: list[Input] = [
    *(TimerFired(timer, NOW) for timer in (NUDGE, RECHECK)),
    *(Lapsed(lapse) for lapse in Lapse),
    *(TeamHeard(REFERENCE, news, "text") for news in ("seen", "message", "silent", "booked", "unbooked")),
    TeamHeard(REFERENCE, "seen", "", "4scar7u", "es"),
]
"""What happens to a person who says nothing, but the end of their request."""


def test_every_state_has_a_part_and_a_way_to_reach_it() -> None:
    """No state is forgotten, in the program or here."""
    assert set(PARTS) == set(State)
    assert {*REACHED_EARLY, *REACHED_LATE, State.LANGUAGE, State.SLIP_DAY} == set(State)


@pytest.mark.parametrize("state", list(State))
def test_every_input_is_answered_in_every_state(state: State) -> None:
    """Whatever happens, the bot says something, and says what it waits for."""
    stored = reach(state).stored
    for entry in INPUTS:
        talk = Talk(conversations(), stored)
        messages = talk.give(entry)
        assert any(message.text for message in messages), entry
        assert messages[-1].waiting is not None
        if talk.stored is None:
            assert messages[-1].event["event"] == "deleted"


def with_a_request(session: Session) -> str:
    """The conversation, stored as it is where a request was open before it began anew."""
    return session.model_copy(update={"referral": REFERENCE}).dump()


@pytest.mark.parametrize("state", list(State))
def test_who_says_nothing_while_a_request_is_open_is_not_given_up(state: State) -> None:
    """Whatever happens without them, however often, the conversation stays, and knows of the request."""
    stored: str | None = with_a_request(reach(state).session)
    for entry in (each for _ in range(4) for each in NOT_SAID):
        result = conversations().talk(stored, ANA, entry, NOW)
        assert result.session is not None, entry
        stored = result.session
    assert Session.model_validate_json(stored or "").referral == REFERENCE


@pytest.mark.parametrize("state", list(State))
def test_only_the_word_of_the_person_takes_a_request_back(state: State) -> None:
    """Nothing else withdraws what the site has: no other input, and no end of the wait where no request is open."""
    session = reach(state).session
    for stored in (session.dump(), with_a_request(session)):
        for entry in (*INPUTS, *NOT_SAID):
            result = conversations().talk(stored, ANA, entry, NOW)
            assert result.withdraws == ("deleted" in _events(result)), entry
    given_up: str | None = session.dump()
    for _ in range(3):
        result = conversations().talk(given_up, ANA, TimerFired(NUDGE, NOW), NOW)
        assert not result.withdraws
        given_up = result.session
        if given_up is None:
            break
    came_back = state in INTERRUPTIONS.values() and session.interrupted is State.FINISHED
    assert (given_up is None) == (state is not State.FINISHED and not came_back)


def _events(result: TalkResult) -> list[str]:
    return [message.event["event"] for message in result.messages]


@pytest.mark.parametrize("entry", INPUTS, ids=repr)
def test_where_a_conversation_was_gone_every_input_is_answered(entry: Input) -> None:
    """It begins with news of a request that is open again, and holds no answer."""
    talk = Talk(conversations())
    talk.give(TeamHeard(REFERENCE, "seen", "", "4scar7u", "en"))
    (said, *_) = talk.said
    assert REFERENCE in (said.text or "")
    assert talk.session.state is State.FINISHED
    messages = talk.give(entry)
    assert any(message.text for message in messages)
    assert talk.session.referral == REFERENCE


@pytest.mark.parametrize("news", ["seen", "message", "silent", "booked", "unbooked", "ended"])
def test_late_news_begins_no_conversation(news: str) -> None:
    """Of a request that its person has taken back nothing is told, and nothing is asked."""
    talk = Talk(conversations())
    assert talk.give(TeamHeard(REFERENCE, news, "text")) == ()  # type: ignore[arg-type] # one of those that there are
    assert talk.session.referral is None
    assert talk.type("hello").waiting.state is State.LANGUAGE


@pytest.mark.parametrize("state", list(State))
def test_every_choice_that_is_offered_is_taken(state: State) -> None:
    """A button that is shown does something: no choice is answered as not understood or stale."""
    talk = reach(state)
    step = talk.waiting.step if talk.said[-1].waiting else 0
    for choice in [button.id for button in talk.waiting.choices]:
        again = Talk(conversations(), talk.stored)
        events = [message.event["event"] for message in again.give(ButtonPressed(choice, step))]
        assert not {"not_understood", "button_stale", "reply_rejected"} & set(events), choice


@pytest.mark.parametrize("state", list(State))
def test_choices_can_be_named_by_number_id_and_label(state: State) -> None:
    """In states without a question, all three name the same choice."""
    talk = reach(state)
    if talk.waiting.question is not None or state is State.SLIP_ROW:
        return
    for number, button in enumerate(talk.waiting.choices, 1):
        outcomes = []
        for text in (str(number), button.id, button.label, button.label.upper()):
            again = Talk(conversations(), talk.stored)
            outcomes.append([message.event for message in again.give(Reply(text))])
        assert all(outcome == outcomes[0] for outcome in outcomes), button.id


@pytest.mark.parametrize("first", [state for state in State if state is not State.LANGUAGE])
def test_an_interruption_comes_back_to_where_it_was(first: State) -> None:
    """Stopping, asking for another language, and asking to restart or delete lose nothing."""
    before = reach(first).session
    for command in (Command.STOP, Command.LANGUAGE, Command.RESTART, Command.DELETE):
        talk = Talk(conversations(), before.dump())
        talk.give(CommandGiven(command))
        talk.give(CommandGiven(Command.BACK))
        after = talk.session
        expected = before.interrupted if before.interrupted is not None else before.state
        assert (after.state, after.question, after.answers) == (expected, before.question, before.answers)


def test_the_table_knows_every_move_and_refuses_all_others() -> None:
    """Each pair of state and trigger leads where the table says, or raises and names both."""
    table = {(way.trigger, way.source): way.dest for way in TRANSITIONS}
    assert len(table) == len(TRANSITIONS)
    for trigger, state in itertools.product({way.trigger for way in TRANSITIONS}, State):
        if (trigger, state) in table:
            assert move(state, trigger) is table[trigger, state]
        else:
            with pytest.raises(IllegalTransitionError, match=f"'{trigger}'.*'{state}'"):
                move(state, trigger)


def test_every_state_can_be_stopped_and_deleted() -> None:
    """No state is a trap."""
    for state in {*INTERRUPTIBLE, *INTERRUPTIONS.values()}:
        assert move(state, "stop") is State.STOPPED
        assert move(state, "ask_deletion") is State.DELETING
