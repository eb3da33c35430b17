"""Photographed slips in the conversation: what is sure is taken at one tap, what is doubtful is asked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.flows.inputs import (
    PHOTO,
    ButtonPressed,
    Command,
    CommandGiven,
    Opened,
    PhotoRead,
    PhotoSent,
    PhotoUnreadable,
    Reply,
    TimerFired,
)
from bot.flows.photographed import Doubt, PhotoRow, PhotoSlip, Refusal
from bot.flows.photos import to_keep
from bot.services.talk import Conversations
from bot.speech.catalogue import languages
from tests.talks import ELIGIBLE, NOW, Talk, about, answer_all

BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.1))
DAY = dt.date(2026, 11, 18)


def row(number: int, name: str, value: str, unit: str, limits: str = "", *doubts: Doubt) -> PhotoRow:
    """A row as a reader of pictures gives it."""
    return PhotoRow(number, name, value, unit, limits, "", BOX, doubts)


ALT = row(1, "丙氨酸氨基转移酶 ALT", "30", "U/L", "9-50")
AST = row(2, "AST", "28", "U/L", "15-40")
UNSURE_BILIRUBIN = row(3, "Total bilirubin", "18.3", "umol/L", "3.4-20.5", Doubt.DECIMAL)
HEMOGLOBIN = row(4, "Hemoglobin", "112", "g/L", "130-175")
SLIP = PhotoSlip((ALT, AST, UNSURE_BILIRUBIN, HEMOGLOBIN), collected=DAY)


def talk_at(question: str, *, photos: bool = True) -> Talk:
    """A conversation in which that question is asked, by a bot that can read pictures."""
    subject = about("4scar7u")
    subject = replace(subject, setting=replace(subject.setting, photos=photos))
    talk = Talk(Conversations({"4scar7u": subject}, new_id=lambda: "a-conversation"))
    talk.give(Opened(locale="en"))
    for _ in range(60):
        if talk.waiting.question == question:
            return talk
        talk.type(ELIGIBLE[talk.waiting.question] if talk.waiting.question else talk.waiting.choices[0].id)
    raise AssertionError(f"{question} was never asked")


def tap(talk: Talk, choice: str) -> None:
    """Tap a button of what is waited for."""
    talk.give(ButtonPressed(choice, talk.waiting.step))


def test_a_read_slip_is_read_back_with_the_numbers_of_the_picture() -> None:
    """Each row of the table has its number in the picture, the day of the slip, and a mark where it is in doubt."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(SLIP))
    text = talk.said[-1].text or ""
    assert "✓ row 4, Hemoglobin" in text
    assert "? row 3, Total bilirubin" in text
    assert "November 18" in text or "18 Nov" in text or "Nov 18" in text
    rows = {each["question"]: each["number"] for each in talk.events("slip_read")[-1]["rows"]}
    assert rows == {"alt": 1, "ast": 2, "bilirubin": 3, "hemoglobin": 4}


def test_one_tap_takes_the_sure_rows_and_never_a_doubtful_one() -> None:
    """What is accepted is on record with the day of the slip; the doubtful value is asked for by its question."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(SLIP))
    tap(talk, "accept")
    answers = talk.session.answers
    assert {"alt", "ast", "hemoglobin"} <= set(answers)
    assert answers["hemoglobin"].observed_on == DAY
    assert answers["alt"].uln == 50
    assert "bilirubin" not in answers


def test_a_doubtful_row_is_taken_once_it_is_chosen() -> None:
    """The value that was seen stands on a button, beside the row as it was read."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(SLIP))
    tap(talk, "row_bilirubin")
    assert "row 3" in (talk.said[-1].text or "")
    assert talk.waiting.choices[0].label == "18.3 µmol/L"
    tap(talk, "reading_1")
    tap(talk, "accept")
    answer = talk.session.answers["bilirubin"]
    assert answer.reported is not None
    assert answer.reported.low is not None
    assert float(answer.reported.low) == 18.3
    assert answer.observed_on == DAY


def test_a_second_picture_settles_a_doubt() -> None:
    """A row that was doubtful is sure in the second picture, and then counts."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(SLIP))
    talk.give(PhotoRead(PhotoSlip((replace(UNSURE_BILIRUBIN, number=1, doubts=()),))))
    tap(talk, "accept")
    assert {"alt", "ast", "bilirubin", "hemoglobin"} <= set(talk.session.answers)


def test_a_second_picture_that_differs_is_asked_about() -> None:
    """Two sure readings that differ are both offered; neither counts until one is chosen."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(SLIP))
    talk.give(PhotoRead(PhotoSlip((replace(HEMOGLOBIN, number=1, value="172"),))))
    tap(talk, "row_hemoglobin")
    labels = [each.label for each in talk.waiting.choices]
    assert "112" in labels[0]
    assert "172" in labels[1]
    tap(talk, "table")
    tap(talk, "accept")
    assert "hemoglobin" not in talk.session.answers


