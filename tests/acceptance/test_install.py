"""The package as people get it: a wheel, installed from the locked list into an empty environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel and what it needs, away from the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.txt"], check=True)
    [wheel] = folder.glob("*.whl")
    subprocess.run([*install, "--no-deps", wheel], check=True)
    subprocess.run([python, "-m", "pip", "check"], check=True)
    return folder


def run(installed: Path, *arguments: str, given: str = "") -> str:
    """What the installed command prints."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [installed / "venv" / "bin" / "prescreen", *arguments]
    done = subprocess.run(command, check=False, input=given, capture_output=True, text=True, cwd=installed, env=clean)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help(installed: Path) -> None:
    """The command is there."""
    assert "Pre-screen people" in run(installed, "--help")


def test_the_trials_come_with_it(installed: Path) -> None:
    """A trial file is in the wheel and is read."""
    assert "4scar7u" in run(installed, "trial", "list")


def test_replies_are_read(installed: Path) -> None:
    """The tables of analytes and words come with it."""
    line = run(installed, "parse", "--question", "hemoglobin", given="9.2 g/dL\n")
    assert json.loads(line)["standard"] == {
        "low": 92,
        "high": 92,
        "low_open": False,
        "high_open": False,
        "unit": "g/L",
    }


def test_a_conversation_is_held_in_every_language(installed: Path) -> None:
    """The catalogues and the migrations come with it."""
    for language in ("en", "zh-Hans", "es"):
        said = run(installed, "chat", "--name", language, "--lang", language, "--db", f"{language}.db", "--json")
        assert json.loads(said.splitlines()[-1])["event"] == "waiting"


def test_each_locked_list_holds_the_one_before_it() -> None:
    """What the image installs with photographs, and what the tests install, is what the bot runs on, in the same versions."""
    run, photo, dev = (locked(f"requirements{name}.txt") for name in ("", "-photo", "-dev"))
    assert run.items() <= photo.items() <= dev.items()
    assert {"onnxruntime", "rapidocr"} <= set(photo) - set(run)


def locked(name: str) -> dict[str, str]:
    """The versions in a list, by package."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pinned = (line.removesuffix(" \\").split("==") for line in lines if "==" in line and not line.startswith(" "))
    return dict(pinned)
