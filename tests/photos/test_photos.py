"""The real reader on a few photographs and PDF files: what it takes is right, and it takes nearly all.

`make photos` examines it on hundreds.
"""

from __future__ import annotations

from tests.photos.exam import LEAST_RIGHT, examine
from tests.photos.papers import pdfs, photographs

PHOTOGRAPHS = (1, 2, 3, 5, 7, 8, 9, 10, 14, 16)  # every laboratory once, each with another trouble
PDF_FILES = (0, 2)  # one with its print as text, one of two pages


async def test_photographs_are_read_and_never_misread_silently() -> None:
    """Ten laboratories, and tilt, perspective, a turn, blur, shadow, glare, a screen's grid, noise, curl and few pixels."""
    figures = await examine(photographs(PHOTOGRAPHS, seed=2))
    assert not figures.all.silent, figures.faults
    assert figures.all.share_right >= LEAST_RIGHT, figures.faults


async def test_pdf_files_are_read_and_never_misread_silently() -> None:
    """The print as text, and two pages of one person."""
    figures = await examine(pdfs(PDF_FILES, seed=2))
    assert not figures.all.silent, figures.faults
    assert figures.all.share_right >= LEAST_RIGHT, figures.faults