def test_slips_of_two_days_are_not_one() -> None:
    """A value of another day is asked about, sure or not, and no day goes over to a value that it may not belong to."""
    later = row(1, "ALT", "300", "U/L", "9-50", Doubt.FAINT)
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(PhotoSlip((ALT,), collected=dt.date(2026, 10, 3))))
    talk.give(PhotoRead(PhotoSlip((later,), collected=dt.date(2026, 11, 20))))
    tap(talk, "row_alt")
    labels = [each.label for each in talk.waiting.choices]
    assert "30" in labels[0]
    assert "300" in labels[1]
    undated = talk_at("hemoglobin")
    undated.give(PhotoRead(PhotoSlip((ALT,))))
    undated.give(PhotoRead(PhotoSlip((later,), collected=dt.date(2026, 11, 20))))
    tap(undated, "accept")
    assert undated.session.state == "giving_slip_day"


def test_a_day_that_is_still_to_come_is_asked_for() -> None:
    """Misread, or the day of an appointment."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(replace(SLIP, collected=dt.date(2028, 1, 1))))
    tap(talk, "accept")
    assert talk.session.state == "giving_slip_day"


def test_a_doubtful_row_offers_all_that_it_can_be_and_to_type_it() -> None:
    """Each look's value is a button with its unit; after the last of them the row can be typed, and keeps its day."""
    talk = talk_at("hemoglobin")
    unsure = replace(UNSURE_BILIRUBIN, others=("13.3", "183", "18.3"))
    talk.give(PhotoRead(replace(SLIP, rows=(ALT, unsure))))
    tap(talk, "row_bilirubin")
    assert [each.label for each in talk.waiting.choices[:3]] == ["18.3 µmol/L", "13.3 µmol/L", "183 µmol/L"]
    tap(talk, "type")
    assert "Please write the value" in (talk.said[-1].text or "")
    talk.type("13.3 umol/L")
    tap(talk, "accept")
    answer = talk.session.answers["bilirubin"]
    assert answer.reported is not None
    assert float(answer.reported.low or 0) == 13.3
    assert answer.observed_on == DAY


def test_a_slip_without_a_day_is_asked_for_it_once() -> None:
    """All its rows get the day, those in doubt among them; nothing counts before."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(replace(SLIP, collected=None)))
    tap(talk, "accept")
    assert talk.session.state == "giving_slip_day"
    assert "hemoglobin" not in talk.session.answers
    talk.type("18 November 2026")
    assert {talk.session.answers[each].observed_on for each in ("alt", "ast", "hemoglobin")} == {DAY}
    assert len(talk.events("slip_day_asked")) == 1


def test_a_day_that_can_be_read_two_ways_is_chosen() -> None:
    """Neither is taken by itself, whether it stands on the slip or is typed; one that is to come is none."""
    talk = talk_at("hemoglobin")
    either = (dt.date(2026, 3, 10), dt.date(2026, 10, 3))
    talk.give(PhotoRead(replace(SLIP, collected=None, days=either)))
    tap(talk, "accept")
    assert [each.id for each in talk.waiting.choices] == ["reading_1", "reading_2", "unknown"]
    assert talk.events("slip_day_asked")[-1]["days"] == ["2026-03-10", "2026-10-03"]
    talk.type("05/06/2026", "2027-01-01")
    assert talk.session.state == "giving_slip_day"
    tap(talk, "reading_1")
    assert talk.session.answers["alt"].observed_on in {dt.date(2026, 5, 6), dt.date(2026, 6, 5)}


def test_a_day_that_is_not_known_keeps_no_value_back() -> None:
    """The values are used without it, and it is possible to go back to the table."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(replace(SLIP, collected=None)))
    tap(talk, "accept")
    talk.give(CommandGiven(Command.BACK))
    assert talk.session.state == "checking_slip"
    tap(talk, "accept")
    tap(talk, "unknown")
    assert talk.session.answers["hemoglobin"].observed_on is None


def test_pictures_wait_together_and_are_announced_once() -> None:
    """Two pictures in a row are one slip: the timer carries both, and the person is told once that they are read."""
    talk = talk_at("hemoglobin")
    told = talk.give(PhotoSent("file-1"))
    assert [each.event["event"] for each in told] == ["photo_awaited"]
    assert talk.give(PhotoSent("file-2")) == ()
    [timer] = [each for each in talk.alarms if each.timer == PHOTO]
    assert timer.due == NOW
    assert timer.payload == "file-1\nfile-2"
    talk.give(PhotoRead(SLIP, due=NOW))
    assert talk.session.photos == ()
    assert talk.session.state == "checking_slip"


