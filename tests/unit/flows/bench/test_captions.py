"""Whose a picture is by what stands under it: a code in any writing, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.flows.bench.captions import owner
from bot.flows.bench.case import Bench, Case, session_of
from bot.flows.bench.mentions import plain
from bot.flows.bench.work import Subject, Work
from bot.flows.inputs import PhotoSent
from bot.speech.labels import question_names
from tests.talks import NOW, about
from tests.unit.flows.bench.test_pictures import nurse_with

REFUSED = "refused"
SUBJECT = Subject(
    about("4scar7u").setting, question_names(about("4scar7u").setting.trial.protocol, about("4scar7u").catalogue)
)


def work(*codes: str) -> Work:
    """Candidates who are open under these codes."""
    cases = [
        Case(number=number, code=code, session=session_of(SUBJECT.setting.trial, "new", "en", None))
        for number, code in enumerate(codes, 1)
    ]
    bench = Bench(cases=cases, current=len(cases))
    return Work(bench, {"4scar7u": SUBJECT}, None, "en", "new", NOW)


def whose(caption: str, *codes: str) -> str:
    """The code of whose the picture is, the last of these being worked on."""
    bench = work(*codes)
    found = owner(bench, bench.bench.cases[-1], caption)
    return REFUSED if found is None or found[0] is None else found[0].code


@pytest.mark.parametrize(
    "caption",
    [
        "HK-012",
        "HK–012",
        "HK — 012",
        "HK−012",
        "HK - 012",
        "HK -012",
        "HK- 012",
        "HK  012",
        "HK_012",
        "HK.012",
        "HK/012",
        "HK:012",
        "HK#012",
        "HK #012",
        "HK № 012",
        "HK no 012",
        "HK No. 012",
        "HK nr. 012",
        "HK nº 012",
        "HK 第012号",
        "ＨＫ 012",
        "HK ０１２",
        "HK－０１２",
        "HK\u00a0012",
        "HK\u200b012",
        "HK\u00ad012",
        "HK\n012",
        "H.K. 012",
        "hk012",
        "病人HK–012的化验单",
        "lab/HK/012, page 2",
        "18.11. HK 012 page 2",
        "HK.012: kps 90",
        "HK 012, 2026-11-18",
        "HK 012 Hb 112 g/L",
        "HK 012 34 years",
        "Nov 18 HK #012",
    ],
)
def test_a_code_is_known_in_whatever_way_it_is_written(caption: str) -> None:
    """Dashes, spaces, dots, slashes, `#`, `no` and wide letters change nothing, whoever is worked on."""
    assert whose(caption, "HK-012", "HK-013") == "HK-012"
    assert whose(caption, "HK-012", "HK-012-B") in ("HK-012", REFUSED)


@pytest.mark.parametrize(
    "caption",
    [
        "HK 012/13",
        "HK-012/13",
        "HK 012 013",
        "HK 012, 013",
        "HK-012 and 013",
        "HK 012+013",
        "HK 012-lab",
        "HK 012_lab",
        "HK-012-lab",
        "HK 012.1",
        "HK-012.1",
        "HK 012,5",
        "HK 012:2",
        "HK 012a",
        "HK 0 12",
        "HK 12",
        "HK–14",
        "HK.014",
        "HK #014",
        "HK no. 14",
        "ＨＫ０１４",
        "HK 20122",
        "HK 014.11.2026",
        "HK 014/11",
        "HK 014-11",
        "page HK 014/2",
        "HK-012 HK/014",
        "X-HK-012",
        "HK 012 y HK 013",
    ],
)
def test_what_may_be_another_code_or_several_is_asked_about(caption: str) -> None:
    """A number that nobody open has, one joined to something, and several codes: the picture goes to nobody."""
    assert whose(caption, "HK-012", "HK-013") == REFUSED


@pytest.mark.parametrize(
    ("code", "caption"),
    [
        ("PAGE-2", "page 2"),
        ("PAGE-2", "page 3 of 4"),
        ("OF-2", "page 1 of 2"),
        ("NOV-18", "lab Nov 18"),
        ("NOV-18", "18 Nov 18"),
        ("MAR-12", "12 Mar 2026"),
        ("LAB-18", "lab 18 11 2026"),
        ("LAB-18", "lab 18.11.2026"),
        ("LAB-18", "lab 18/11"),
        ("HK-18", "HK 18.11.2026"),
        ("HK-18", "HK 18 Nov"),
        ("HK-2026", "HK 2026-11-18"),
        ("HB-112", "HB 112 g/L"),
        ("HB-112", "Hb 118"),
        ("GLU-5", "Glu 5 mmol/L"),
        ("GLU-5", "GLU 6.1 mmol/L"),
        ("WBC-12", "WBC 12 x10^9/L"),
        ("AGE-34", "age 34"),
        ("KPS-90", "kps 90"),
        ("CD-7", "CD7 yes"),
        ("18", "lab 2026-11-18"),
        ("18", "lab Nov 18"),
        ("18", "page 18"),
        ("HK-012", "第2页"),
    ],
)
def test_ordinary_words_with_numbers_are_no_codes(code: str, caption: str) -> None:
    """Pages, days, values with their units and answers leave a picture with whom the member works on."""
    assert whose(caption, code, "X-41") == "X-41"


@pytest.mark.parametrize(
    ("codes", "caption", "expected"),
    [
        (("H-012", "H-014"), "H 012", "H-012"),
        (("HK-A-3", "HK-B-3"), "HK-A 3", "HK-A-3"),
        (("HK-A-3", "HK-B-3"), "HK C 3", REFUSED),
        (("HK1-03", "HK2-03"), "HK1 03", "HK1-03"),
        (("HK1-03", "HK2-03"), "HK1 04", REFUSED),
        (("HK013A", "HK013B"), "HK 013 A", "HK013A"),
        (("HK013A", "HK013B"), "HK 013", REFUSED),
        (("012-HK", "013-HK"), "012 HK", "012-HK"),
        (("012", "013"), "HK 012", REFUSED),
        (("012", "013"), "patient no. 012", "012"),
        (("PS-013", "PS013"), "ps 013", REFUSED),
        (("PS-013", "PS013"), "ps-013", "PS-013"),
        (("CD7", "X-41"), "CD7 yes", REFUSED),
        (("P-012", "P-013"), "p 2", REFUSED),
        (("HK-00",), "HK no 01/13", REFUSED),
        (("PAGE-2", "X-41"), "page no. 2", "X-41"),
        (("PT-000",), "Hb 112 g/L, PT00/13", REFUSED),
    ],
)
def test_codes_of_any_form_are_told_apart(codes: tuple[str, ...], caption: str, expected: str) -> None:
    """One letter, several parts, letters after the number, digits alone."""
    assert whose(caption, *codes) == expected


def test_a_caption_that_is_a_list_of_codes_is_asked_about() -> None:
    """It is not read word by word, however long it is."""
    assert whose("HK 012; " * 12, "HK-012", "HK-013") == "HK-012"
    assert whose("HK 012; " * 13, "HK-012", "HK-013") == REFUSED


def test_letters_and_digits_become_plain_and_values_stay() -> None:
    """A power is no number, and punctuation is read as it was."""
    assert plain("ＨＫ－０１２，5.2×10⁹/L，½") == "HK-012，5.2×10⁹/L，½"


LETTERS, DIGITS = st.sampled_from(("HK", "H", "SZ", "PT")), st.from_regex(r"[0-9]{2,4}", fullmatch=True)
BETWEEN = st.sampled_from(
    ("", "-", "–", "—", " ", "  ", " - ", ".", "/", ":", "#", " #", " no ", " no. ", "_", "\u00a0", "\u200b", "，")
)
WORDS = st.sampled_from(("", "lab ", "page 2 ", "lab Nov 18 ", "2026-11-18 ", "Hb 112 g/L, ", "(", "病人"))
AFTER = st.sampled_from(
    ("", " lab", ", page 2", ": kps 90", " (18.11.2026)", ".", ")", "的化验单", "/13", "-lab", " 013", " and 013")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LETTERS, DIGITS, DIGITS, BETWEEN, WORDS, AFTER, st.booleans(), st.booleans())
def test_a_picture_never_goes_to_another_than_the_one_whose_code_is_written(  # noqa: PLR0917
    letters: str, one: str, other: str, between: str, before: str, after: str, wide: bool, is_open: bool
) -> None:
    """Whatever stands between its letters and its number, before and after it: it is theirs, or it is asked."""
    if one == other:
        return
    number = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in one) if wide else one
    codes = [f"{letters}-{one}"] if is_open else []
    found = whose(f"{before}{letters}{between}{number}{after}", *codes, f"{letters}-{other}")
    assert found == REFUSED or (is_open and found == f"{letters}-{one}")
    if is_open and after in ("", " lab", ", page 2", ": kps 90", ".", ")", "的化验单"):
        assert found == f"{letters}-{one}"


def test_what_is_refused_changes_nothing_and_the_member_is_asked() -> None:
    """Neither a picture that waits nor an answer is left of it."""
    nurse = nurse_with(photos=True)
    nurse.type("/new HK-013")
    before = nurse.bench
    told = nurse.give(PhotoSent("file", caption="HK 012/13 kps 90"))
    assert "No open patient has that code" in (told.text or "")
    assert nurse.bench == before
    nurse.give(PhotoSent("file", caption="HK № 012"))
    assert nurse.bench.photos == {1: ("file",)}
