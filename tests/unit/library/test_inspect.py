"""Static checks of trial files: each number of the catalogue, by the file that earns it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.library.inspect import inspect
from bot.library.issues import Fault
from bot.library.trials import TrialError

SMALL = Path(__file__).parents[2] / "trials"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small trial and its translations, to be spoilt."""
    shutil.copytree(SMALL, tmp_path / "trials")
    return tmp_path / "trials"


def spoilt(folder: Path, old: str, new: str) -> list[str]:
    """The issues of the small trial with one piece of its text replaced, as lines without the file."""
    path = folder / "small.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return [str(issue).removeprefix(f"{path}:") for issue in inspect(path)]


def place(folder: Path, piece: str) -> str:
    """Where a piece of the trial's text stands, as `line:column`."""
    before = (folder / "small.yaml").read_text("utf-8").partition(piece)[0]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


SPOILS = [
    ("spec_version: 1", "spec_version: [1", Fault.UNREADABLE, "check indents, quotes and brackets"),
    ("rule: not smoker", "rule: x\n    rule: not smoker", Fault.DUPLICATE_KEY, "`rule` is given twice"),
    ('["yes", "no", unknown]', "[yes, no, unknown]", Fault.YAML_TRAP, 'write "yes" in quotes'),
    ("timezone: Europe/Madrid", "timezone: 010", Fault.YAML_TRAP, 'write "010" in quotes'),
    ("timezone: Europe/Madrid", "timezone: 1:30", Fault.YAML_TRAP, 'write "1:30" in quotes'),
    ("asked_when:", "asked_wen:", Fault.UNKNOWN_KEY, "did you mean `asked_when`"),
    ("sponsor:", "sponser:", Fault.UNKNOWN_KEY, "did you mean `sponsor`"),
    ("kind: date", "kind: dates", Fault.WRONG_VALUE, "'date'"),
    ("recoverable: false", "recoverable: perhaps", Fault.WRONG_VALUE, "boolean"),
    ("spec_version: 1", "spec_version: 2", Fault.WRONG_VALUE, "set spec_version: 1"),
    ("timezone: Europe/Madrid", "timezone: Europe/Madird", Fault.WRONG_VALUE, "no time zone"),
    ('factor: "0.001"', 'factor: "1/0"', Fault.WRONG_VALUE, "write a number"),
    ("code: B", "code: A", Fault.DUPLICATE_NAME, "give each its own code"),
    ("order: [respondent, age,", "order: [respondent, age, age,", Fault.DUPLICATE_NAME, "ask it once"),
    ("order: [respondent, age,", "order: [respondent, aeg,", Fault.UNKNOWN_NAME, "did you mean `age`"),
    ("analyte: hemoglobin}", "analyte: haemoglobin}", Fault.UNKNOWN_NAME, "did you mean `hemoglobin`"),
    ("follows: alt}", "follows: hemoglobin}", Fault.UNKNOWN_NAME, "must follow the question that measures `alt`"),
    ("order: [respondent, age,", "order: [age, respondent,", Fault.INCOMPLETE_QUESTION, "put `respondent` first"),
    (
        "choices: [patient, caregiver, staff]",
        "choices: [patient, staff]",
        Fault.WRONG_VALUE,
        "[patient, caregiver, staff]",
    ),
    ("kind: quantity, analyte: alt}", "kind: quantity}", Fault.INCOMPLETE_QUESTION, "add `analyte`"),
    ("{id: age, kind: age}", "{id: age, kind: age, choices: [a, b]}", Fault.INCOMPLETE_QUESTION, "take `choices` away"),
    ("{id: age, kind: age}", "{id: age, kind: age, variants: [a]}", Fault.INCOMPLETE_QUESTION, "go together"),
    ("bare: [10*9/L, /uL]", "bare: [10*9/L, /ul]", Fault.UNKNOWN_NAME, "did you mean `/uL`"),
    ('code: 10*9/L, factor: "1"', 'code: 10*9/L, factor: "2"', Fault.WRONG_VALUE, "its factor is 1"),
    ('plausible: ["1", "3000"]', 'plausible: ["3000", "1"]', Fault.WRONG_VALUE, "turn it round"),
    ("{id: age, kind: age}", "{id: age, kind: age, variants: [a, b]}", Fault.WRONG_VALUE, "keep one"),
    ("rule: not smoker is current", "rule: not smoker was current", Fault.RULE, "cannot be read"),
    ("rule: not smoker is current", "rule: not smoker is curent", Fault.RULE, "did you mean `current`"),
    ("hemoglobin < 10 g/dL", "hemoglobn < 10 g/dL", Fault.RULE, "did you mean `hemoglobin`"),
    ("hemoglobin < 10 g/dL", "hemoglobin < 10 g/dl", Fault.RULE, "did you mean `g/dL`"),
    ("asked_when: iron is yes", "asked_when: alt > 3 U/L", Fault.RULE, "put it earlier"),
    ("iron_last_dose, platelets,", "platelets,", Fault.UNFED_CRITERION, "add `iron_last_dose` to `order`"),
    ("rule: not alt >= 5 ULN", "rule: not alt >= 50000 U/L", Fault.NEVER_FAILS, "no plausible answer can fail"),
    ("rule: not alt >= 5 ULN", "rule: alt >= 50000 U/L", Fault.NEVER_PASSES, "no plausible answer can pass"),
    ("rule: not smoker is current", "rule: smoker is never and smoker is former", Fault.NEVER_PASSES, "criterion C"),
    ("rule: not smoker is current", "rule: smoker is never or smoker is_not x", Fault.RULE, "cannot be read"),
    ("rule: not smoker is current", "rule: age > 3 years", Fault.UNUSED_QUESTION, "question `smoker`"),
    ("code: C", "code: K", Fault.MISSING_TEXT, "add msgid `criterion.K`"),
]


