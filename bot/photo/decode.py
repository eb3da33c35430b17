"""From the bytes of a file to pictures of its pages, within limits that are checked before anything is unpacked."""

from __future__ import annotations

import io
import warnings

import numpy as np
import PIL.Image
import PIL.ImageOps

from bot.flows.photographed import Refusal
from bot.photo.models import Image
from bot.ports import PhotoRefused

MAX_PIXELS = 50_000_000  # of one picture
LONG_SIDE = 2600  # pixels that reading needs at most: what is larger is made smaller at once
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")


def picture_in(data: bytes) -> Image:
    """The picture that `data` holds, turned as its camera says. Raises PhotoRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; what matters is checked here
            return _picture(data)
    except PhotoRefused:
        raise
    except PIL.UnidentifiedImageError:
        raise PhotoRefused(Refusal.NOT_A_PICTURE) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, ZeroDivisionError):
        raise PhotoRefused(Refusal.BROKEN) from None


def _picture(data: bytes) -> Image:
    PIL.Image.MAX_IMAGE_PIXELS = None  # the limit below is stricter, and refuses instead of warning
    with PIL.Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PhotoRefused(Refusal.TOO_MANY_PIXELS)
        if getattr(opened, "n_frames", 1) > 1 and opened.format != "MPO":
            raise PhotoRefused(Refusal.ANIMATED)
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is unpacked at a fraction of its size
        upright = PIL.ImageOps.exif_transpose(opened) or opened
        plain = _on_white(upright)
        plain.thumbnail((LONG_SIDE, LONG_SIDE), PIL.Image.Resampling.LANCZOS)
        return np.asarray(plain, dtype=np.uint8)


def _on_white(picture: PIL.Image.Image) -> PIL.Image.Image:
    """In red, green, blue; what is transparent becomes white."""
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = PIL.Image.new("RGBA", clear.size, "white")
    return PIL.Image.alpha_composite(paper, clear).convert("RGB")
