"""The prescreening log as a flow chart, as reports of trials show who was assessed, left out, and referred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

MAIN_X, SIDE_X = 20, 340  # pixels, as all below
BOX_WIDTH = 280
LINE = 20
PADDING = 12
GAP = 28
WIDTH = SIDE_X + BOX_WIDTH + MAIN_X


@dataclass(frozen=True, slots=True)
class Step:
    """A box of the way down, and the one beside it for those who leave there."""

    lines: tuple[str, ...]
    leaving: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """How much room it takes."""
        return max(len(self.lines), len(self.leaving)) * LINE + 2 * PADDING


def steps(rows: Sequence[dict[str, str]]) -> list[Step]:
    """The chart of the log's rows (see `bot.cli.log`)."""
    verdicts = Counter(row["verdict"] for row in rows)
    left_out = [row for row in rows if row["verdict"] == "not_eligible"]
    later = [row for row in rows if row["verdict"] == "not_yet"]
    going_on = len(rows) - len(left_out) - len(later)
    referred = [row for row in rows if row["outcome"]]
    outcomes = Counter(row["outcome"].replace("_", " ") for row in referred)
    reasons = (*_by_criterion("Not eligible", left_out), *_by_criterion("Not yet", later))
    open_ = (f"  some points open: {verdicts['undetermined']}",) if verdicts["undetermined"] else ()
    return [
        Step((f"Pre-screened (n = {len(rows)})",), reasons),
        Step(
            (f"May be eligible (n = {going_on})", *open_), (f"Asked for no contact (n = {going_on - len(referred)})",)
        ),
        Step((f"Referred to a site (n = {len(referred)})", *(f"  {name}: {n}" for name, n in outcomes.most_common()))),
    ]


def _by_criterion(title: str, rows: Sequence[dict[str, str]]) -> tuple[str, ...]:
    """How many there are, by the first criterion that failed."""
    counts = Counter(row["first_failing"] for row in rows)
    return (f"{title} (n = {len(rows)})", *(f"  {code}: {n}" for code, n in counts.most_common()))


def svg(rows: Sequence[dict[str, str]]) -> str:
    """The chart as an SVG picture."""
    shapes: list[str] = []
    top = GAP
    chart = steps(rows)
    for number, step in enumerate(chart):
        shapes += _drawn(step, top, last=number == len(chart) - 1)
        top += step.height + GAP
    style = "text{font:14px sans-serif}rect{fill:#fff;stroke:#333}line{stroke:#333}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">'
        f"<title>Flow of pre-screened people</title><style>{style}</style>{''.join(shapes)}</svg>\n"
    )


def _drawn(step: Step, top: int, *, last: bool) -> Iterator[str]:
    middle, down = MAIN_X + BOX_WIDTH // 2, top + step.height
    if not last:
        yield f'<line x1="{middle}" y1="{down}" x2="{middle}" y2="{down + GAP}"/>'
    if step.leaving:
        across = top + step.height // 2
        yield f'<line x1="{MAIN_X + BOX_WIDTH}" y1="{across}" x2="{SIDE_X}" y2="{across}"/>'
        yield from _box(step.leaving, SIDE_X, top, step.height)
    yield from _box(step.lines, MAIN_X, top, step.height)


def _box(lines: Sequence[str], left: int, top: int, height: int) -> Iterator[str]:
    yield f'<rect x="{left}" y="{top}" width="{BOX_WIDTH}" height="{height}"/>'
    for number, line in enumerate(lines, 1):
        indent = PADDING * (2 if line.startswith(" ") else 1)
        yield f'<text x="{left + indent}" y="{top + number * LINE + PADDING - 6}">{escape(line.strip())}</text>'
