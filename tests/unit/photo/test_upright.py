"""Lines of print are followed across tilted and curled paper, so that one row has one level."""

import math
from itertools import pairwise

import numpy as np
import pytest

from bot.photo.find import Corners
from bot.photo.upright import lie_of

WIDTH, PITCH = 2000, 40  # pixels: of the picture, and from one row to the next
COLUMNS = ((120, 420), (900, 90), (1150, 130), (1550, 220))  # left ends and widths of the pieces of a row


def bent(x: float, curl: float, tilt: float) -> float:
    """How much lower a line stands at `x` than at the left edge."""
    return curl * math.sin(1.3 * math.pi * x / WIDTH) + tilt * x


def row(top: float, curl: float, tilt: float) -> list[Corners]:
    """The pieces of a row on such paper."""
    pieces = []
    for left, wide in COLUMNS:
        start, end = (top + bent(x, curl, tilt) for x in (left, left + wide))
        corners = [[left, start], [left + wide, end], [left + wide, end + 24], [left, start + 24]]
        pieces.append(np.array(corners, np.float32))
    return pieces


@pytest.mark.parametrize(("curl", "tilt"), [(0, 0), (0, 0.2), (60, 0), (-60, 0.05)])
def test_the_pieces_of_a_row_have_one_level(curl: float, tilt: float) -> None:
    """Within a third of the way to the next row, where the curl is higher than a row."""
    rows = [row(300 + PITCH * place, curl, tilt) for place in range(25)]
    lie = lie_of([piece for pieces in rows for piece in pieces], WIDTH)
    levels = [[lie.level(*piece.mean(axis=0)) for piece in pieces] for pieces in rows]
    assert max(max(line) - min(line) for line in levels) < PITCH / 3
    assert min(min(after) - max(before) for before, after in pairwise(levels)) > PITCH / 2


def test_a_curl_moves_no_column_and_a_tilt_does() -> None:
    """What stands lower on a tilted page stands further to a side; on a curled one it does not."""
    curled, tilted = (
        lie_of([piece for place in range(25) for piece in row(300 + PITCH * place, *way)], WIDTH)
        for way in ((60, 0.0), (0, 0.2))
    )
    assert abs(curled.shift(1300) - curled.shift(300)) < PITCH
    assert tilted.shift(1300) - tilted.shift(300) == pytest.approx(0.2 * 1000, rel=0.05)


def test_rows_far_from_any_long_piece_are_level_to_their_end() -> None:
    """Short pieces tell a slope badly; from one to the next of a row it is told well. A long line stands at the top alone."""
    noise = np.random.default_rng(5)
    title = row(100, 0, 0.05)[:1]
    title[0][[1, 2]] = [[1800, 100 + 0.05 * 1800], [1800, 124 + 0.05 * 1800]]
    rows = []
    for place in range(20):
        top, fan = 300 + PITCH * place, 0.05 + 0.0012 * place  # as rows fan out that are seen from a corner
        rows.append([_skewed(piece, noise.normal(0, 0.02)) for piece in row(top, 0, fan)])
    lie = lie_of([*title, *(piece for pieces in rows for piece in pieces)], WIDTH)
    for pieces in rows:
        levels = [lie.level(*piece.mean(axis=0)) for piece in pieces]
        assert max(levels) - min(levels) < 0.3 * 24


def _skewed(piece: Corners, slope: float) -> Corners:
    """The piece as it is found: turned a little about its middle."""
    turned: Corners = piece.copy()
    turned[:, 1] += (piece[:, 0] - piece[:, 0].mean()) * slope
    return turned
