"""Photographs of slips at the bench: nothing counts before it is taken, and no slip becomes somebody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.flows.handoff.people import Role
from bot.flows.inputs import PHOTO, BenchFilled, PhotoRead, PhotoSent, PhotoUnreadable, TimerFired
from bot.flows.photographed import Doubt, PhotoRow, PhotoSlip, Refusal
from bot.services.handoff import HandOffs
from bot.services.talk import Conversations
from bot.speech.catalogue import languages
from bot.speech.message import Message
from tests.post_office import PostOffice
from tests.talks import about
from tests.unit.flows.bench.test_working import Nurse, ids

BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.1))
DAY = dt.date(2026, 11, 18)
HEMOGLOBIN = PhotoRow(3, "Hemoglobin", "112", "g/L", "130-175", "", BOX)
ALT = PhotoRow(4, "ALT", "30", "U/L", "9-50", "", BOX)
UNSURE = PhotoRow(5, "Total bilirubin", "18.3", "umol/L", "3.4-20.5", "", BOX, (Doubt.DECIMAL,), ("13.3",))
SLIP = PhotoSlip((HEMOGLOBIN, ALT, UNSURE), collected=DAY)


def nurse_with(*, photos: bool) -> Nurse:
    """A member of staff of Haikou, whose bot reads pictures or does not; HK-012 is open."""
    office = PostOffice()
    subject = about("4scar7u")
    subject = replace(subject, setting=replace(subject.setting, photos=photos))
    office.bot = HandOffs(Conversations({"4scar7u": subject}, at_hand=0), office.bot._rules)
    nurse = Nurse(office, office.join("4", "Ma", Role.STAFF))
    nurse.type("/new HK-012")
    return nurse


@pytest.fixture
def nurse() -> Nurse:
    """A member of staff whose bot reads pictures."""
    return nurse_with(photos=True)


def sent(nurse: Nurse, slip: PhotoSlip = SLIP, caption: str = "") -> Message:
    """A picture of that slip is sent and read; what is said of it."""
    nurse.give(PhotoSent("file", caption=caption))
    return nurse.give(PhotoRead(slip, due=nurse.office.now, picture=b"numbered"))


def of_picture(nurse: Nurse, word: str, code: str = "HK-012") -> str:
    """The button of a picture's rows, as it stands on the latest screen of the candidate."""
    case = nurse.case(code)
    return f"{word}.{case.number}.{case.step}"


def test_rows_wait_on_the_screen_with_their_picture_until_they_are_taken(nurse: Nurse) -> None:
    """Numbered, marked and dated; no answer is on record before the tap, and the sure rows are after it."""
    screen = sent(nurse)
    assert "✓ row 3, Hemoglobin" in (screen.text or "")
    assert "? row 5, Total bilirubin" in (screen.text or "")
    assert screen.picture
    assert screen.anew
    assert set(nurse.case("HK-012").session.answers) == {"respondent"}
    assert screen.keys[0][0].label == "Use ✓ 3, 4"
    taken = nurse.tap(of_picture(nurse, "take"))
    assert "Read: Hemoglobin" in (taken.text or "")
    answers = nurse.case("HK-012").session.answers
    assert {each: answers[each].observed_on for each in ("hemoglobin", "alt")} == {"hemoglobin": DAY, "alt": DAY}
    assert nurse.case("HK-012").session.slip == {}


def test_a_doubtful_row_counts_once_it_is_chosen(nurse: Nurse) -> None:
    """All that it can be is offered; it is told as doubtful, with its number, and keeps its day."""
    sent(nurse)
    screen = nurse.tap(of_picture(nurse, "take"))
    assert "⚠ row 5, Total bilirubin" in (screen.text or "")
    assert "bilirubin" not in nurse.case("HK-012").session.answers
    assert {"mean.1.bilirubin.1", "mean.1.bilirubin.2"} <= ids(screen)
    nurse.tap("mean.1.bilirubin.2")
    answer = nurse.case("HK-012").session.answers["bilirubin"]
    assert (float((answer.reported and answer.reported.low) or 0), answer.observed_on) == (13.3, DAY)


def test_a_page_takes_a_doubtful_row_only_where_it_is_chosen_or_typed(nurse: Nurse) -> None:
    """By the id of its choice, as long as it has that; a field that is left empty settles nothing."""
    sent(nurse)
    nurse.tap(of_picture(nurse, "take"))
    nurse.give(BenchFilled(1, "", {"bilirubin": "", "kps": "90"}))
    assert "bilirubin" in nurse.case("HK-012").unclear
    nurse.give(BenchFilled(1, "", {"bilirubin": "reading_9"}))
    assert "bilirubin" in nurse.case("HK-012").unclear
    nurse.give(BenchFilled(1, "", {"bilirubin": "reading_1"}))
    answer = nurse.case("HK-012").session.answers["bilirubin"]
    assert (float((answer.reported and answer.reported.low) or 0), answer.observed_on) == (18.3, DAY)


