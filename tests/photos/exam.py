"""The examination: the real reader on papers of which the truth is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.cli.parse import SLIP, Read, reader
from bot.cli.screen import DEFAULT_TRIAL
from bot.criteria.replies.contract import as_json
from bot.flows.photographed import slip_reading
from bot.photo.worker import PhotoRefused, Reader
from tests.photos.gauge import core_seconds, peak_memory
from tests.photos.marks import ASKED, MISSED, RIGHT, Mark, Tally, marked
from tests.photos.papers import Paper
from tests.photos.slips import TODAY

PATIENCE = 60.0  # seconds for one slip: a loaded machine is no fault of the reading
LEAST_RIGHT = 0.95  # of the readable values
MOST_MEMORY = 600  # MiB of the reader's process


@dataclass
class Figures:
    """What came of an examination, over all, by trouble and by laboratory."""

    all: Tally = field(default_factory=Tally)
    by_trouble: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_lab: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: list[str] = field(default_factory=list)
    peak: float = 0.0  # MiB of the reader's process

    @property
    def passed(self) -> bool:
        """Whether nothing was silently misread, enough was read, and no more memory used than may be."""
        return not self.all.silent and self.all.share_right >= LEAST_RIGHT and self.peak < MOST_MEMORY

    def add(self, paper: Paper, marks: list[Mark], seconds: float) -> None:
        """Note the marks of one paper."""
        for tally in (self.all, self.by_trouble[paper.trouble], self.by_lab[paper.lab]):
            tally.marks += marks
            tally.seconds.append(seconds)
        self.faults += [
            f"{paper.name}: {mark.what} {mark.outcome}{'' if mark.readable else ' (not readable)'}: {mark.detail}"
            for mark in marks
            if mark.outcome != RIGHT and (mark.readable or mark.outcome not in {ASKED, MISSED})
        ]

    def table(self) -> str:
        """The figures as a table for a terminal."""
        head = f"{'':16}{'readable':>9}{'right':>7}{'':>8}{'asked':>7}{'missed':>7}{'SILENT':>8}{'median':>8}{'p95':>7}"
        lines = [head]
        for tallies in (self.by_trouble, self.by_lab, {"all": self.all}):
            lines += [_line(name, tallies[name]) for name in tallies] + [""]
        days = [mark for mark in self.all.marks if mark.what == "date" and mark.readable]
        lines.append(f"dates: {sum(day.outcome == RIGHT for day in days)} of {len(days)} readable were read")
        lines.append("seconds are those of one core that the reader's process took, its start among the first")
        lines.append(f"memory of the reader's process, at most: {self.peak:.0f} MiB")
        return "\n".join(lines)


def _line(name: str, tally: Tally) -> str:
    return (
        f"{name:16}{tally.values():9}{tally.values(RIGHT):7}{tally.share_right:8.1%}{tally.values(ASKED):7}"
        f"{tally.values(MISSED):7}{tally.silent:8}{tally.second(0.5):7.2f}s{tally.second(0.95):6.2f}s"
    )


async def examine(papers: Iterable[Paper], keep: Path | None = None) -> Figures:
    """Read every paper with the real reader; papers with a fault are kept in a folder, where one is given."""
    figures, read, camera_reader = Figures(), reader(SLIP, DEFAULT_TRIAL, "patient", TODAY), Reader(seconds=PATIENCE)
    try:
        for paper in papers:
            started, before = core_seconds(), len(figures.faults)
            answers = await _answers(camera_reader, read, paper, figures)
            figures.peak = max(figures.peak, peak_memory())
            figures.add(paper, _marks(paper, answers), core_seconds() - started)
            if keep and len(figures.faults) > before:
                _kept(keep, paper, figures.faults[before:])
    finally:
        await camera_reader.close()
    return figures


async def _answers(camera_reader: Reader, read: Read, paper: Paper, figures: Figures) -> Mapping[str, Any]:
    """The entry of each analyte, as the command prints them; none where the reader refuses the paper."""
    try:
        photographed = await camera_reader.read(paper.data)
    except PhotoRefused as refused:
        figures.faults.append(f"{paper.name}: refused: {refused.reason}")
        return {}
    return as_json(slip_reading(photographed.slip, read))["slip"] or {}


def _marks(paper: Paper, answers: Mapping[str, Any]) -> list[Mark]:
    return marked(paper.printed, paper.readable, paper.collected, answers, day_readable=paper.day_readable)


def _kept(folder: Path, paper: Paper, faults: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / paper.name).write_bytes(paper.data)
    with (folder / "faults.txt").open("a") as notes:
        notes.writelines(f"{fault}\n" for fault in faults)
