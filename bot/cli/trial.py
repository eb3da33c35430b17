"""`prescreen trial`: the trials known, and what can be made of one."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.link import link
from bot.cli.params import DAY, LANGUAGE
from bot.cli.tables import print_table

if TYPE_CHECKING:
    from bot.criteria.compiled import CompiledTrial
    from bot.library.boundaries import Boundary
    from bot.speech.catalogue import Catalogue

in_language = click.option("--lang", type=LANGUAGE, default="en", show_default=True, help="The language of the texts.")
as_data = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@click.group
def command() -> None:
    """The trials known: list, check, show, test.

    A trial is named by its id, or by the path of its file.

    \b
    Example:
      prescreen trial show 4scar7u --lang es
    """  # noqa: D301 - \b is click's mark for lines that are kept as they are


command.add_command(link)


@command.command("list")
@as_data
def list_trials(*, as_json: bool) -> None:
    """List the trials known.

    \b
    Example:
      prescreen trial list
    """  # noqa: D301
    from bot.library.trials import known

    rows = [{"id": each.id, "version": each.version, "title": each.title} for each in known()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    print_table(("id", "version", "title"), [tuple(row.values()) for row in rows])


@command.command
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, *, files: tuple[Path, ...]) -> None:
    """Check trial files: prints file:line:column, what is wrong, and the mend.

    \b
    Example:
      prescreen trial check mytrial.yaml
    """  # noqa: D301
    from bot.library.inspect import inspect

    issues = [issue for path in files for issue in inspect(path)]
    for issue in issues:
        click.echo(str(issue))
    ctx.exit(int(bool(issues)))


@command.command
@click.argument("trial", metavar="T")
@in_language
@as_data
def show(*, trial: str, lang: str, as_json: bool) -> None:
    """Show a trial's questions and criteria.

    \b
    Example:
      prescreen trial show 4scar7u --lang zh-Hans --json
    """  # noqa: D301
    shown = _shown(*_loaded(trial), lang)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{shown['title']} ({shown['id']} {shown['version']})\n")
    questions = [(each["id"], each["kind"], ", ".join(each["asked_of"]), each["text"]) for each in shown["questions"]]
    print_table(("question", "kind", "asked of", "text"), questions)
    click.echo()
    criteria = [(each["code"], each["text"], each["rule"]) for each in shown["criteria"]]
    print_table(("criterion", "text", "rule"), criteria)


@command.command
@click.argument("trial", metavar="T")
@in_language
def script(*, trial: str, lang: str) -> None:
    """Print the whole conversation as a Markdown document, every wording in it.

    \b
    Example:
      prescreen trial script 4scar7u --lang es > script.md
    """  # noqa: D301
    from bot.speech.script import script as whole_script

    compiled, catalogue = _loaded(trial)
    click.echo(whole_script(compiled.protocol, catalogue, lang), nl=False)


@command.command
@click.argument("trial", metavar="T")
@click.option("--format", "kind", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True)
def diagram(*, trial: str, kind: str) -> None:
    """Draw the conversation's state machine.

    \b
    Example:
      prescreen trial diagram 4scar7u --format svg > conversation.svg
    """  # noqa: D301
    from bot.library import diagram as drawing
    from bot.library.trials import load

    draw = drawing.svg if kind == "svg" else drawing.mermaid
    click.echo(draw(load(trial)), nl=False)


@command.command
@click.argument("trial", metavar="T")
@click.option("--today", type=DAY, help="The date to count from; the same one every time if not given.")
@as_data
@click.pass_context
def test(ctx: click.Context, *, trial: str, today: dt.date | None, as_json: bool) -> None:
    """Test a trial's rules: replies on both sides of every limit, in every unit, read and judged.

    \b
    Example:
      prescreen trial test 4scar7u
    """  # noqa: D301
    from bot.criteria.candidate import Intake
    from bot.library.boundaries import Bench
    from bot.library.inspect import REFERENCE_DAY
    from bot.library.trials import lexicon_for

    compiled, _ = _loaded(trial)
    bench = Bench(Intake(compiled, lexicon_for(compiled), {}, today or REFERENCE_DAY))
    boundaries = list(bench.boundaries())
    failed = [each for each in boundaries if not each.passed]
    rows = [_tested(each) for each in (boundaries if as_json else failed)]
    if as_json:
        click.echo(json.dumps({"tests": rows, "passed": len(boundaries) - len(failed), "failed": len(failed)}))
    else:
        if rows:
            print_table(tuple(rows[0]), [tuple(map(str, row.values())) for row in rows])
        click.echo(f"{len(boundaries)} tests of {compiled.protocol.id}: {len(failed)} failed")
    ctx.exit(int(bool(failed)))


def _tested(boundary: Boundary) -> dict[str, Any]:
    return {
        "criterion": boundary.code,
        "question": boundary.sample.question,
        "reply": boundary.sample.reply,
        "expected": boundary.expected.value,
        "found": boundary.found.value,
    }


def _loaded(name: str) -> tuple[CompiledTrial, Catalogue]:
    """The trial and its texts. Raises `Mendable` where there is none of that name."""
    from bot.library.trials import catalogue_for, load_compiled

    return load_compiled(name), catalogue_for(name)


def _shown(trial: CompiledTrial, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """The trial as `--json` prints it. A question's text is that of the first respondent it is put to."""
    from bot.speech.labels import label

    def text(key: str) -> str:
        return catalogue.text(language, key)

    protocol = trial.protocol
    questions = [
        {
            "id": each.id,
            "kind": each.kind.value,
            "text": text(f"question.{each.id}.ask.{each.asked_of[0]}"),
            "texts": {who.value: text(f"question.{each.id}.ask.{who}") for who in each.asked_of},
            "help": text(f"question.{each.id}.help"),
            "choices": [
                {"id": choice, "label": label(catalogue, language, each.id, choice)} for choice in each.choices
            ],
            "asked_of": [who.value for who in each.asked_of],
        }
        for each in protocol.questions
    ]
    criteria = [
        {
            "code": each.criterion.code,
            "category": each.criterion.category.value,
            "text": text(f"criterion.{each.criterion.code}"),
            "registry_text": each.criterion.text,
            "rule": each.criterion.rule,
            "applies_when": list(each.criterion.applies_when),
            "recoverable": each.criterion.recoverable,
            "questions": list(each.questions),
        }
        for each in trial.criteria
    ]
    sites = [{"id": each.id, "name": text(f"site.{each.id}")} for each in protocol.sites]
    identity = {"id": protocol.id, "version": protocol.version, "title": text("trial.title")}
    return {**identity, "questions": questions, "criteria": criteria, "sites": sites}