def test_what_is_typed_takes_the_place_of_a_row_that_waits(nurse: Nurse) -> None:
    """A picture never changes what its member has typed since."""
    sent(nurse)
    nurse.type("Hb 118 g/L")
    nurse.tap(of_picture(nurse, "take"))
    answer = nurse.case("HK-012").session.answers["hemoglobin"]
    assert float((answer.reported and answer.reported.low) or 0) == 118


def test_a_picture_can_be_put_aside(nurse: Nurse) -> None:
    """Nothing of it is used."""
    sent(nurse)
    screen = nurse.tap(of_picture(nurse, "aside"))
    assert "row 3" not in (screen.text or "")
    assert set(nurse.case("HK-012").session.answers) == {"respondent"}


def test_a_slip_without_a_day_is_asked_for_it(nurse: Nurse) -> None:
    """It can be typed before the rows are taken; of one that can be read two ways each day is a button."""
    screen = sent(nurse, replace(SLIP, collected=None))
    assert "No day of the sample" in (screen.text or "")
    screen = nurse.type("2026-11-18")
    assert "No day of the sample" not in (screen.text or "")
    nurse.tap(of_picture(nurse, "take"))
    assert nurse.case("HK-012").session.answers["alt"].observed_on == DAY
    nurse.type("/new HK-013")
    either = (dt.date(2026, 3, 10), dt.date(2026, 10, 3))
    screen = sent(nurse, replace(SLIP, collected=None, days=either))
    take = of_picture(nurse, "take", "HK-013")
    assert {f"{take}.2026-03-10", f"{take}.2026-10-03", take} <= ids(screen)
    nurse.tap(f"{take}.2026-10-03")
    assert nurse.case("HK-013").session.answers["alt"].observed_on == either[1]


def test_a_day_that_is_to_come_takes_nothing(nurse: Nurse) -> None:
    """The rows go on waiting."""
    sent(nurse, replace(SLIP, collected=None))
    nurse.tap(f"{of_picture(nurse, 'take')}.2027-01-01")
    assert set(nurse.case("HK-012").session.answers) == {"respondent"}


@pytest.mark.parametrize("word", ["take", "aside"])
def test_a_button_of_an_earlier_picture_does_nothing_to_the_rows_of_a_later_one(nurse: Nurse, word: str) -> None:
    """Rows that no screen has read back are neither put on record, with whatever day, nor put aside: they are shown first."""
    either = (dt.date(2026, 3, 10), dt.date(2026, 10, 3))
    sent(nurse, replace(SLIP, collected=None, days=either))
    early = of_picture(nurse, word) + (".2026-03-10" if word == "take" else "")
    nurse.give(PhotoSent("file"))
    nurse.type("/new HK-013")
    later = replace(SLIP, rows=(replace(HEMOGLOBIN, value="71"),), collected=None)
    nurse.give(PhotoRead(later, due=nurse.office.now))
    for old in (early, f"{word}.1"):
        screen = nurse.tap(old)
        assert "row 3, Hemoglobin" in (screen.text or "")
        assert set(nurse.case("HK-012").session.answers) == {"respondent"}
        assert "hemoglobin" in nurse.case("HK-012").session.slip
    assert of_picture(nurse, word) in ids(screen)


def test_a_button_with_a_day_yields_to_the_day_that_was_typed_since(nurse: Nurse) -> None:
    """The rows stand with the typed day on the new screen, and wait for its button."""
    either = (dt.date(2026, 3, 10), dt.date(2026, 10, 3))
    sent(nurse, replace(SLIP, collected=None, days=either))
    early = f"{of_picture(nurse, 'take')}.2026-03-10"
    nurse.type("2026-11-18")
    nurse.tap(early)
    assert set(nurse.case("HK-012").session.answers) == {"respondent"}
    nurse.tap(of_picture(nurse, "take"))
    assert nurse.case("HK-012").session.answers["alt"].observed_on == DAY


def test_pictures_of_two_patients_are_read_one_after_the_other(nurse: Nurse) -> None:
    """An album is one slip; the next patient's picture waits its turn, and neither becomes a page of the other."""
    nurse.give(PhotoSent("one"))
    nurse.give(PhotoSent("two"))
    nurse.type("/new HK-013")
    nurse.give(PhotoSent("three"))
    assert nurse.bench.photos == {1: ("one", "two"), 2: ("three",)}
    assert nurse.bench.waiting == ("one", "two")
    told = nurse.give(PhotoRead(SLIP, due=nurse.office.now, picture=b"numbered"))
    assert nurse.bench.waiting == ("three",)
    assert nurse.office.timers[nurse.address, PHOTO] == nurse.office.now
    assert told.picture
    assert nurse.case("HK-013").session.slip == {}


