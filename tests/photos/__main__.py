"""`make photos`: examine the photo reader, and print its figures; exit status 1 where it fails.

Run: python -m tests.photos --count 300 --seed 1 [--only TROUBLE] [--keep DIR]
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

import click

from tests.photos.camera import TROUBLES
from tests.photos.exam import examine
from tests.photos.papers import pdfs, photographs


@click.command
@click.option("--count", type=click.IntRange(0), default=300, show_default=True, help="How many photographs.")
@click.option("--pdfs", "files", type=click.IntRange(0), default=20, show_default=True, help="How many PDF files.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same papers.")
@click.option("--only", type=click.Choice(TROUBLES), help="Photographs with one trouble alone, and no PDF files.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep here what was not read right.")
def main(count: int, files: int, seed: int, only: str | None, keep: Path | None) -> None:
    """Photograph invented slips, have them read, and hold what was read against what was printed."""
    papers = itertools.chain(photographs(range(count), seed, only), () if only else pdfs(range(files), seed))
    figures = asyncio.run(examine(papers, keep))
    for fault in figures.faults:
        click.echo(fault, err=True)
    click.echo(figures.table())
    sys.exit(0 if figures.passed else 1)


if __name__ == "__main__":
    main()
