"""Help: fast, whole, and with an example everywhere."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import Any

import click
import pytest

from bot.cli import COMMANDS, cli


def all_commands() -> list[tuple[str, click.Command]]:
    """Every command there is, with its name in full."""
    found = []
    for name in COMMANDS:
        command = import_module(f"bot.cli.{name}").command
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", inner) for sub, inner in command.commands.items()]
    return found


def test_the_overview_names_every_command(prescreen: Any) -> None:
    """`prescreen --help` lists them all, on standard output alone."""
    done = prescreen("--help")
    assert done.returncode == 0
    assert done.stderr == ""
    for name, line in COMMANDS.items():
        assert name in done.stdout
        assert line in done.stdout


def test_help_imports_no_more_than_it_needs(environment: dict[str, str]) -> None:
    """The overview loads neither the database, nor the models, nor a channel: that is what keeps it fast."""
    script = "import sys, bot.cli; bot.cli.cli(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    loaded = set(done.stdout.split())
    assert "click" in loaded
    assert not loaded & {"sqlalchemy", "pydantic", "yaml", "rich", "telegram", "cryptography", "babel", "asyncio"}


@pytest.mark.parametrize(("name", "command"), all_commands())
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    """Its help says what it does, and shows it."""
    assert command.help is not None
    assert "Example" in command.help, f"prescreen {name} shows no example"
    assert f"prescreen {name}" in command.help


def test_the_version_is_that_of_the_package(prescreen: Any) -> None:
    """It is written in one place."""
    from bot import __version__

    assert prescreen("--version").stdout.strip().endswith(__version__)


@pytest.mark.parametrize("arguments", [["nonsense"], ["chat", "--nonsense"], ["chat", "--name", ""]])
def test_bad_usage_is_one_clear_sentence(prescreen: Any, arguments: list[str]) -> None:
    """Exit status 2, nothing on standard output, no traceback."""
    done = prescreen(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [
        ("PRESCREEN_LOG_LEVEL", "loud", "should be 'debug', 'info', 'warning' or 'error'"),
        ("PRESCREEN_TRIALS", "nowhere.yaml", "there is no file nowhere.yaml"),
        ("PRESCREEN_KEY_FILE", "nowhere.key", "cannot be read: nowhere.key"),
        ("PRESCREEN_KEY", "short", "give 32 random bytes in base64"),
        ("PRESCREEN_DATABASE", "mysql://here/x", "must be an SQLite path or a URL that starts with postgresql://"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name_and_the_mend(
    prescreen: Any, setting: str, value: str, mend: str
) -> None:
    """One sentence, exit status 2."""
    done = prescreen("db", "upgrade", **{setting: value})
    assert done.returncode == 2
    assert done.stdout == ""
    assert setting in done.stderr
    assert mend in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_key_is_one_clear_sentence(prescreen: Any) -> None:
    """No traceback; exit status 1."""
    first, second = ("A" * 43 + "=", "B" * 42 + "A=")
    assert prescreen("db", "upgrade", PRESCREEN_KEY=first).returncode == 0
    done = prescreen("db", "check", PRESCREEN_KEY=second)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The key given does not open this database")
    assert len(done.stderr.splitlines()) == 1


def test_the_database_is_made_checked_and_copied(prescreen: Any, tmp_path: Any) -> None:
    """Upgrade makes it, check finds it sound, backup copies it once."""
    assert prescreen("db", "check").stderr.startswith("Error: There is no database ")
    for _ in range(2):
        assert prescreen("db", "upgrade").returncode == 0
    assert prescreen("db", "check").returncode == 0
    assert prescreen("data", "backup", "copy.db").returncode == 0
    assert (tmp_path / "copy.db").stat().st_size == (tmp_path / "data" / "prescreen.db").stat().st_size
    done = prescreen("data", "backup", "copy.db")
    assert (done.returncode, done.stderr) == (1, "Error: copy.db exists already: name another file for the copy.\n")


def test_the_group_is_the_one_that_the_command_runs() -> None:
    """`prescreen` and `python -m bot` are the same."""
    from bot.__main__ import main

    with pytest.raises(SystemExit) as ended:
        cli(["--version"])
    assert ended.value.code == 0
    assert callable(main)
