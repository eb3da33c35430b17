"""Scenarios: whole conversations as data, one JSON object a line.

The first line names the scenario: `{"scenario", "why", "locale", "trial"}`. Then each input (`{"say": text}`, `{"tap": choice}`,
`{"command": name}`, `{"open": locale}`, `{"edit": text, "ref": id}`, `{"media": kind}`, `{"lapse": kind}`, `{"photo_read": slip}`, `{"timer": name}`, `{"team": news, "reference": …}` (with `"trial"` and `"locale"` where its end was undone), `{"days": n}` to let time pass) is followed by the events that it leads to, as
`prescreen chat --json` prints them, without the words, and by what is waited for.

`python -m tests.scenarios.runner NAME…` writes the events of a scenario anew from its inputs: read the difference.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.channels.terminal import waiting_of
from bot.flows.inputs import (
    INPUT,
    ButtonPressed,
    Command,
    CommandGiven,
    Input,
    Lapse,
    Lapsed,
    MediaSent,
    Medium,
    Opened,
    Reply,
    ReplyEdited,
    TeamHeard,
    TimerFired,
)
from tests.talks import Talk, conversations

FOLDER = Path(__file__).parent
WORDS = ("text", "evidence", "label")

Line = dict[str, Any]


def names() -> list[str]:
    """The scenarios there are."""
    return sorted(path.stem for path in FOLDER.glob("*.jsonl"))


def lines_of(name: str) -> list[Line]:
    """The lines of a scenario as it is written down."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line]


def played(written: list[Line]) -> Iterator[Line]:
    """The scenario with the events that its inputs really lead to."""
    head, *rest = written
    yield head
    talk = Talk(conversations(head.get("trial", "4scar7u")))
    entries: list[Line] = [
        {"open": head.get("locale")},
        *(line for line in rest if not {"event", "alarms"} & set(line)),
    ]
    for place, line in enumerate(entries):
        if place:
            yield line
        if "days" in line:
            talk.now += dt.timedelta(days=line["days"])
            continue
        messages = talk.give(_input(line, talk))
        for message in messages:
            yield {"event": message.event["event"], **_without_words(message.event)}
        yield {"alarms": {alarm.timer: alarm.due.isoformat() for alarm in talk.alarms if alarm.due}}
        if messages:
            assert messages[-1].waiting is not None
            yield _without_words(waiting_of(messages[-1].waiting))


READ: dict[str, Callable[[Line, Talk], Input]] = {
    "say": lambda line, _: Reply(line["say"], line.get("ref")),
    "tap": lambda line, talk: ButtonPressed(line["tap"], line.get("step", talk.waiting.step)),
    "command": lambda line, _: CommandGiven(Command(line["command"])),
    "open": lambda line, _: Opened(locale=line["open"]),
    "edit": lambda line, _: ReplyEdited(line["edit"], line["ref"]),
    "media": lambda line, _: MediaSent(Medium(line["media"])),
    "lapse": lambda line, _: Lapsed(Lapse(line["lapse"])),
    "photo_read": lambda line, _: INPUT.validate_python({"kind": "photo_read", "slip": line["photo_read"]}),
    "timer": lambda line, talk: TimerFired(line["timer"], talk.now),
    "team": lambda line, _: TeamHeard(line["reference"], line["team"], "", line.get("trial"), line.get("locale")),
}


def _input(line: Line, talk: Talk) -> Input:
    return READ[next(key for key in READ if key in line)](line, talk)


def _without_words(value: Any) -> Any:
    """The value without what only a person reads, and without what says nothing."""
    if isinstance(value, dict):
        kept = {key: _without_words(each) for key, each in value.items() if key not in WORDS}
        return {key: each for key, each in kept.items() if each not in (None, [], {})}
    return [_without_words(each) for each in value] if isinstance(value, list) else value


def written_down(lines: Iterator[Line]) -> str:
    """A scenario as its file has it."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


if __name__ == "__main__":
    for each in sys.argv[1:] or names():
        text = written_down(played(lines_of(each)))
        (FOLDER / f"{each}.jsonl").write_text(text, encoding="utf-8")
