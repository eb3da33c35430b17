"""Draws a chat from what the tests' own Bot API server was sent: who said what, with pictures, buttons and taps, in columns."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from html import escape
from itertools import takewhile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.telegram.server import Json
from tests.web.conftest import ARGUMENTS

WIDTH = 1240  # pixels
COLOURS = 128
STYLE = """
body { margin: 0; padding: 22px; background: #dcebec; color: #10272e; font: 15px/1.4 "Noto Sans", "Noto Sans CJK SC", sans-serif }
main { columns: 3; column-gap: 22px }
article { break-inside: avoid; margin: 0 0 10px; display: flow-root }
p, figure { margin: 0; padding: 9px 13px; border-radius: 14px; white-space: pre-line; overflow-wrap: anywhere }
.bot p, .bot figure { background: #fff; border-bottom-left-radius: 4px; margin-right: 34px }
.me p, .me figure { background: #c5e8d2; border-bottom-right-radius: 4px; float: right; max-width: 82% }
figure { padding: 5px } img { width: 100%; max-height: 400px; object-fit: contain; object-position: top; border-radius: 10px; display: block }
nav { display: grid; gap: 5px; margin: 5px 34px 0 0 } nav div { display: flex; gap: 5px }
span { flex: 1; padding: 6px 8px; border-radius: 9px; background: #b6d3d6; text-align: center; font-size: 14px }
.tapped { background: #0b6e77; color: #fff; font-weight: 600 }
"""


def draw(lines: Sequence[Json], pictures: Sequence[bytes], file: Path, *, until: str) -> None:
    """Draw what was said, up to the message of the bot with the words `until`. `pictures`: those of the chat, in order."""
    page = f"<style>{STYLE}</style><main>{''.join(_articles(lines, iter(pictures), until))}</main>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        shown = browser.new_page(viewport={"width": WIDTH, "height": 200}, device_scale_factor=1.5)
        shown.set_content(page)
        shown.screenshot(path=file, full_page=True)
        browser.close()
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--strip", "--ext", ".png", str(COLOURS), file], check=True)


def _articles(lines: Sequence[Json], pictures: Iterator[bytes], until: str) -> Iterator[str]:
    tapped = {each["callback_query"]["data"] for each in lines if "callback_query" in each}
    for line in takewhile(lambda each: until not in each.get("text", ""), lines):
        if "callback_query" in line:
            continue  # it is drawn as a button that is tapped
        said = line.get("message", line)
        parts = [_picture(next(pictures))] if "photo" in said else []
        parts += [f"<p>{escape(said['text'])}</p>"] if said.get("text") else []
        rows = said.get("markup", {}).get("inline_keyboard", [])
        keys = "".join(f"<div>{''.join(_button(each, tapped) for each in row)}</div>" for row in rows)
        yield f'<article class="{"me" if "message" in line else "bot"}">{"".join(parts)}<nav>{keys}</nav></article>'


def _picture(content: bytes) -> str:
    return f'<figure><img src="data:image/jpeg;base64,{base64.b64encode(content).decode()}"></figure>'


def _button(button: Json, tapped: set[str]) -> str:
    marked = ' class="tapped"' if button["callback_data"] in tapped else ""
    return f"<span{marked}>{escape(button['text'])}</span>"
