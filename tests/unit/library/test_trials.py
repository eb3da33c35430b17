"""Which trials are known, and how one is loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.library.trials import (
    DEFAULT,
    TrialError,
    catalogue_for,
    known,
    lexicon_for,
    load,
    load_compiled,
    locale_folder,
)

SMALL = Path(__file__).parents[2] / "trials" / "small.yaml"


def test_the_default_trial_is_known() -> None:
    """It comes with the package."""
    assert [each.id for each in known()] == [DEFAULT]
    assert load(DEFAULT).version


def test_the_registry_text_is_quoted_whole() -> None:
    """Word for word, as far as the registry's own spelling."""
    texts = {each.code: each.text for each in load(DEFAULT).criteria}
    assert texts["I05"] == "Hgb≥80g/L."
    assert texts["I04a"].endswith("total bilirubin ≤ 2.0mg/dL.")
    assert texts["I04a"] == texts["I04f"]
    assert texts["E01"].startswith("Sever illness or medical condition, which would not permit")
    assert load(DEFAULT).source.current_as_of.isoformat() == "2025-07-01"


def test_a_trial_is_loaded_by_its_file() -> None:
    """With its own analyte, whose names replies may use, and its own translations."""
    trial = load_compiled(str(SMALL))
    assert "platelets" in trial.analytes
    assert lexicon_for(trial).analytes["platelets"].standard_unit == "10*9/L"
    assert catalogue_for(str(SMALL)).text("es", "site.madrid") == "Madrid, España"
    assert locale_folder(str(SMALL)) == SMALL.parent / "locales"
    assert locale_folder(DEFAULT) is None


@pytest.mark.parametrize("separator", [",", os.pathsep])
def test_the_environment_adds_trials(monkeypatch: pytest.MonkeyPatch, separator: str) -> None:
    """By their files, separated as in PATH or by commas; they are then known by their names."""
    monkeypatch.setenv("PRESCREEN_TRIALS", f" {SMALL}{separator}")
    assert [each.id for each in known()] == [DEFAULT, "small"]
    assert load("small").id == "small"


def test_a_trial_that_is_not_known_names_those_that_are() -> None:
    """One sentence that says what to do."""
    with pytest.raises(TrialError, match="there is no trial `nope`: name one of 4scar7u, small"):
        load("nope", [SMALL])


def test_a_file_with_faults_is_not_loaded(tmp_path: Path) -> None:
    """The first is told, and where to read the others."""
    path = tmp_path / "bad.yaml"
    path.write_text(SMALL.read_text("utf-8").replace("rule:", "rul:"), "utf-8")
    with pytest.raises(
        TrialError,
        match=r"bad\.yaml:\d+:\d+: T06 the key `rule` is missing: add it here \(and \d+ more: see `prescreen trial check",
    ):
        load(str(path))
