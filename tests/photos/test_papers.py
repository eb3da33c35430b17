"""The papers of the examination are what they say, and its marks find every misreading."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.photos.camera import TROUBLES, photograph, plan
from tests.photos.labs import LABS
from tests.photos.marks import ASKED, MISSED, RIGHT, SILENT, marked
from tests.photos.papers import photographs
from tests.photos.pose import posed
from tests.photos.slips import Printed, compose, draw

DAY = dt.date(2026, 11, 2)
CREATININE = Printed(
    "creatinine", Decimal("1.10"), below=False, unit="mg/dL", upper=Decimal("1.30"), flag=None, box=(0, 0, 1, 1)
)


def seeded(seed: int) -> random.Random:
    """Chance that is the same at every run."""
    return random.Random(seed)  # noqa: S311 - no secret


def read(**changes: Any) -> dict[str, Any]:
    """A right answer for `CREATININE`, or one with changes."""
    umol = 1.10 * 1000 / 11.312
    answer: dict[str, Any] = {
        "reply": "Creatinine 1.10 mg/dL (0.60 - 1.30)",
        "outcome": "accepted",
        "reason": None,
        "standard": {"low": umol, "high": umol, "low_open": False, "high_open": False, "unit": "umol/L"},
        "uln": {"value": 1.30 * 1000 / 11.312, "unit": "umol/L"},
        "flags": [],
        "observed_on": "2026-11-02",
    }
    return {**answer, **changes}


def outcomes(answers: dict[str, Any]) -> dict[str, str]:
    """The outcome of each mark on a slip with creatinine alone."""
    marks = marked([CREATININE], {"creatinine"}, DAY, answers, day_readable=True)
    return {mark.what: mark.outcome for mark in marks}


def test_a_right_answer_is_right() -> None:
    """Value, limit and day as printed."""
    assert outcomes({"creatinine": read()}) == {"creatinine": RIGHT, "date": RIGHT}


@pytest.mark.parametrize(
    "wrong",
    [
        {"standard": {"low": 110.0, "high": 110.0, "low_open": False, "high_open": False, "unit": "umol/L"}},
        {"standard": {"low": 0.0, "high": 97.24, "low_open": False, "high_open": True, "unit": "umol/L"}},
        {"uln": {"value": 130.0, "unit": "umol/L"}},
        {"flags": ["high"]},
    ],
)
def test_a_wrong_value_limit_or_mark_is_silent(wrong: dict[str, Any]) -> None:
    """Each by itself makes an accepted answer a silent misreading."""
    assert outcomes({"creatinine": read(**wrong)})["creatinine"] == SILENT


def test_a_wrong_day_is_silent() -> None:
    """The day of the report is not the day of collection."""
    assert outcomes({"creatinine": read(observed_on="2026-11-04")})["date"] == SILENT


def test_an_answer_for_what_is_not_printed_is_silent() -> None:
    """Direct bilirubin taken for bilirubin is found, where no total stands on the slip."""
    assert outcomes({"creatinine": read(), "bilirubin": read()})["bilirubin"] == SILENT


def test_what_is_asked_or_missed_is_not_silent() -> None:
    """To ask again is no misreading, nor is to see nothing."""
    assert outcomes({"creatinine": read(outcome="clarify")})["creatinine"] == ASKED
    assert outcomes({}) == {"creatinine": MISSED, "date": MISSED}


def test_the_same_seed_makes_the_same_photographs() -> None:
    """A figure can be had again."""
    first, second = (next(photographs([0], seed=5, only="small")) for _ in range(2))
    assert first == second
    assert first != next(photographs([0], seed=6, only="small"))


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.key)
def test_all_that_a_laboratory_prints_is_on_its_paper(lab: Any) -> None:
    """No mark runs off the page, and every row of the truth has ink where it says that it is."""
    slip = compose(lab, seeded(3))
    page = draw(slip, 1.0).convert("L")
    assert slip.printed
    for box in [*(row.box for row in slip.printed), slip.day_box]:
        assert 0 <= box[0] < box[2] <= lab.size[0]
        assert 0 <= box[1] < box[3] <= lab.size[1]
        assert min(page.crop(box).tobytes()) < 80


@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_trouble_makes_a_photograph(trouble: str) -> None:
    """What it calls readable is a part of what is printed, and its size is the camera's."""
    rng = seeded(4)
    slip = compose(LABS[2], rng)
    shot = dataclasses.replace(plan(trouble, rng), width=700)
    photo = photograph(slip, shot, rng)
    assert photo.readable <= {row.analyte for row in slip.printed}
    with Image.open(io.BytesIO(photo.data)) as picture:
        assert min(picture.size) == 700


@pytest.mark.parametrize("trouble", ["flat", "tilt", "perspective", "quarter", "upside-down", "curl"])
def test_the_print_lies_where_the_truth_says(trouble: str) -> None:
    """There is ink in the place of each row on the photograph, and none between the rows."""
    slip = compose(LABS[4], seeded(4))
    shot = dataclasses.replace(plan(trouble, seeded(2)), width=1300, shadow=0.0, noise=0.0)
    with Image.open(io.BytesIO(photograph(slip, shot, seeded(1)).data)) as file:
        picture = np.asarray(file.convert("L"))
    pose = posed(slip.lab.size, shot, seeded(1))
    for left, top, right, bottom in (row.box for row in slip.printed):
        below = (left, bottom + 6, right, bottom + 14)
        ink, blank = (pose.places(box, shot.turned).astype(int) for box in ((left, top, right, bottom), below))
        assert picture[ink[:, 1], ink[:, 0]].min() < 110
        assert picture[blank[:, 1], blank[:, 0]].min() > 180


def test_what_is_cut_off_is_not_readable() -> None:
    """Nothing that is off the picture is asked of the reader."""
    rng = seeded(4)
    slip = compose(LABS[4], rng)
    whole = photograph(slip, dataclasses.replace(plan("cut", rng), cut=0.0), seeded(1))
    half = photograph(slip, dataclasses.replace(plan("cut", rng), cut=0.5), seeded(1))
    assert whole.readable == {row.analyte for row in slip.printed}
    assert not half.readable
