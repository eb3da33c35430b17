"""What is sent for a message: text, buttons, and whether it may be passed on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from telegram import ForceReply, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.channels.telegram.rendering import Rendered, columns, render
from bot.channels.telegram.texts import LONGEST
from bot.speech.catalogue import Catalogue, languages
from bot.speech.message import Button, Message, Waiting
from tests.talks import ELIGIBLE, Talk, answer_all, opened

MARK = "a-conver"


def rendered(message: Message) -> Rendered:
    """What is sent for a message that is told."""
    sent = render(message, Catalogue())
    assert sent is not None
    return sent


def labels(sent: Rendered) -> list[list[str]]:
    """The buttons, row by row."""
    assert isinstance(sent.markup, InlineKeyboardMarkup)
    return [[button.text for button in row] for row in sent.markup.inline_keyboard]


def asked(labels_: tuple[str, ...], **waiting: Any) -> Message:
    """A question with these choices, which are called by their places."""
    choices = tuple(Button(f"c{place}", label) for place, label in enumerate(labels_, 1))
    waits = Waiting("asking", "cd7", choices, 7, **waiting)
    return Message("Which?", {"event": "question_asked"}, waits, session=MARK)


def test_what_is_not_told_is_not_sent() -> None:
    """An event without words makes no message."""
    assert render(Message(None, {"event": "kept"}), Catalogue()) is None


def test_short_choices_stand_side_by_side_long_ones_below_each_other() -> None:
    """In their order."""
    assert labels(rendered(asked(("Yes", "No", "I don't know")))) == [["Yes", "No", "I don't know"]]
    long = ("I am the patient", "I am a relative or a friend", "I work in health care")
    assert labels(rendered(asked(long))) == [[each] for each in long]


def test_choices_that_no_button_shows_whole_are_listed_and_numbered() -> None:
    """A phone would cut them."""
    sent = rendered(asked(("Needs help now and then, does most things alone", "No")))
    assert sent.texts == ("Which?\n\n1: Needs help now and then, does most things alone\n2: No",)
    assert labels(sent) == [["1", "2"]]


def test_a_list_whose_numbers_would_be_values_is_marked_by_values() -> None:
    """The button says what would be typed."""
    choices = (
        Button("90", "Normal life, with slight complaints that hardly matter"),
        Button("unknown", "I don't know"),
    )
    message = Message("Which?", {"event": "question_asked"}, Waiting("asking", "kps", choices, 7, numbered=False))
    sent = rendered(Message(message.text, message.event, message.waiting, session=MARK))
    assert sent.texts[0].endswith("\n\n90: Normal life, with slight complaints that hardly matter")
    assert labels(sent) == [["90", "I don't know"]]


def test_a_button_names_conversation_step_and_choice() -> None:
    """So that an old or foreign one is known as such."""
    markup = rendered(asked(("Yes",))).markup
    assert isinstance(markup, InlineKeyboardMarkup)
    assert markup.inline_keyboard[0][0].callback_data == f"{MARK}:7:c1"


@pytest.mark.parametrize("event", ["assessed", "review_shown", "referral_requested", "slip_read"])
def test_what_is_nobody_elses_cannot_be_passed_on(event: str) -> None:
    """Verdict, answers and reference are guarded; a question is not."""
    assert rendered(Message("Words", {"event": event})).guarded
    assert not rendered(Message("Words", {"event": "question_asked"})).guarded


def test_a_figure_that_was_not_read_opens_the_keyboard_with_a_hint() -> None:
    """The question's own buttons stay where they are."""
    waiting = Waiting("asking", "hemoglobin", (Button("unknown", "I don't know"),), 7, numeric=True)
    sent = rendered(Message("Please.", {"event": "reply_rejected"}, waiting, locale="es", session=MARK))
    assert sent.markup == ForceReply(input_field_placeholder="El número y su unidad")


def test_a_phone_number_can_be_shared() -> None:
    """With one tap; what stands beside it is typed."""
    waiting = Waiting("giving_contact", None, (Button("chat", "Here in this chat"),), 7)
    sent = rendered(Message("Number?", {"event": "contact_asked", "kind": "phone"}, waiting, session=MARK))
    assert isinstance(sent.markup, ReplyKeyboardMarkup)
    (share,), (chat,) = sent.markup.keyboard
    assert share.request_contact
    assert chat.text == "Here in this chat"


def test_an_e_mail_address_is_typed() -> None:
    """There is nothing to share; the other way is a button."""
    waiting = Waiting("giving_contact", None, (Button("chat", "Here in this chat"),), 7)
    sent = rendered(Message("Address?", {"event": "contact_asked", "kind": "email"}, waiting, session=MARK))
    assert labels(sent) == [["Here in this chat"]]


def test_a_long_text_has_its_buttons_under_the_last_piece() -> None:
    """In order, each within the limit."""
    waiting = Waiting("asking", "cd7", (Button("yes", "Yes"),), 7)
    sent = rendered(Message("A sentence. " * 800, {"event": "question_asked"}, waiting, session=MARK))
    assert len(sent.texts) == 3
    assert all(len(each) <= LONGEST for each in sent.texts)


@pytest.mark.parametrize("locale", languages())
def test_every_message_of_a_whole_screening_can_be_sent(locale: str) -> None:
    """In every language: texts that are not empty, data that fits, and steps that move."""
    talk: Talk = answer_all(opened(locale), ELIGIBLE, until=("finished",))
    sent = [rendered(message) for message in talk.said if message.text is not None]
    assert all(each.texts and all(each.texts) for each in sent)
    steps = [message.waiting.step for message in talk.said if message.waiting]
    assert all(before <= after for before, after in pairwise(steps))


def test_a_full_width_character_takes_two_columns() -> None:
    """As phones show it."""
    assert columns("中文ab") == 6
