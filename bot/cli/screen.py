"""`prescreen screen`: candidates without a conversation."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from bot.cli.params import DAY, LANGUAGE
from bot.cli.records import Record, RecordError, parsed, texts

if TYPE_CHECKING:
    from bot.criteria.compiled import CompiledTrial

DEFAULT_TRIAL = "4scar7u"
Screen = Callable[[Record], dict[str, Any]]


@click.command
@click.option("--trial", default=DEFAULT_TRIAL, show_default=True, metavar="T", help="A trial's id, or its file.")
@click.option("--lang", type=LANGUAGE, default="en", show_default=True, help="The language of the evidence.")
@click.option("--today", type=DAY, help="The date to count from; today at the trial's sites if not given.")
@click.argument("file", type=click.File("rb"), default="-")
@click.pass_context
def command(ctx: click.Context, *, trial: str, lang: str, today: dt.date | None, file: IO[bytes]) -> None:
    """Screen candidates: JSON in, the verdict and every finding as JSON out, one line each.

    FILE (or standard input) is one JSON object, or one a line: question id to the reply as one would type it.

    \b
    Example:
      echo '{"age": "34 years", "sex": "female", "slip": "Hb 92 g/L; ALT 28 U/L (9-50)"}' | prescreen screen
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are
    screen = screener(trial, lang, today)
    failed = False
    for result in results(_watched(file), screen):
        failed = failed or "error" in result
        click.echo(json.dumps(result, ensure_ascii=False))
    ctx.exit(int(failed))


def _watched(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of the file, with a progress bar where a person waits for results that go elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty() or not file.seekable():
        yield from file
        return
    with click.progressbar(length=os.fstat(file.fileno()).st_size, label="Screening", file=sys.stderr) as bar:
        for line in file:
            yield line
            bar.update(len(line))


def results(file: Iterable[bytes], screen: Screen) -> Iterator[dict[str, Any]]:
    """The result of each record, or `{"id", "error"}` for one that cannot be screened."""
    from bot.criteria.candidate import CandidateError

    for text in texts(file):
        record_id: object = None
        try:
            record = parsed(text)
            record_id = record.id
            yield screen(record)
        except RecordError as error:
            yield {"id": error.record_id, "error": str(error)}
        except CandidateError as error:
            yield {"id": record_id, "error": str(error)}


def screener(name: str, language: str, today: dt.date | None) -> Screen:
    """What screens a record for a trial. Raises `Mendable` where the trial cannot be loaded."""
    from bot.criteria.candidate import Intake
    from bot.criteria.replies.contract import as_json
    from bot.library import trials
    from bot.speech.findings import assessment_json
    from bot.speech.labels import choice_labels

    trial = trials.load_compiled(name)
    catalogue = trials.catalogue_for(name)
    labels = choice_labels(trial.protocol, catalogue)
    intake = Intake(trial, trials.lexicon_for(trial), labels, today or today_at(trial))

    def screen(record: Record) -> dict[str, Any]:
        candidate = intake.screen(record.replies)
        return {
            "id": record.id,
            "trial": trial.protocol.id,
            "trial_version": trial.protocol.version,
            **assessment_json(candidate.assessment, trial.protocol, catalogue, language),
            "replies": {name: as_json(reading) for name, reading in candidate.replies.items()},
            "unanswered": list(candidate.assessment.unanswered),
        }

    return screen


def today_at(trial: CompiledTrial) -> dt.date:
    """The date now at the trial's sites."""
    from zoneinfo import ZoneInfo

    return dt.datetime.now(ZoneInfo(trial.protocol.timezone)).date()
