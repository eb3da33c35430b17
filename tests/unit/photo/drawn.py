"""A slip drawn with what Pillow has by itself: English, black on white."""

import io

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

ROWS = (
    ("Hemoglobin", "9.2", "L", "g/dL", "12.0-16.0"),
    ("ALT", "31", "", "U/L", "9-50"),
    ("AST", "41.5", "H", "U/L", "15-40"),
    ("Total bilirubin", "0.9", "", "mg/dL", "0.2-1.2"),
    ("Direct bilirubin", "0.3", "", "mg/dL", "0.0-0.4"),
    ("Creatinine", "1.05", "", "mg/dL", "0.60-1.30"),
)
HEAD = ("Test", "Result", "Flag", "Units", "Reference")
COLUMNS = (60, 420, 580, 680, 860)
TOP = ("Name: Ada Example", "Collected: 2026-11-20 08:12")


def slip(rows: tuple[tuple[str, ...], ...] = ROWS, top: tuple[str, ...] = TOP) -> PIL.Image.Image:
    """The slip as a picture 1100 pixels wide, and as high as its rows need."""
    sheet = PIL.Image.new("RGB", (1100, 340 + 58 * len(rows)), "white")
    pen, font = PIL.ImageDraw.Draw(sheet), PIL.ImageFont.load_default(28)
    for place, line in enumerate(top):
        pen.text((60, 60 + 55 * place), line, font=font, fill="black")
    for place, row in enumerate((HEAD, *rows)):
        for left, text in zip(COLUMNS, row, strict=True):
            pen.text((left, 220 + 58 * place), text, font=font, fill="black")
    return sheet


def saved(picture: PIL.Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture's file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
