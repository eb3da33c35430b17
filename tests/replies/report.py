"""How well replies are read: `python -m tests.replies.report`. Exit status 1 if one is misread."""

from __future__ import annotations

import sys
from collections import Counter

import click

from tests.replies.corpus import cases


def main() -> int:
    """Print the misreadings, the other differences, and the accuracy by language and by kind of question."""
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    misread = 0
    for case in cases():
        for group in ("all", case.language, case.kind):
            total[group] += 1
            right[group] += case.right
        misread += case.misread
        if not case.right:
            mark = "MISREAD" if case.misread else "differs"
            click.echo(
                f"{mark} {case.question}: {case.reply!r}: {case.why}\n  wanted {case.wanted}\n  read   {case.said}"
            )
    click.echo(f"{misread} silent misreadings in {total['all']} replies")
    for group in total:
        click.echo(f"{group:10} {right[group]:5} of {total[group]:5}  {100 * right[group] / total[group]:6.2f} %")
    return int(misread > 0)


if __name__ == "__main__":
    sys.exit(main())
