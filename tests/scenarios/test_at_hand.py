"""Sessions at hand save time and change nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.criteria.reading import Outcome, Reading, Reason, Role, Span
from bot.flows.inputs import Opened
from bot.flows.session import Session
from bot.services.at_hand import SessionsAtHand
from bot.services.talk import Conversations
from tests.talks import ELIGIBLE, Talk, about, answer_all, opened


def bot(at_hand: int) -> Conversations:
    """A bot with so many sessions at hand."""
    subject = about("4scar7u")
    return Conversations({subject.setting.trial.protocol.id: subject}, lambda: "a-conversation", at_hand)


def with_detours(talk: Talk) -> None:
    """Answer everything, with commands, a slip, a reply that must be made clear, and a change on the way."""
    talk.type("patient", "yes", "help", "34", "back", "35", "stop", "resume")
    talk.type("Hb 110 g/L; ALT 30 U/L", "yes", "restart", "no", "nonsense", "review", "continue", "male")


@pytest.mark.parametrize("follow", [with_detours, lambda talk: answer_all(talk, ELIGIBLE)], ids=["detours", "straight"])
def test_a_session_at_hand_says_and_stores_what_one_read_anew_does(follow: Callable[[Talk], object]) -> None:
    """The same inputs, with sessions at hand and without: every word and every stored text alike."""
    quick, slow = Talk(bot(8)), Talk(bot(0))
    for talk in (quick, slow):
        talk.give(Opened(locale="en"))
        follow(talk)
    assert quick.said == slow.said
    assert quick.stored == slow.stored


def test_a_session_at_hand_is_the_one_that_its_json_holds() -> None:
    """Whatever was written lately and is read again equals what its text says, and a changed text is read anew."""
    talk = Talk(bot(0))
    talk.give(Opened(locale="en"))
    answer_all(talk, ELIGIBLE)
    sessions = SessionsAtHand(1)
    stored = sessions.dump(talk.session)
    changed = (
        stored.replace('"locale":"en"', '"locale":"es"') if '"locale"' in stored else stored[:-1] + ',"locale":"es"}'
    )
    assert sessions.load(changed).locale == "es"
    assert sessions.load(stored) == talk.session


def test_no_more_sessions_are_at_hand_than_are_allowed() -> None:
    """The oldest is let go; it is read from its JSON then."""
    talk = Talk(bot(0))
    talk.give(Opened(locale="en"))
    sessions = SessionsAtHand(2)
    written = [talk.session.model_copy(update={"round": number}) for number in (2, 3, 4)]
    texts = [sessions.dump(session) for session in written]
    read = [sessions.load(text) for text in texts]
    assert read == written
    assert [one is other for one, other in zip(read, written, strict=True)] == [False, True, True]


def test_a_session_is_written_as_its_model_would_be() -> None:
    """With every kind of answer in it, and also where a reading says which part of it was taken for what."""
    talk = answer_all(opened(), ELIGIBLE | {"age": "1992-05-03", "ast": "30 U/L (15-40) H", "spo2": "unknown"})
    session = talk.session
    marked = Reading(" 7 ", Outcome.REJECTED, Reason.NOT_UNDERSTOOD, spans=(Span(1, 2, Role.UNREAD),))
    for _ in range(2):
        assert json.loads(session.dump()) == json.loads(session.model_dump_json(exclude_defaults=True))
        assert Session.model_validate_json(session.dump()) == session
        session.answers = {**session.answers, "cd7": marked}
    assert Session.model_validate_json(session.dump()).answers["cd7"].spans == marked.spans
    session.answers = {**session.answers, "cd7": replace(marked, spans=())}
    assert Session.model_validate_json(session.dump()).answers["cd7"].spans == ()
