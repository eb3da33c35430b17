"""The real reader on four photographs and a PDF file: what it takes is right, and it takes nearly all.

A look at every run; `make photos` holds the whole examination: 300 photographs and 20 PDF files, every laboratory in every
trouble.
"""

from __future__ import annotations

import itertools

from tests.photos.exam import LEAST_RIGHT, MOST_MEMORY, examine
from tests.photos.papers import pdfs, photographs

PHOTOGRAPHS = (2, 5, 8, 14)  # a corner's view, out of focus, glare, curl; of slips in Chinese, English and Spanish
PDF_FILES = (2,)  # two pages of one person


async def test_papers_are_read_and_never_misread_silently() -> None:
    """Four laboratories, each with another trouble, and two pages that are one slip."""
    figures = await examine(itertools.chain(photographs(PHOTOGRAPHS, seed=2), pdfs(PDF_FILES, seed=2)))
    assert not figures.all.silent, figures.faults
    assert figures.all.share_right >= LEAST_RIGHT, figures.faults
    assert figures.peak < MOST_MEMORY
