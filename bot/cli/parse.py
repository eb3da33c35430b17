"""`prescreen parse`: what replies are read as."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from bot.cli.params import DAY, LANGUAGE
from bot.cli.screen import DEFAULT_TRIAL, today_at
from bot.errors import Mendable

if TYPE_CHECKING:
    from bot.criteria.compiled import CompiledTrial
    from bot.criteria.reading import Reading, Role

SLIP = "slip"
RESPONDENTS = ("patient", "caregiver", "staff")
MAX_LINE = 100_000  # characters: what is longer is cut, for it is too long a reply anyway

Read = Callable[[str], "Reading"]


class UnknownQuestion(Mendable):
    """A question that the trial does not ask."""

    exit_status = 2


@click.command
@click.option("--question", required=True, metavar="Q", help="A question's id, or `slip` for a laboratory slip.")
@click.option("--trial", default=DEFAULT_TRIAL, show_default=True, metavar="T", help="A trial's id, or its file.")
@click.option("--lang", type=LANGUAGE, default="en", show_default=True, help="Words of every language are read.")
@click.option("--respondent", type=click.Choice(RESPONDENTS), default="patient", show_default=True, help="Who answers.")
@click.option("--today", type=DAY, help="The date to count from; today at the trial's sites if not given.")
@click.option(
    "--photo",
    "photos",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A photograph or PDF of the slip, in place of standard input; several are its pages.",
)
@click.option("--explain", is_flag=True, help="Show what each part was taken for; of a photograph, beside it.")
@click.option("--json", "as_objects", is_flag=True, help="JSON with --explain on a terminal too.")
def command(  # noqa: PLR0913 - one for each option
    *,
    question: str,
    trial: str,
    lang: str,
    respondent: str,
    today: dt.date | None,
    photos: tuple[Path, ...],
    explain: bool,
    as_objects: bool,
) -> None:
    """Read replies from standard input, one a line, and print what each was read as: one JSON object each.

    \b
    Examples:
      echo 'Hb 9.2 g/dL (13-17)' | prescreen parse --question hemoglobin
      prescreen parse --question slip --photo slip.jpg --explain
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    from bot.cli.photographs import photographed
    from bot.criteria.replies.contract import as_json
    from bot.library import trials

    del lang  # accepted as by every command: the words of every language are read
    read = reader(question, trial, respondent, today)
    if photos:
        if question != SLIP:
            raise click.BadOptionUsage("photos", f"--photo reads a whole slip: write --question {SLIP}")
        day = today or today_at(trials.load_compiled(trial))
        sys.stdout.write(json.dumps(photographed(photos, read, day, explain=explain), ensure_ascii=False) + "\n")
        return
    coloured = explain and not as_objects and sys.stdout.isatty()
    for reply in replies(sys.stdin.buffer):
        reading = read(reply)
        if coloured:
            show(reading)
        else:
            sys.stdout.write(json.dumps(as_json(reading, explain=explain), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def replies(lines: Iterable[bytes] | IO[bytes]) -> Iterator[str]:
    """The reply on each line; bytes that are no UTF-8 become the replacement character."""
    for line in lines:
        yield line.decode("utf-8", "replace").rstrip("\r\n")[:MAX_LINE]


def reader(question: str, name: str, respondent: str, today: dt.date | None) -> Read:
    """What reads a reply to a question of a trial. Raises `Mendable` where there is no such question or trial."""
    from bot.criteria.protocol import Respondent
    from bot.criteria.replies import read, read_slip
    from bot.library import trials
    from bot.speech.labels import choice_labels

    trial = trials.load_compiled(name)
    lexicon, who, day = trials.lexicon_for(trial), Respondent(respondent), today or today_at(trial)
    if question == SLIP:
        asked = _measured(trial)
        return lambda reply: read_slip(
            reply, lexicon=lexicon, analytes=trial.analytes, respondent=who, today=day, asked=asked
        )
    labels = choice_labels(trial.protocol, trials.catalogue_for(name)).get(question, {})
    asked_question = trial.protocol.by_id.get(question)
    if asked_question is None:
        raise _unknown(question, trial.protocol.by_id)
    return lambda reply: read(
        asked_question, reply, lexicon=lexicon, analytes=trial.analytes, respondent=who, today=day, labels=labels
    )


def _measured(trial: CompiledTrial) -> set[str]:
    """The codes of the analytes that the trial asks for."""
    return {question.analyte for question in trial.protocol.questions if question.analyte}


def _unknown(question: str, known: Collection[str]) -> UnknownQuestion:
    near = difflib.get_close_matches(question, [*known, SLIP]) or [*known, SLIP]
    return UnknownQuestion(f"the trial has no question `{question}`: write {' or '.join(near)}")


def show(reading: Reading) -> None:
    """One line on the terminal: the reply, each part in the colour of what it was taken for, and what came of it."""
    from rich.console import Console
    from rich.text import Text

    line = Text(reading.reply)
    for span in reading.spans:
        line.stylize(_colour(span.role), span.start, span.end)
    reason = f" ({reading.reason})" if reading.reason else ""
    line.append(f"   {reading.outcome}{reason}   ", "bold")
    for role in dict.fromkeys(span.role for span in reading.spans):
        line.append(f"{role} ", _colour(role))
    Console(highlight=False).print(line)


def _colour(role: Role) -> str:
    return _COLOURS.get(role.value, "dim")


_COLOURS = {
    "name": "cyan",
    "value": "bold green",
    "unit": "green",
    "range": "blue",
    "flag": "magenta",
    "date": "yellow",
    "hedge": "magenta",
    "choice": "bold green",
    "absent": "bold yellow",
    "unread": "bold red",
}
