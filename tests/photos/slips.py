"""Lab slips, composed at random from a laboratory's way of printing; what is printed is known as data."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from PIL import Image, ImageChops, ImageDraw

from tests.photos.faces import face
from tests.photos.labs import FOOTERS, GROUPS, HEADINGS, PEOPLE, SEXES, Column, Lab
from tests.photos.panel import CHEMISTRY, COUNT, Result, results

TODAY = dt.date(2026, 11, 25)  # the day on which every slip is read
MARGIN = 60
LETTER = 0.72  # of the type size: the height of a digit in every face used
INK = (25, 25, 30)
STAMP = (235, 120, 120)
PAPER = (250, 249, 245)

Box = tuple[float, float, float, float]
Tables = Mapping[str, Sequence[Result]]


@dataclass(frozen=True)
class Mark:
    """A piece of text on a page: its place is the left, middle or right end of its base line."""

    text: str
    x: float
    y: float
    size: float
    align: str = "l"
    bold: bool = False


@dataclass(frozen=True)
class Frame:
    """Where a table or a row of it stands: its left end, its first base line, its width."""

    left: float
    top: float
    width: float


@dataclass(frozen=True)
class Printed:
    """What a slip says about one analyte of the trial, in its own unit, and where on the page."""

    analyte: str
    value: Decimal
    below: bool
    unit: str
    upper: Decimal
    flag: str | None
    box: Box


@dataclass
class Slip:
    """A page: its marks and strokes, and the truth about it."""

    lab: Lab
    collected: dt.date
    marks: list[Mark] = field(default_factory=list)
    strokes: list[Box] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    day_box: Box = (0, 0, 0, 0)
    stamp: tuple[float, float] | None = None  # its middle

    @property
    def letter(self) -> float:
        """The height of a digit in the tables, in drawing units."""
        return self.lab.text * LETTER

    def write(self, mark: Mark) -> Box:
        """Put a mark on the page; answers the box around it."""
        self.marks.append(mark)
        left, top, right, bottom = face(self.lab.face, mark.size, bold=mark.bold).getbbox(
            mark.text, anchor=f"{mark.align}s"
        )
        return (mark.x + left, mark.y + top, mark.x + right, mark.y + bottom)


def compose(lab: Lab, rng: random.Random, groups: Sequence[str] = (COUNT, CHEMISTRY)) -> Slip:
    """A slip of a laboratory with the groups of tests given, of the last ninety days."""
    slip = Slip(lab, TODAY - dt.timedelta(days=rng.randint(2, 90)))
    top = _heading(slip, rng)
    others = dict(zip((COUNT, CHEMISTRY), lab.others, strict=True))
    tables = {group: results(rng, lab.system, group, others[group]) for group in groups}
    bottom = _ARRANGED[lab.arrangement](slip, rng, tables, top)
    if lab.stamped:
        slip.stamp = (lab.size[0] * rng.uniform(0.6, 0.8), bottom - rng.uniform(-1, 3) * lab.pitch)
    slip.write(Mark(FOOTERS[lab.language], _margin(lab), min(bottom + lab.pitch, lab.size[1] - 20), lab.text * 0.8))
    return slip


def _one(slip: Slip, rng: random.Random, tables: Tables, top: float) -> float:
    rows = [row for table in tables.values() for row in table]
    return _table(slip, rng, rows, Frame(_margin(slip.lab), top, _width(slip.lab)))


def _beside(slip: Slip, rng: random.Random, tables: Tables, top: float) -> float:
    left, gap = _margin(slip.lab), MARGIN / 2
    half = (_width(slip.lab) - gap) / 2
    return max(
        _table(slip, rng, rows, Frame(left + place * (half + gap), top, half))
        for place, rows in enumerate(tables.values())
    )


def _below(slip: Slip, rng: random.Random, tables: Tables, top: float) -> float:
    for group, rows in tables.items():
        bottom = _table(slip, rng, rows, Frame(_margin(slip.lab), _group(slip, group, top), _width(slip.lab)))
        top = bottom + slip.lab.pitch
    return bottom


_ARRANGED = {"one": _one, "beside": _beside, "below": _below}


def _width(lab: Lab) -> float:
    return lab.size[0] - 2 * _margin(lab)


def _margin(lab: Lab) -> float:
    return MARGIN if lab.size[0] > 2 * lab.size[1] // 3 else MARGIN / 3


def _heading(slip: Slip, rng: random.Random) -> float:
    lab, left = slip.lab, _margin(slip.lab)
    narrow = lab.size[0] < 600
    slip.write(Mark(lab.heading, lab.size[0] / 2, 90, lab.text * (1.3 if narrow else 1.6), "m", bold=True))
    if not narrow:
        _barcode(slip, rng)
    facts = _facts(slip, rng)
    y = 90 + lab.pitch * 1.2
    for line in HEADINGS[lab.language]:
        places = [left + place * (lab.size[0] - 2 * left) / len(line) for place in range(len(line))]
        for template, x in zip(line, places, strict=True):
            if narrow and x != left:
                y += lab.pitch * 0.8
            box = slip.write(Mark(template.format(**facts), left if narrow else x, y, lab.text * 0.95))
            if "{collected}" in template:
                slip.day_box = box
        y += lab.pitch * 0.8
    slip.strokes.append((left, y - lab.pitch * 0.4, lab.size[0] - left, y - lab.pitch * 0.4))
    return y + lab.pitch * 0.4


def _barcode(slip: Slip, rng: random.Random) -> None:
    right = slip.lab.size[0] - _margin(slip.lab)
    xs = [right - place * 3 for place in range(50) if rng.random() < 0.6]
    slip.strokes += [(x, 24, x, 62) for x in xs]


def _facts(slip: Slip, rng: random.Random) -> dict[str, str]:
    lab = slip.lab
    reported = min(slip.collected + dt.timedelta(days=rng.randint(0, 2)), TODAY)
    born = dt.date(rng.randint(1945, 2004), rng.randint(1, 12), rng.randint(1, 28))
    return {
        "person": rng.choice(PEOPLE[lab.language]),
        "sex": rng.choice(SEXES[lab.language]),
        "age": str(TODAY.year - born.year),
        "born": born.strftime(lab.date),
        "sample": f"{rng.randint(10_000, 99_999)}{rng.randint(100, 999)}",
        "collected": slip.collected.strftime(lab.date),
        "reported": reported.strftime(lab.date),
        "hour": f"{rng.randint(6, 11):02}:{rng.randint(0, 59):02}",
    }


def _group(slip: Slip, group: str, y: float) -> float:
    slip.write(Mark(GROUPS[slip.lab.language][group], _margin(slip.lab), y, slip.lab.text, bold=True))
    return y + slip.lab.pitch


def _table(slip: Slip, rng: random.Random, rows: Iterable[Result], frame: Frame) -> float:
    lab, left, y, width = slip.lab, frame.left, frame.top, frame.width
    if any(column.head for column in lab.columns):
        for column in lab.columns:
            slip.write(Mark(column.head, left + column.at * width, y, lab.text, column.align, bold=True))
        slip.strokes.append((left, y + lab.pitch * 0.3, left + width, y + lab.pitch * 0.3))
        y += lab.pitch
    first = y - lab.pitch * 1.7
    for number, result in enumerate(rows, start=1):
        _row(slip, rng, result, number, replace(frame, top=y))
        if lab.rules in {"rows", "grid"}:
            slip.strokes.append((left, y + lab.pitch * 0.3, left + width, y + lab.pitch * 0.3))
        y += lab.pitch
    if lab.rules == "grid":
        _grid(slip, left, first, y - lab.pitch * 0.7, width)
    return y


def _grid(slip: Slip, left: float, top: float, bottom: float, width: float) -> None:
    slip.strokes.append((left - 8, top, left + width, top))
    starts = [column.at if column.align == "l" else column.at - 0.12 for column in slip.lab.columns]
    edges = [start * width - 10 for start in starts] + [width]
    slip.strokes += [(left + edge, top, left + edge, bottom) for edge in edges]


def _row(slip: Slip, rng: random.Random, result: Result, number: int, frame: Frame) -> None:
    lab = slip.lab
    boxes = []
    for column in lab.columns:
        text = _cell(lab, rng, column, result, number)
        if text:
            boxes.append(
                slip.write(Mark(text, frame.left + column.at * frame.width, frame.top, lab.text, column.align))
            )
    if lab.rules == "leader":
        _leader(slip, boxes[0][2], frame.left + lab.columns[1].at * frame.width, frame.top)
    if result.test.analyte:
        box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        slip.printed.append(
            Printed(
                result.test.analyte,
                result.value,
                result.below,
                result.measure.unit,
                result.measure.high,
                result.flag,
                box,
            )
        )


def _leader(slip: Slip, start: float, end: float, y: float) -> None:
    dot = face(slip.lab.face, slip.lab.text).getlength(".")
    dots = int((end - start) / dot) - 2
    if dots > 0:
        slip.marks.append(Mark("." * dots, start + dot, y, slip.lab.text))


def _cell(lab: Lab, rng: random.Random, column: Column, result: Result, number: int) -> str:
    flag = {"high": lab.high, "low": lab.low, None: ""}[result.flag]
    own_flag = any(each.kind == "flag" for each in lab.columns)
    unit = result.measure.unit
    texts = {
        "number": str(number),
        "name": lab.name.format(name=result.test.names[lab.language], code=result.test.code),
        "code": result.test.code,
        "result": _figure(lab, result.value, below=result.below) + ("" if own_flag else flag),
        "flag": flag,
        "previous": _figure(lab, result.previous),
        "unit": lab.units.get(unit, unit),
    }
    return _range(lab, rng, result) if column.kind == "range" else texts[column.kind]


def _figure(lab: Lab, value: Decimal, *, below: bool = False) -> str:
    return ("<" if below else "") + str(value).replace(".", lab.decimal)


def _range(lab: Lab, rng: random.Random, result: Result) -> str:
    one_sided = result.test.group == CHEMISTRY and result.flag != "low"
    templates = [each for each in lab.ranges if one_sided or ("{low}" in each)]
    low, high = (_figure(lab, bound) for bound in (result.measure.low, result.measure.high))
    return rng.choice(templates).format(low=low, high=high)


def draw(slip: Slip, scale: float) -> Image.Image:
    """The page as a picture; `scale` is pixels to a drawing unit."""
    width, height = slip.lab.size
    page = Image.new("RGB", (round(width * scale), round(height * scale)), PAPER)
    pen = ImageDraw.Draw(page)
    for x0, y0, x1, y1 in slip.strokes:
        pen.line([x0 * scale, y0 * scale, x1 * scale, y1 * scale], fill=INK, width=max(1, round(1.6 * scale)))
    for mark in slip.marks:
        font = face(slip.lab.face, mark.size * scale, bold=mark.bold)
        pen.text((mark.x * scale, mark.y * scale), mark.text, fill=INK, font=font, anchor=f"{mark.align}s")
    return _stamped(page, slip, slip.stamp, scale) if slip.stamp else page


def _stamped(page: Image.Image, slip: Slip, middle: tuple[float, float], scale: float) -> Image.Image:
    """The page with a red stamp, through which the print can be seen."""
    stamp = Image.new("RGB", page.size, "white")
    pen = ImageDraw.Draw(stamp)
    x, y, radius = middle[0] * scale, middle[1] * scale, 95 * scale
    pen.ellipse([x - radius, y - radius, x + radius, y + radius], outline=STAMP, width=round(5 * scale))
    font = face(slip.lab.face, 24 * scale, bold=True)
    pen.text((x, y), "检验科\n专用章", fill=STAMP, font=font, anchor="mm", align="center")
    return ImageChops.multiply(page, stamp)