def test_what_comes_of_a_picture_never_changes_whom_the_member_works_on(nurse: Nurse) -> None:
    """What is typed next is about the one on the screen; the rows wait for the tap that goes back."""
    nurse.give(PhotoSent("file"))
    nurse.type("/new HK-013")
    told = nurse.give(PhotoRead(SLIP, due=nurse.office.now))
    assert ids(told) == {"open.1"}
    nurse.type("kps 60")
    assert "kps" in nurse.case("HK-013").session.answers
    assert "row 3, Hemoglobin" in (nurse.tap("open.1").text or "")


def test_the_code_under_a_picture_says_whose_it_is(nurse: Nurse) -> None:
    """That of somebody who is open is gone on with; any other is refused, and the picture with it."""
    nurse.type("/new HK-013")
    sent(nurse, caption="hk-012")
    assert nurse.case("HK-012").session.slip
    assert nurse.bench.current == 1
    told = nurse.give(PhotoSent("file", caption="HK-014"))
    assert "No open patient has that code" in (told.text or "")
    assert nurse.bench.photos == {}


@pytest.mark.parametrize(
    "caption",
    [
        "HK-013 lab",
        "patient HK-013",
        "HK-013.",
        "HK-013: 2026-11-18",
        "HK-013 Hb 92 g/L",
        "(hk-013) kps 90",
        "病人HK-013的化验单",
        "lab/HK-013, page 2",
        "HK 013",
        "Hk 013.",
        "hk  013 Hb 92 g/L",
        "HK 013: kps 90",
        "病人HK 013的化验单",
        "18.11. HK 013 page 2",
    ],
)
def test_a_code_among_other_words_says_whose_a_picture_is(nurse: Nurse, caption: str) -> None:
    """The picture and the words are that candidate's; of the one who was worked on nothing changes."""
    nurse.type("/new HK-013")
    nurse.type("/new HK-012")
    nurse.type("Hb 118 g/L")
    before = nurse.case("HK-012")
    nurse.give(PhotoSent("file", caption=caption))
    assert nurse.bench.photos == {2: ("file",)}
    assert nurse.bench.current == 2
    assert nurse.case("HK-012") == before
    heard = {each.partition(" ")[0] for each in nurse.case("HK-013").session.answers}
    assert heard == {"respondent"} | ({"hemoglobin"} if "Hb" in caption else {"kps"} if "kps" in caption else set())
    assert nurse.case("HK-013").unclear == {}


@pytest.mark.parametrize(
    "caption",
    [
        "HK-014 lab",
        "Hk-014.",
        "HK-014 Hb 92 g/L",
        "kps 90, HK014",
        "HK-012 or HK-013",
        "HK-012/hk-013 kps 90",
        "14",
        "HK 014",
        "hk 14",
        "HK 13",
        "HK 012 HK-013",
    ],
)
def test_a_picture_whose_owner_cannot_be_told_is_refused_with_its_words(nurse: Nurse, caption: str) -> None:
    """A code that nobody has who is open, or two of those that somebody has: nothing is read, and nothing put on record."""
    nurse.type("/new HK-013")
    before = nurse.bench
    told = nurse.give(PhotoSent("file", caption=caption))
    assert "No open patient has that code" in (told.text or "")
    assert nurse.bench == before


@pytest.mark.parametrize(
    "caption",
    ["spo2 97", "CD7 yes", "Hb 112g/L", "2026-11-18", "page 2", "lab of 18.11.", "HK 18.11.", "HK 2026-11-18"],
)
def test_what_is_no_code_leaves_a_picture_with_whom_the_member_works_on(nurse: Nurse, caption: str) -> None:
    """Names of tests that hold a digit, values with their units, and days are none."""
    nurse.type("/new HK-013")
    nurse.give(PhotoSent("file", caption=caption))
    assert nurse.bench.photos == {2: ("file",)}


def test_a_word_and_a_number_are_a_code_only_where_they_answer_nothing(nurse: Nurse) -> None:
    """A candidate may be called KPS-90, or PS013 beside PS-013: an answer stays one, and two are not told apart."""
    nurse.type("/new KPS-90")
    nurse.type("/new HK-013")
    nurse.give(PhotoSent("one", caption="kps 90"))
    assert nurse.bench.photos == {3: ("one",)}
    assert "kps" in nurse.case("HK-013").session.answers
    for code in ("PS-013", "PS013"):
        nurse.type(f"/new {code}")
    before = nurse.bench
    nurse.give(PhotoSent("two", caption="ps 013"))
    assert nurse.bench == before


