"""`prescreen chat`: a conversation that nothing can make forget."""

from __future__ import annotations

import json
import os
import pty
import select
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest

ANSWERS = {
    "respondent": "patient",
    "age": "34 years",
    "sex": "male",
    "cd7": "yes",
    "hemoglobin": "9.2 g/dL",
    "creatinine": "0.9 mg/dL",
    "ast": "30 U/L",
    "alt": "28 U/L",
    "bilirubin": "0.8 mg/dL",
    "kps": "90",
    "lvef": "60%",
    "spo2": "98%",
    "consent": "yes",
    "infection": "no",
    "hiv": "no",
    "hcv": "no",
    "steroid": "no",
    "gene_therapy": "no",
}
STEPS = 150  # more than any conversation takes
MOMENTS = ("before_commit", "after_commit", "before_send", "after_send", "before_mark", "after_mark")
PATIENCE = 60  # seconds
PROMPT_READY = "\x1b[?2004h"  # the prompt takes pasted text from here on
SECRET = "my hemoglobin is 9.2 g/dL"


class Killed(Exception):
    """The process has ended in the middle of an input."""


class Chat:
    """A program that drives `prescreen chat --json` as its page says, and remembers every event."""

    def __init__(self, folder: Path, environment: dict[str, str], name: str = "ana") -> None:
        self._command = [sys.executable, "-m", "bot", "chat", "--name", name, "--lang", "en", "--json"]
        self._folder = folder
        self._environment = environment
        self.events: list[dict[str, Any]] = []
        self.waiting: dict[str, Any] = {}

    @contextmanager
    def running(self, **settings: str) -> Iterator[Self]:
        """The process, until its input ends."""
        with subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as self.process:
            try:
                self.listen()
                yield self
            finally:
                if self.process.stdin is not None:
                    with suppress(BrokenPipeError):
                        self.process.stdin.close()

    def listen(self) -> None:
        """Read until something is waited for."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == "waiting":
                self.waiting = event
                return
            self.events.append(event)
        raise Killed

    def say(self, text: str) -> None:
        """Give a reply, and read what comes."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Killed from None
        self.listen()

    def go_on(self) -> None:
        """Answer what is waited for."""
        choices = self.waiting["choices"]
        question = self.waiting["question"]
        if self.waiting["state"] in ("asking", "clarifying") and question in ANSWERS:
            self.say(ANSWERS[question])
        else:
            self.say(choices[0]["id"] if choices else "no")

    @property
    def assessed(self) -> dict[str, Any] | None:
        """The assessment, once there is one."""
        return next((event for event in self.events if event["event"] == "assessed"), None)

    def finish(self) -> dict[str, Any]:
        """Go on to the assessment."""
        for _ in range(STEPS):
            if self.assessed is not None:
                return self.assessed
            self.go_on()
        raise AssertionError(f"no assessment after {STEPS} replies; waiting for {self.waiting}")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Chat:
    """A conversation that nothing has interrupted."""
    from tests.acceptance.conftest import ROOT

    chat = Chat(tmp_path_factory.mktemp("whole"), {**os.environ, "PYTHONPATH": str(ROOT)})
    with chat.running():
        chat.finish()
    return chat


def asked(chat: Chat) -> list[str]:
    """The questions, in the order in which they were asked."""
    return list(dict.fromkeys(event["question"] for event in chat.events if event["event"] == "question_asked"))


def test_a_conversation_ends_in_an_assessment(whole: Chat) -> None:
    """The answers of a person who fits lead to findings and a verdict."""
    assert whole.assessed is not None
    assert whole.assessed["verdict"] == "likely_eligible"
    assert whole.process.returncode == 0
    assert set(asked(whole)) == set(ANSWERS)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", [1, 14])
def test_killed_at_any_moment_it_goes_on_where_it_was(
    whole: Chat, tmp_path: Path, environment: dict[str, str], moment: str, nth: int
) -> None:
    """No question is skipped, none is asked in another order, no answer counts twice, the verdict is the same."""
    chat = Chat(tmp_path, environment)
    with pytest.raises(Killed), chat.running(PRESCREEN_FAILPOINT=f"{moment}:{nth}"):
        chat.finish()
    assert chat.process.wait() == -9
    with chat.running():
        assert chat.finish() == whole.assessed
    assert asked(chat) == asked(whole)
    told = [event["text"] for event in chat.events]
    assert all(event["text"] in told for event in whole.events)


def test_started_again_it_says_where_the_person_is(tmp_path: Path, environment: dict[str, str]) -> None:
    """The first line is `resumed`, and the same is waited for."""
    chat = Chat(tmp_path, environment)
    with chat.running():
        for _ in range(5):
            chat.go_on()
    before, chat.events = chat.waiting, []
    with chat.running():
        assert chat.events[0]["event"] == "resumed"
        assert chat.waiting == before