@pytest.mark.parametrize(("old", "new", "fault", "words"), [spoil for spoil in SPOILS if spoil[2]])
def test_a_spoilt_file_is_told_what_to_mend(folder: Path, old: str, new: str, fault: Fault, words: str) -> None:
    """Each fault has its number, and a sentence with the mend."""
    found = [line for line in spoilt(folder, old, new) if f" {fault} " in line]
    assert any(words in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("asked_when:", "asked_wen:", "asked_wen"),
        ("hemoglobin < 10 g/dL", "hemoglobn < 10 g/dL", "hemoglobn < 10"),
        ("rule: not smoker is current", "rule: not smoker was current", "was current"),
        ("rule: not smoker is current", 'rule: "not smoker was current"', "was current"),
        ("order: [respondent, age,", "order: [respondent, aeg,", "aeg"),
        ("rule: not alt >= 5 ULN", "rule: alt >= 50000 U/L", "alt >= 50000"),
        ("{id: iron,", "{id: iron, colour: red,", "colour"),
    ],
)  # fmt: skip
def test_an_issue_stands_where_the_fault_is(folder: Path, old: str, new: str, at: str) -> None:
    """Line and column, down to the word inside a rule."""
    issues = spoilt(folder, old, new)
    assert issues[0].startswith(f"{place(folder, at)}: "), issues


def test_a_sound_file_has_no_issue(folder: Path) -> None:
    """The small trial, and the trials of the package."""
    package = Path(__file__).parents[3] / "bot" / "criteria" / "trials"
    assert inspect(folder / "small.yaml") == ()
    assert [inspect(path) for path in package.glob("*.yaml")] == [()]


def test_a_missing_language_is_told(folder: Path) -> None:
    """Every text that is missing, with the file that it goes to."""
    shutil.rmtree(folder / "locales" / "es")
    issues = inspect(folder / "small.yaml")
    assert {issue.fault for issue in issues} == {Fault.MISSING_TEXT}
    assert "question.age.help" in " ".join(map(str, issues))


def test_other_placeholders_than_in_english_are_told(folder: Path) -> None:
    """A translation may not ask for a value that is not given."""
    path = folder / "locales" / "es" / "LC_MESSAGES" / "small.po"
    path.write_text(path.read_text("utf-8").replace('"No fuma ahora"', '"No fuma {cuando}"'), "utf-8")
    (issue,) = inspect(folder / "small.yaml")
    assert issue.fault is Fault.PLACEHOLDERS


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), (b"\xff\xfe\xff", "UTF-8"), (b"x" * 1_000_001, "larger")]
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes | None, words: str) -> None:
    """It is no trial file at all."""
    path = tmp_path / "trial.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrialError, match=words):
        inspect(path)
