"""The figures of `bot.speech.charts` as PNG pictures, for chats and documents that take no SVG.

Needs the extra `pictures`. Fonts are the machine's own, found by name; without one that has a language's characters its
figures are labelled in English.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, cast

from bot.errors import Mendable
from bot.speech.catalogue import SOURCE_LANGUAGE, known_language
from bot.speech.charts import INK, PAPER, TEXT_SIZE, Box, Figure, Shape, Stroke

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SCALE = 2  # dots for a pixel of the figure, so that it is sharp on a phone
LATIN = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")
CHINESE = (
    *("NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "NotoSansCJKsc-Regular.otf", "SourceHanSansSC-Regular.otf"),
    *("wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf"),
    *("PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "Arial Unicode.ttf"),
)
FONTS = {"zh_Hans": CHINESE}
"""Where a language needs others than the Latin ones."""


def png(make: Callable[[str], Figure], locale: str) -> bytes:
    """The figure that `make` lays out in a language, drawn; in English where no font here has the language's characters.

    Raises `Mendable` where the extra is not installed.
    """
    try:
        from PIL import Image, ImageDraw
    except ImportError:
        raise Mendable("A PNG needs the extra `pictures`: install prescreen-bot[pictures].") from None
    language = known_language(locale) or SOURCE_LANGUAGE
    font = _font(FONTS.get(language, LATIN))
    figure = make(language if font else SOURCE_LANGUAGE)
    image = Image.new("RGB", (figure.width * SCALE, figure.height * SCALE), PAPER)
    canvas = ImageDraw.Draw(image)
    for shape in figure.shapes:
        _draw(canvas, shape, font or _font(LATIN) or _built_in())
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


@cache
def _font(names: tuple[str, ...]) -> FreeTypeFont | None:
    """The first of these fonts that this machine has, sought where it keeps its fonts."""
    from PIL import ImageFont

    for name in names:
        try:
            return ImageFont.truetype(name, TEXT_SIZE * SCALE)
        except OSError:
            continue
    return None


def _built_in() -> FreeTypeFont:
    """The drawing library's own font, which has the characters of English."""
    from PIL import ImageFont

    return cast("FreeTypeFont", ImageFont.load_default(TEXT_SIZE * SCALE))  # with a size given it is one


def _draw(canvas: ImageDraw, shape: Shape, font: FreeTypeFont) -> None:
    if isinstance(shape, Box):
        right, bottom = shape.left + shape.width, shape.top + shape.height
        corners = [each * SCALE for each in (shape.left, shape.top, right, bottom)]
        canvas.rectangle(corners, fill=shape.fill, outline=shape.edge, width=SCALE)
    elif isinstance(shape, Stroke):
        ends = [each * SCALE for each in (shape.x1, shape.y1, shape.x2, shape.y2)]
        canvas.line(ends, fill=INK, width=SCALE)
    else:
        place = (shape.x * SCALE, shape.y * SCALE)
        canvas.text(place, shape.text, fill=INK, font=font, anchor="ms" if shape.centred else "ls")