def test_names_are_conversations_of_their_own(tmp_path: Path, environment: dict[str, str]) -> None:
    """Two people share a database at the same time and do not meet."""
    ana, ben = Chat(tmp_path, environment, "ana"), Chat(tmp_path, environment, "ben")
    with ana.running(), ben.running():
        for _ in range(6):
            ana.go_on()
        ben.go_on()
        for _ in range(6):
            ana.go_on()
            ben.go_on()
    ana_steps, ben_steps = asked(ana), asked(ben)
    assert ben_steps == ana_steps[: len(ben_steps)]
    assert len(ben_steps) < len(ana_steps)


def test_a_choice_is_answered_by_its_number_id_or_label(tmp_path: Path, environment: dict[str, str]) -> None:
    """Each leads to the same place."""
    reached = []
    for name, pick in (("id", "id"), ("label", "label"), ("number", None)):
        chat = Chat(tmp_path, environment, name)
        with chat.running():
            for _ in range(2):
                choice = chat.waiting["choices"][0]
                chat.say(choice[pick] if pick else "1")
        reached.append((chat.waiting["state"], chat.waiting["question"]))
    assert len(set(reached)) == 1


def test_what_a_pipe_gets_is_a_plain_transcript(prescreen: Any) -> None:
    """Replies after a `>`, choices numbered, no colour; the end of input is no error."""
    done = prescreen("chat", "--lang", "en", given="1\n1\n")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\n> 1\n" in done.stdout
    assert "\n  1. " in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("reply", [b"", b"\xff\xfe\x00", b"x" * 100_000, "١２三\u202e".encode(), b"\x1b[2J", b"{}"])
def test_no_reply_stops_it(prescreen: Any, reply: bytes) -> None:
    """An empty line, bytes that are no text, a very long line: each is one reply, and the next is read."""
    done = prescreen("chat", "--lang", "en", "--json", given=reply + b"\nhelp\n")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["event"] for line in done.stdout.splitlines()].count("waiting") == 3


def test_a_conversation_is_recorded_as_a_scenario(prescreen: Any, tmp_path: Path) -> None:
    """The file names the scenario, holds replies, events and what was waited for, and is added to."""
    for _ in range(2):
        assert prescreen("chat", "--lang", "en", "--record", "talk.jsonl", given="1\n").returncode == 0
    lines = [json.loads(line) for line in (tmp_path / "talk.jsonl").read_text().splitlines()]
    assert lines[0] == {"scenario": "talk", "why": "recorded", "locale": "en"}
    assert [line for line in lines if "event" not in line][1:] == [{"say": "1"}, {"open": "en"}, {"say": "1"}]
    assert [line.get("event") for line in lines].count("waiting") == 4


def test_nothing_said_is_readable_in_the_file_or_the_log(prescreen: Any, tmp_path: Path) -> None:
    """Neither in the database and what lies beside it, nor on standard error with the log at its most talkative."""
    done = prescreen("chat", "--lang", "en", given=f"1\n{SECRET}\n", PRESCREEN_LOG_LEVEL="debug")
    assert SECRET in done.stdout
    assert SECRET not in done.stderr
    for file in (tmp_path / "data").iterdir():
        assert SECRET.encode() not in file.read_bytes()


def test_a_database_that_is_held_is_one_clear_sentence(prescreen: Any, tmp_path: Path) -> None:
    """Waited for, then named; exit status 1."""
    assert prescreen("db", "upgrade").returncode == 0
    holder = sqlite3.connect(tmp_path / "data" / "prescreen.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = prescreen("chat", given="1\n")
    holder.close()
    assert done.returncode == 1
    assert "held by another process: wait for it or stop it" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "named"), [(["--lang", "tlh"], "tlh"), (["--trial", "none"], "none"), (["--record", "/"], "/")]
)
def test_what_is_not_known_is_named(prescreen: Any, arguments: list[str], named: str) -> None:
    """One sentence, and nothing on standard output."""
    done = prescreen("chat", *arguments)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert named in done.stderr.splitlines()[-1]


def test_a_person_at_a_terminal_is_asked_and_can_leave(tmp_path: Path, environment: dict[str, str]) -> None:
    """There is a prompt; a choice is picked by its number; Control-D ends it, and nothing is lost."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "chat", "--lang", "en"]
    settings = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}  # nobody answers where the cursor is
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment | settings, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    _read_until(ours, "  1. I am the patient", PROMPT_READY)
    os.write(ours, b"1\r")
    _read_until(ours, "  1. Yes", PROMPT_READY)
    os.write(ours, b"\x04")
    _read_until(ours)
    assert process.wait(timeout=PATIENCE) == 0
    os.close(ours)


def _read_until(terminal: int, *marks: str) -> str:
    """What the screen shows until all marks were seen, one after the other (without marks: until it ends)."""
    screen = unread = ""
    left = list(marks)
    deadline = time.monotonic() + PATIENCE
    while (left or not marks) and time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 1)
        if not ready:
            continue
        try:
            piece = os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            break
        if not piece:
            break
        screen += piece
        unread += piece
        while left and left[0] in unread:
            unread = unread.partition(left.pop(0))[2]
    assert not left, f"{left} never came: {screen!r}"
    return screen
