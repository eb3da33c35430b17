"""`prescreen screen`: records in, verdicts out."""

from __future__ import annotations

import json
from typing import Any

import pytest

TODAY = "2026-11-22"
FULL = {
    "respondent": "staff",
    "age": "34 years",
    "sex": "female",
    "cd7": "yes",
    "other_antigens": "yes",
    "kps": "90",
    "life_expectancy": "yes",
    "lvef": "55-60 %",
    "spo2": "97 %",
    "creatinine": "0.9 mg/dL",
    "ast": "34 U/L",
    "alt": "28 U/L (9-50)",
    "bilirubin": "12 umol/L",
    "hemoglobin": "9.2 g/dL",
    "cell_separation": "no",
    "consent": "yes",
    "severe_illness": "no",
    "infection": "no",
    "hiv": "no",
    "hcv": "no",
    "pregnancy": "no",
    "steroid": "no",
    "gene_therapy": "no",
    "compliance": "no",
}


@pytest.fixture
def screen(prescreen: Any) -> Any:
    """Screens records, each given as an object or as a line of text; answers the exit status and the results."""

    def run(*records: object, options: tuple[str, ...] = ()) -> tuple[int, list[dict[str, Any]]]:
        lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in records]
        done = prescreen("screen", "--today", TODAY, *options, given="\n".join(lines))
        assert done.stderr == ""
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    return run


def test_a_candidate_who_meets_all_is_likely_eligible(screen: Any) -> None:
    """With every finding, every reply as it was read, and nothing left to answer."""
    status, (found,) = screen({"id": 7, **FULL})
    assert (status, found["id"], found["trial"], found["verdict"], found["recheck_on"]) == (
        0, 7, "4scar7u", "likely_eligible", None,
    )  # fmt: skip
    assert set(found) == {"id", "trial", "trial_version", "verdict", "recheck_on", "findings", "replies", "unanswered"}
    assert len(found["findings"]) == 22
    assert found["findings"]["I05"] == {
        "status": "pass",
        "reason": "met",
        "evidence": "Hemoglobin: 92 g/L (reported 9.2 g/dL) is at least 80 g/L.",
        "recoverable": True,
        "recheck_on": None,
    }
    assert "34 U/L is within 3 × ULN for any ULN from 20 to 90 U/L" in found["findings"]["I04d"]["evidence"]
    assert set(found["replies"]) == set(FULL)
    assert found["replies"]["hemoglobin"]["standard"]["low"] == 92
    assert found["unanswered"] == []


def test_a_date_to_look_again_is_iso(screen: Any) -> None:
    """The verdict's and the finding's."""
    _, (found,) = screen({**FULL, "steroid": "yes", "steroid_last_dose": "3 days ago"})
    assert (found["verdict"], found["recheck_on"]) == ("not_yet", "2026-11-27")
    assert found["findings"]["E05"]["recheck_on"] == "2026-11-27"


def test_an_empty_record_leaves_all_open(screen: Any) -> None:
    """The patient is asked nothing that only staff know; the site assesses that."""
    _, (found,) = screen("{}")
    assert found["verdict"] == "undetermined"
    assert found["findings"]["E01"]["reason"] == "site_assesses"
    assert "age" in found["unanswered"]
    assert not {"severe_illness", "pregnancy", "ast_uln", "respondent"} & set(found["unanswered"])


def test_replies_that_cannot_be_read_are_unanswered(screen: Any) -> None:
    """And are still listed as they were read."""
    _, (found,) = screen({**FULL, "hemoglobin": "22", "hiv": "hm"})
    assert (found["verdict"], found["unanswered"]) == ("undetermined", ["hiv", "hemoglobin"])
    assert found["replies"]["hemoglobin"]["outcome"] == "clarify"
    assert found["findings"]["E03a"]["reason"] == "unclear"


def test_null_and_blank_are_no_replies(screen: Any) -> None:
    """They are not listed either."""
    _, (found,) = screen({**FULL, "hiv": None, "hcv": "  "})
    assert found["unanswered"] == ["hiv", "hcv"]
    assert not {"hiv", "hcv"} & set(found["replies"])


def test_numbers_are_read_as_they_are_written(screen: Any) -> None:
    """1e2 and 92.0 are texts like any other."""
    record = json.dumps(FULL).replace('"9.2 g/dL"', "92.0").replace('"97 %"', "9.7e1")
    _, (found,) = screen(record)
    assert found["replies"]["hemoglobin"]["standard"]["low"] == 92
    assert found["replies"]["spo2"]["outcome"] == "rejected"


def test_a_slip_answers_what_has_no_reply_of_its_own(screen: Any) -> None:
    """A null reply is none; a reply of one's own outweighs the slip."""
    rest = {name: reply for name, reply in FULL.items() if name not in ("hemoglobin", "alt")}
    _, (found,) = screen({**rest, "alt": None, "ast": "30 U/L", "slip": "Hb 9.2 g/dL; ALT 28 U/L (9-50); AST 400 U/L"})
    assert found["verdict"] == "likely_eligible"
    assert found["replies"]["slip"]["outcome"] == "slip"
    assert "30 U/L" in found["findings"]["I04d"]["evidence"]


def test_a_slip_may_come_as_the_reply_to_one_question(screen: Any) -> None:
    """It answers that question and the others."""
    rest = {name: reply for name, reply in FULL.items() if name not in ("hemoglobin", "alt")}
    _, (found,) = screen({**rest, "hemoglobin": "Hb 9.2 g/dL; ALT 28 U/L (9-50)"})
    assert (found["verdict"], found["replies"]["hemoglobin"]["outcome"]) == ("likely_eligible", "slip")


