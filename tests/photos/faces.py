"""The type faces of slips, found by fontconfig."""

from __future__ import annotations

import functools
import subprocess

from PIL import ImageFont


@functools.cache
def _file(family: str, style: str) -> tuple[str, int]:
    wanted = f"{family}:style={style}"
    answer = subprocess.run(
        ["fc-match", "--format=%{family}|%{file}|%{index}", wanted], check=True, capture_output=True, text=True
    ).stdout
    found, file, index = answer.split("|")
    if family not in found.split(","):
        raise LookupError(f"the face {family} is not installed: install fonts-dejavu and fonts-noto-cjk")
    return file, int(index)


@functools.cache
def face(family: str, size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face of a family at a size in pixels. Raises `LookupError` where the family is not installed."""
    file, index = _file(family, "Bold" if bold else ("Book" if family.startswith("DejaVu") else "Regular"))
    return ImageFont.truetype(file, size, index=index)
