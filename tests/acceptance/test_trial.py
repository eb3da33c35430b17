"""`prescreen trial`: list, check, show, script, diagram, test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.flows.states import TRANSITIONS, State
from bot.library.trials import load
from bot.speech.catalogue import languages, read_domain
from tests.talks import SMALL_TRIAL

ROOT = Path(__file__).parents[2]


def test_list_names_the_trials(prescreen: Any) -> None:
    """As a table, or as JSON; the environment adds more."""
    assert "4scar7u" in prescreen("trial", "list").stdout
    listed = json.loads(prescreen("trial", "list", "--json", PRESCREEN_TRIALS=str(SMALL_TRIAL)).stdout)
    assert [each["id"] for each in listed] == ["4scar7u", "small"]


def test_check_is_silent_on_a_sound_file(prescreen: Any) -> None:
    """Exit status 0."""
    done = prescreen("trial", "check", str(SMALL_TRIAL), str(ROOT / "bot" / "criteria" / "trials" / "4scar7u.yaml"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_says_file_line_and_column(prescreen: Any, tmp_path: Path) -> None:
    """One line an issue, exit status 1."""
    path = tmp_path / "mine.yaml"
    path.write_text(SMALL_TRIAL.read_text("utf-8").replace("iron is no or", "iorn is no or"), "utf-8")
    done = prescreen("trial", "check", "mine.yaml")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == ("mine.yaml:55:11: T11 there is no question `iorn`: did you mean `iron`?")


def test_check_of_no_file_is_bad_usage(prescreen: Any) -> None:
    """One sentence, exit status 2."""
    done = prescreen("trial", "check", "nope.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nope.yaml cannot be read" in done.stderr


@pytest.mark.parametrize("language", ["en", "es", "zh-Hans"])
def test_show_tells_all_of_a_trial(prescreen: Any, language: str) -> None:
    """Every question with its words and choices, every criterion with its rule and questions, every site."""
    shown = json.loads(prescreen("trial", "show", "4scar7u", "--lang", language, "--json").stdout)
    protocol = load("4scar7u")
    assert set(shown) == {"id", "version", "title", "questions", "criteria", "sites"}
    assert [each["id"] for each in shown["questions"]] == [each.id for each in protocol.questions]
    assert [each["code"] for each in shown["criteria"]] == [each.code for each in protocol.criteria]
    assert [each["id"] for each in shown["sites"]] == ["shenzhen", "haikou", "beijing"]
    kps = next(each for each in shown["questions"] if each["id"] == "kps")
    assert [each["id"] for each in kps["choices"]] == [str(score) for score in range(0, 101, 10)]
    assert all(each["text"] and each["help"] for each in shown["questions"])
    creatinine = next(each for each in shown["criteria"] if each["code"] == "I04c")
    assert creatinine["questions"] == ["creatinine", "creatinine_uln"]
    assert creatinine["rule"] == "creatinine <= 2.5 ULN"


def test_show_is_a_table_for_people(prescreen: Any) -> None:
    """With the questions' texts and the criteria's rules."""
    done = prescreen("trial", "show", "4scar7u", COLUMNS="200")
    assert "How old are you?" in done.stdout
    assert "creatinine <= 2.5 ULN" in done.stdout


@pytest.mark.parametrize("language", languages())
def test_the_script_holds_every_wording(prescreen: Any, language: str) -> None:
    """Nothing that anyone may read is left out: the trial's texts and the conversation's."""
    document = prescreen("trial", "script", "4scar7u", "--lang", language).stdout
    for domain in ("4scar7u", "bot"):
        texts = read_domain(ROOT / "locales" / language / "LC_MESSAGES" / f"{domain}.po")
        missing = [key for key, text in texts.items() if text.splitlines()[0] not in document]
        assert missing == []
    for criterion in load("4scar7u").criteria:
        assert criterion.text in document


def test_the_diagram_shows_every_state(prescreen: Any) -> None:
    """Drawn from the table, so that none can be forgotten."""
    mermaid = prescreen("trial", "diagram", "4scar7u").stdout
    assert mermaid.startswith("stateDiagram-v2\n")
    assert [state for state in State if state not in mermaid] == []
    triggers = {way.trigger for way in TRANSITIONS if not way.trigger.startswith("return_to_")}
    assert [trigger for trigger in triggers if trigger not in mermaid] == []


def test_the_diagram_is_a_picture_too(prescreen: Any) -> None:
    """Well-formed SVG with a box for every state of the way through."""
    drawn = prescreen("trial", "diagram", "4scar7u", "--format", "svg").stdout
    picture = ET.fromstring(drawn)  # noqa: S314 - we drew it ourselves
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"asking", "reviewing", "finished"} <= texts
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}rect"))) >= 15


@pytest.mark.parametrize("name", ["4scar7u", str(SMALL_TRIAL)])
def test_the_boundary_tests_pass(prescreen: Any, name: str) -> None:
    """Made from the rules, run, and reported."""
    done = prescreen("trial", "test", name)
    assert done.returncode == 0
    assert done.stdout.endswith(": 0 failed\n")
    reported = json.loads(prescreen("trial", "test", name, "--json").stdout)
    assert reported["passed"] == len(reported["tests"]) > 40
    assert reported["failed"] == 0


def test_a_trial_that_is_not_known_is_bad_usage(prescreen: Any) -> None:
    """Named with those that are."""
    for command in ("show", "script", "diagram", "test"):
        done = prescreen("trial", command, "nope")
        assert (done.returncode, done.stdout) == (2, "")
        assert "name one of 4scar7u" in done.stderr