def test_answers_go_on_while_a_picture_is_read() -> None:
    """What is typed meanwhile is taken, and the slip is read back after it."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoSent("file-1"))
    talk.type("110 g/L")
    assert "hemoglobin" in talk.session.answers
    talk.give(PhotoRead(SLIP, due=NOW))
    assert "you said before" in (talk.said[-1].text or "")


def test_a_picture_of_a_conversation_that_began_anew_is_dropped() -> None:
    """What comes of it changes nothing after a restart."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoSent("file-1"))
    talk.give(CommandGiven(Command.RESTART))
    tap(talk, "restart")
    before = talk.session
    assert talk.give(PhotoRead(SLIP, due=NOW)) == ()
    assert talk.session == before


@pytest.mark.parametrize("reason", [*Refusal, "not_fetched", "no_tests"])
def test_whoever_sends_what_cannot_be_read_is_told_what_to_do_and_asked_again(reason: str) -> None:
    """Every reason has its words in every language; the question stands as it was."""
    talk = talk_at("hemoglobin")
    for language in languages():
        talk.give(Opened(locale=language))
        talk.give(PhotoSent("file-1"))
        told = talk.give(PhotoUnreadable(reason, due=NOW))
        assert [each.event["event"] for each in told] == ["photo_not_read", "question_asked"]
        assert told[0].text
        assert "{" not in told[0].text


def test_of_a_picture_only_the_rows_that_are_asked_for_may_be_stored() -> None:
    """Neither other tests, nor lines beside them, nor where the person's name stands."""
    potassium = row(9, "Potassium", "4.1", "mmol/L", "3.5-5.3")
    slip = replace(SLIP, rows=(*SLIP.rows, potassium), date_text="Ward 7: 2026-11-18", name_boxes=(BOX,))
    assert to_keep(slip, about("4scar7u").setting, NOW) == SLIP


def test_a_slip_without_a_wanted_test_is_told_so() -> None:
    """A picture that could be read and has none of the trial's tests is not taken for a slip."""
    talk = talk_at("hemoglobin")
    told = talk.give(PhotoRead(PhotoSlip((row(1, "Potassium", "4.1", "mmol/L", "3.5-5.3"),))))
    assert told[0].event["reason"] == "no_tests"
    assert talk.waiting.question == "hemoglobin"


@pytest.mark.parametrize("entry", [PhotoSent("file-1"), PhotoRead(SLIP)])
def test_no_picture_is_read_before_the_person_has_agreed(entry: PhotoSent | PhotoRead) -> None:
    """Health data is not looked at before consent."""
    talk = talk_at("respondent")
    told = talk.give(entry)
    assert told[0].event == {"event": "photo_not_read", "reason": "not_now"}
    assert talk.session.slip == {}


def test_without_a_reader_a_picture_is_refused_as_before() -> None:
    """A bot that cannot read pictures says so, and asks again."""
    talk = talk_at("hemoglobin", photos=False)
    assert [each.event["event"] for each in talk.give(PhotoSent("file-1"))] == ["media_refused", "question_asked"]


def test_a_picture_left_to_a_bot_without_a_reader_is_refused() -> None:
    """The timer fires in a process that cannot read: the person is told, and nothing waits for ever."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoSent("file-1"))
    told = talk.give(TimerFired(PHOTO, NOW, "file-1"))
    assert told[0].event["reason"] == "not_installed"
    assert talk.session.photos == ()


def test_lines_that_could_not_be_read_are_told_of() -> None:
    """The person knows that the table is not the whole slip."""
    talk = talk_at("hemoglobin")
    told = talk.give(PhotoRead(replace(SLIP, unread=2)))
    assert told[0].event == {"event": "photo_gaps", "lines": 2}


def test_help_at_a_lab_question_offers_a_photograph_only_where_it_can_be_read() -> None:
    """The offer is made at measured values, by a bot that can read pictures."""
    for question, photos, offered in (("hemoglobin", True, 1), ("hemoglobin", False, 0), ("sex", True, 0)):
        talk = talk_at(question, photos=photos)
        talk.give(CommandGiven(Command.HELP))
        assert len(talk.events("photo_offered")) == offered


def test_a_whole_screening_from_a_photograph_comes_to_the_verdict() -> None:
    """The slip answers its questions; the rest is asked; the result is as if all had been typed."""
    talk = talk_at("spo2")
    creatinine = row(5, "Creatinine", "70", "umol/L", "57-97")
    talk.give(
        PhotoRead(PhotoSlip((ALT, AST, replace(UNSURE_BILIRUBIN, doubts=(), value="13.7"), HEMOGLOBIN, creatinine)))
    )
    tap(talk, "accept")
    answer_all(talk, ELIGIBLE)
    tap(talk, "assess")
    assert talk.events("assessed")[-1]["verdict"] == "likely_eligible"


def test_an_edited_message_and_a_typed_slip_still_work_beside_the_table() -> None:
    """A slip that is typed while the table of a picture stands replaces its rows, and their numbers."""
    talk = talk_at("hemoglobin")
    talk.give(PhotoRead(SLIP))
    talk.give(Reply("Hb 115 g/L\nALT 31 U/L"))
    assert all(each["number"] is None for each in talk.events("slip_read")[-1]["rows"])
