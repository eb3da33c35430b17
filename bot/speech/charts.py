"""The figures of the prescreening log: who was assessed, left out and referred, and how many came each week.

A figure is laid out once, as boxes, lines and labels; `svg` writes it, and `bot.speech.charts_png` draws the same.
Lengths are pixels. Nothing in a figure is anybody's own: only counts.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

Words = Callable[..., str]
"""The text of a key in one language, with its placeholders filled in: `Catalogue.text` for a locale."""

INK, PAPER = "#1f2933", "#ffffff"
TEXT_SIZE = 14
WIDE, NARROW = 1.0, 0.6  # of the size of the text: about how much room a character takes

MARGIN = 20
LINE = 20
PADDING = 12
GAP = 28
NARROWEST = 280  # a box of the flow

WEEKS = 12
WEEK_WIDTH, BAR_WIDTH, TALLEST = 66, 18, 180
SERIES = (("screened", "#b8c4d0"), ("possible", "#5b8db8"), ("referred", "#174a7c"))
"""What is counted for each week, and its colour: light to dark, so that it also reads in grey."""


@dataclass(frozen=True, slots=True)
class Screened:
    """One screening of the log. `verdict`, `failing` (the first criterion), `outcome` (a referral's stage): codes."""

    on: dt.date
    verdict: str
    failing: str = ""
    outcome: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether nothing speaks against the person as yet."""
        return self.verdict not in {"not_eligible", "not_yet"}

    @property
    def referred(self) -> bool:
        """Whether a site was asked to contact the person."""
        return self.goes_on and bool(self.outcome)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float
    fill: str = PAPER
    edge: str = INK


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text on its baseline, which begins at `x`, or has it in its middle."""

    x: float
    y: float
    text: str
    centred: bool = False


Shape = Box | Stroke | Label


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: its title, for who cannot see it, and what it is drawn of, from back to front."""

    title: str
    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A box of the way down, and the lines of the one beside it for those who leave there."""

    lines: tuple[str, ...]
    leaving: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """How much room it takes."""
        return max(len(self.lines), len(self.leaving)) * LINE + 2 * PADDING


def steps(people: Sequence[Screened], words: Words) -> list[Step]:
    """The way of all these people: each is in one box of every step. A line that begins with a blank is a part of the one above."""
    going = [each for each in people if each.goes_on]
    referred = [each for each in going if each.referred]
    out = [each for each in people if each.verdict == "not_eligible"]
    later = [each for each in people if each.verdict == "not_yet"]
    open_ = sum(each.verdict == "undetermined" for each in going)
    stages = Counter(words(f"stage.{each.outcome}") for each in referred)

    def counted(key: str, n: int) -> str:
        return words(f"chart.flow.{key}", n=str(n))

    reasons = (
        *(counted("not_eligible", len(out)), *_parts(Counter(each.failing for each in out))),
        *(counted("not_yet", len(later)), *_parts(Counter(each.failing for each in later))),
    )
    points = (f" {counted('open', open_)}",) if open_ else ()
    return [
        Step((counted("screened", len(people)),), reasons),
        Step((counted("possible", len(going)), *points), (counted("no_contact", len(going) - len(referred)),)),
        Step((counted("referred", len(referred)), *_parts(stages))),
    ]


def _parts(counts: Counter[str]) -> Iterator[str]:
    """A line for each, the most frequent first, and names in order among equals."""
    for name, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield f" {name}: {n}"


def flow(people: Sequence[Screened], words: Words) -> Figure:
    """The flow of pre-screened people, as reports of trials show it (CONSORT 2010, https://www.equator-network.org)."""
    chart = steps(people, words)
    main, side = _width(line for step in chart for line in step.lines), _width(_leaving(chart))
    shapes: list[Shape] = []
    top = MARGIN
    for number, step in enumerate(chart, 1):
        shapes += _step(step, top, main, side, last=number == len(chart))
        top += step.height + GAP
    return Figure(words("chart.flow.title"), round(main + side + GAP + 2 * MARGIN), top - GAP + MARGIN, tuple(shapes))


def _leaving(chart: Sequence[Step]) -> Iterator[str]:
    return (line for step in chart for line in step.leaving)


def _width(lines: Iterator[str]) -> float:
    """How wide a box must be for these lines."""
    return max(NARROWEST, *(room(line) + 3 * PADDING for line in lines))


def room(text: str) -> float:
    """About how wide a text is."""
    return TEXT_SIZE * sum(WIDE if unicodedata.east_asian_width(each) in "WF" else NARROW for each in text)


def _step(step: Step, top: float, main: float, side: float, *, last: bool) -> Iterator[Shape]:
    middle, down, beside = MARGIN + main / 2, top + step.height, MARGIN + main + GAP
    if not last:
        yield Stroke(middle, down, middle, down + GAP)
    if step.leaving:
        across = top + step.height / 2
        yield Stroke(MARGIN + main, across, beside, across)
        yield from _box(step.leaving, Box(beside, top, side, step.height))
    yield from _box(step.lines, Box(MARGIN, top, main, step.height))


def _box(lines: Sequence[str], box: Box) -> Iterator[Shape]:
    yield box
    for number, line in enumerate(lines, 1):
        indent = PADDING * (2 if line.startswith(" ") else 1)
        yield Label(box.left + indent, box.top + number * LINE + PADDING - 6, line.strip())


def by_week(people: Sequence[Screened], until: dt.date, weeks: int = WEEKS) -> list[tuple[dt.date, tuple[int, ...]]]:
    """For each of the weeks up to that of `until`, its Monday and how many of each of `SERIES` were first assessed in it."""
    last = until - dt.timedelta(days=until.weekday())
    mondays = [last - dt.timedelta(weeks=back) for back in reversed(range(weeks))]
    screened = Counter(_monday(each) for each in people)
    possible = Counter(_monday(each) for each in people if each.goes_on)
    referred = Counter(_monday(each) for each in people if each.referred)
    return [(monday, (screened[monday], possible[monday], referred[monday])) for monday in mondays]


def _monday(each: Screened) -> dt.date:
    return each.on - dt.timedelta(days=each.on.weekday())


def weekly(people: Sequence[Screened], until: dt.date, words: Words) -> Figure:
    """How many people were pre-screened in each of the last weeks, how many may be eligible, and how many were referred."""
    weeks = by_week(people, until)
    highest = max(1, *(n for _, counts in weeks for n in counts))
    title, axis = words("chart.weekly.title"), MARGIN + 2 * LINE + TALLEST + GAP
    width = WEEK_WIDTH * len(weeks) + 2 * MARGIN
    shapes: list[Shape] = [Label(MARGIN, MARGIN + TEXT_SIZE, title), *_legend(words)]
    for number, (monday, counts) in enumerate(weeks):
        left = MARGIN + number * WEEK_WIDTH
        shapes += _bars(counts, highest, left, axis)
        shapes.append(Label(left + WEEK_WIDTH / 2, axis + LINE, f"{monday:%m-%d}", centred=True))
    shapes.append(Stroke(MARGIN, axis, width - MARGIN, axis))
    return Figure(title, width, axis + LINE + MARGIN, tuple(shapes))


def _legend(words: Words) -> Iterator[Shape]:
    left, top = float(MARGIN), MARGIN + LINE + 2
    for name, colour in SERIES:
        text = words(f"chart.weekly.{name}")
        yield Box(left, top, TEXT_SIZE, TEXT_SIZE, colour, colour)
        yield Label(left + LINE, top + TEXT_SIZE - 2, text)
        left += LINE + room(text) + GAP


def _bars(counts: Sequence[int], highest: int, left: float, axis: float) -> Iterator[Shape]:
    """The bars of a week, side by side, each with its number above it; none where there was nobody."""
    start = left + (WEEK_WIDTH - BAR_WIDTH * len(counts)) / 2
    for place, (n, (_, colour)) in enumerate(zip(counts, SERIES, strict=True)):
        if n:
            height = TALLEST * n / highest
            yield Box(start + place * BAR_WIDTH, axis - height, BAR_WIDTH, height, colour, colour)
            yield Label(start + (place + 0.5) * BAR_WIDTH, axis - height - 4, str(n), centred=True)


def svg(figure: Figure) -> str:
    """The figure as an SVG picture."""
    shapes = "".join(map(_svg, figure.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {figure.width} {figure.height}" role="img">'
        f"<title>{escape(figure.title)}</title>"
        f"<style>text{{font:{TEXT_SIZE}px sans-serif;fill:{INK}}}line{{stroke:{INK}}}</style>"
        f'<rect width="{figure.width}" height="{figure.height}" fill="{PAPER}"/>{shapes}</svg>\n'
    )


def _svg(shape: Shape) -> str:
    if isinstance(shape, Box):
        place = f'x="{shape.left:g}" y="{shape.top:g}" width="{shape.width:g}" height="{shape.height:g}"'
        return f'<rect {place} fill="{shape.fill}" stroke="{shape.edge}"/>'
    if isinstance(shape, Stroke):
        return f'<line x1="{shape.x1:g}" y1="{shape.y1:g}" x2="{shape.x2:g}" y2="{shape.y2:g}"/>'
    anchor = ' text-anchor="middle"' if shape.centred else ""
    return f'<text x="{shape.x:g}" y="{shape.y:g}"{anchor}>{escape(shape.text)}</text>'
