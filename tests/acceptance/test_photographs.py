"""`prescreen parse --photo`: a photograph of a slip on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import PIL.Image

from tests.acceptance.conftest import Prescreen
from tests.photos.papers import photographs


def test_a_photograph_is_read_as_a_slip(prescreen: Prescreen, tmp_path: Path) -> None:
    """One JSON object as of a typed slip, with the rows of the picture; `--explain` puts the numbered picture beside it."""
    paper = next(photographs([0], seed=3))
    (tmp_path / "slip.jpg").write_bytes(paper.data)
    done = prescreen("parse", "--question", "slip", "--photo", "slip.jpg", "--explain")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["outcome"] == "slip"
    assert set(found["slip"]) <= {row.analyte for row in paper.printed}
    assert "accepted" in {row["outcome"] for row in found["slip"].values()}
    assert [row["number"] for row in found["photo"]["rows"]] == list(range(1, len(found["photo"]["rows"]) + 1))
    assert (found["photo"]["collected"], found["photo"]["days"]) == (paper.collected.isoformat(), [])
    with PIL.Image.open(tmp_path / "slip.read.png") as drawn:
        assert drawn.format == "PNG"
        assert max(drawn.size) > 1_000
    assert "slip.read.png" in done.stderr


def test_what_is_no_picture_is_an_error_that_says_so(prescreen: Prescreen, tmp_path: Path) -> None:
    """One sentence, and exit status 2."""
    (tmp_path / "slip.txt").write_text("Hb 92 g/L")
    done = prescreen("parse", "--question", "slip", "--photo", "slip.txt")
    assert done.returncode == 2
    assert "slip.txt was not read" in done.stderr
    assert done.stdout == ""


def test_a_photograph_answers_no_single_question(prescreen: Prescreen, tmp_path: Path) -> None:
    """It is bad usage, and the mend is named."""
    (tmp_path / "slip.jpg").write_bytes(b"")
    done = prescreen("parse", "--question", "hemoglobin", "--photo", "slip.jpg")
    assert done.returncode == 2
    assert "--question slip" in done.stderr