def test_a_number_is_a_code_only_where_it_answers_nothing(nurse: Nurse) -> None:
    """A candidate may be called 90 while another one's performance status is 90."""
    nurse.type("/new 90")
    nurse.type("/new HK-013")
    nurse.give(PhotoSent("one", caption="kps 90"))
    nurse.give(PhotoSent("two", caption="90 lab"))
    assert nurse.bench.photos == {3: ("one",), 2: ("two",)}
    assert "kps" in nurse.case("HK-013").session.answers


def test_an_album_is_refused_as_a_whole_and_once(nurse: Nurse) -> None:
    """Its code stands under the first picture alone; what has words of its own is answered all the same."""
    said = nurse.office.said[nurse.address]
    nurse.give(PhotoSent("one", caption="HK-099", album="a"))
    before = len(said)
    nurse.give(PhotoSent("two", album="a"))
    assert len(said) == before
    assert "No open patient" in (nurse.give(PhotoSent("three", caption="Hb 92 g/L", album="a")).text or "")
    assert nurse.bench.photos == {}
    assert set(nurse.case("HK-012").session.answers) == {"respondent"}
    nurse.give(PhotoSent("next", album="b"))
    assert nurse.bench.photos == {1: ("next",)}


def test_an_album_stays_with_the_candidate_of_its_first_picture(nurse: Nurse) -> None:
    """Also where the member goes on with somebody else in between, or closes them: then it is nobody's."""
    nurse.type("/new HK-013")
    nurse.give(PhotoSent("one", caption="HK-012", album="a"))
    nurse.type("/new HK-013")
    nurse.give(PhotoSent("two", album="a"))
    assert nurse.bench.photos == {1: ("one", "two")}
    nurse.tap("done.1")
    assert "not read" in (nurse.give(PhotoSent("three", album="a")).text or "")
    assert nurse.bench.photos == {}


def test_nobody_to_work_on_is_said_as_that(nurse: Nurse) -> None:
    """A picture with answers under it lacks a candidate, and not a code."""
    nurse.tap("done.1")
    assert "Nobody is open" in (nurse.give(PhotoSent("file", caption="page 2")).text or "")


def test_answers_under_a_picture_count_beside_it(nurse: Nurse) -> None:
    """Both are taken: the words at once, the rows when they are read."""
    sent(nurse, caption="age 34, kps 90")
    assert {"age", "kps"} <= set(nurse.case("HK-012").session.answers)
    assert "hemoglobin" in nurse.case("HK-012").session.slip


def test_a_patient_who_is_closed_takes_their_pictures_along(nurse: Nurse) -> None:
    """The timer stops, so that what comes of it reaches nobody."""
    nurse.give(PhotoSent("file"))
    nurse.tap("done.1")
    assert nurse.bench.photos == {}
    assert nurse.office.timers[nurse.address, PHOTO] is None


@pytest.mark.parametrize("reason", [*Refusal, "not_fetched", "no_tests"])
def test_whoever_sends_what_cannot_be_read_is_told_so(nurse: Nurse, reason: str) -> None:
    """On the screen where the patient is worked on, with the code where another one is; in every language."""
    assert all(nurse.office.bot._common.text(each, f"photo.{reason}") for each in languages())
    nurse.give(PhotoSent("file"))
    screen = nurse.give(PhotoUnreadable(reason, due=nurse.office.now))
    assert screen.event["event"] == "bench_shown"
    nurse.give(PhotoSent("file"))
    nurse.type("/new HK-013")
    told = nurse.give(PhotoUnreadable(reason, due=nurse.office.now))
    assert (told.text or "").startswith("HK-012: ")


def test_a_picture_of_other_tests_is_said_to_have_none(nurse: Nurse) -> None:
    """The member is told what to do instead."""
    screen = sent(nurse, PhotoSlip((PhotoRow(1, "Potassium", "4.1", "mmol/L", "3.5-5.3", "", BOX),)))
    assert "none of the tests" in (screen.text or "")


def test_without_a_patient_or_a_reader_a_picture_is_refused(nurse: Nurse) -> None:
    """Nothing waits for ever, also where the timer fires in a process that cannot read."""
    nurse.give(PhotoSent("file"))
    nurse.give(TimerFired(PHOTO, nurse.office.now, "file"))
    assert nurse.bench.photos == {}
    nurse.tap("done.1")
    assert "Nobody is open" in (nurse.give(PhotoSent("file")).text or "")
    plain = nurse_with(photos=False)
    assert "cannot read pictures" in (plain.give(PhotoSent("file")).text or "")
    assert plain.bench.photos == {}