def test_slips_that_differ_leave_the_analyte_open(screen: Any) -> None:
    """Neither value is taken."""
    rest = {name: reply for name, reply in FULL.items() if name not in ("hemoglobin", "alt", "ast")}
    slips = {"slip": "Hb 9.2 g/dL; ALT 28 U/L (9-50)", "ast": "AST 30 U/L; ALT 29 U/L (9-50)"}
    _, (found,) = screen({**rest, **slips})
    assert (found["verdict"], found["unanswered"]) == ("undetermined", ["alt"])
    assert found["findings"]["I04e"]["reason"] == "unclear"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ('{"id": "x", "hemoglobn": "92"}', "did you mean `hemoglobin`"),
        ('{"id": "x", "respondent": "martian"}', "`respondent` cannot be read"),
        ('{"id": "x", "hiv": true}', "`hiv` is no text"),
        ('{"id": "x", "hiv": ["no"]}', "`hiv` is no text"),
        ('{"id": "x", "hiv": {"a": 1}}', "`hiv` is no text"),
        ('{"id": "x", "hiv": "no", "hiv": "yes"}', "`hiv` is given twice"),
    ],
)
def test_a_record_that_cannot_be_screened_is_an_error_of_its_line(screen: Any, record: str, words: str) -> None:
    """The next line goes on; the exit status tells."""
    status, (error, found) = screen(record, FULL)
    assert status == 1
    assert set(error) == {"id", "error"}
    assert error["id"] == "x"
    assert words in error["error"]
    assert found["verdict"] == "likely_eligible"


@pytest.mark.parametrize("line", ["{", "nonsense", "[1]", '"yes"', "12", "null", "[" * 100_000])
def test_a_line_that_is_no_object_is_an_error_of_its_line(screen: Any, line: str) -> None:
    """Wherever it stands."""
    status, (first, error, last) = screen(FULL, line, FULL)
    assert (status, first["verdict"], last["verdict"]) == (1, "likely_eligible", "likely_eligible")
    assert error["id"] is None
    assert "JSON" in error["error"]


def test_a_bad_first_line_does_not_swallow_the_rest(screen: Any) -> None:
    """It is no single object laid out over lines."""
    status, (error, found) = screen('{"hiv": ', FULL)
    assert (status, "error" in error, found["verdict"]) == (1, True, "likely_eligible")


def test_one_object_may_be_laid_out_over_lines(screen: Any) -> None:
    """As an editor leaves it."""
    status, (found,) = screen(json.dumps(FULL, indent=2))
    assert (status, found["verdict"]) == (0, "likely_eligible")


@pytest.mark.parametrize("given", [b"\xef\xbb\xbf{}", b"\r\n{}\r\n\r\n"])
def test_marks_and_blank_lines_are_no_records(prescreen: Any, given: bytes) -> None:
    """A byte order mark, and what other systems end lines with."""
    done = prescreen("screen", given=given)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)


def test_bytes_that_are_no_text_are_an_error_of_their_line(prescreen: Any) -> None:
    """Not of the whole run."""
    done = prescreen("screen", given=b'{"hiv": "\xff"}\n{}\n')
    error, found = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, "error" in error, found["verdict"]) == (1, True, "undetermined")


def test_the_evidence_speaks_the_language_asked_for(screen: Any) -> None:
    """Replies are read in any language whatever it is."""
    chinese = {**FULL, "sex": "女", "hemoglobin": "血红蛋白92克/升", "hiv": "没有"}
    _, (found,) = screen(chinese, options=("--lang", "es-MX"))
    assert found["verdict"] == "likely_eligible"
    assert found["findings"]["I05"]["evidence"] == "Hemoglobina: 92 g/L, al menos 80 g/L."


def test_labels_are_replies(screen: Any) -> None:
    """Whatever a person is shown may be typed, in any language."""
    shown = {**FULL, "respondent": "我是医护人员", "sex": "Mujer", "kps": "Normal life, with slight complaints"}
    _, (found,) = screen(shown)
    assert found["verdict"] == "likely_eligible"


def test_another_trial_is_screened_by_its_file(prescreen: Any) -> None:
    """With its own questions, its own analyte and its own words."""
    from tests.talks import SMALL_TRIAL

    record = {
        "age": "40",
        "smoker": "former",
        "iron": "yes",
        "iron_last_dose": "2026-10-20",
        "slip": "PLT 85; ALT 30 U/L",
    }
    done = prescreen("screen", "--trial", str(SMALL_TRIAL), "--today", TODAY, given=json.dumps(record))
    found = json.loads(done.stdout)
    assert (found["trial"], found["verdict"]) == ("small", "likely_eligible")
    assert found["findings"]["B"]["evidence"] == "Platelets: 85 10*9/L is below 100 10*9/L."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--trial", "nope"), "there is no trial `nope`"),
        (("--lang", "xx"), "`xx` is not spoken"),
        (("--today", "yesterday"), "write it as 2026-11-22"),
        (("missing.json",), "No such file"),
    ],
)
def test_bad_usage_is_one_sentence(prescreen: Any, arguments: tuple[str, ...], words: str) -> None:
    """On standard error, with exit status 2."""
    done = prescreen("screen", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
