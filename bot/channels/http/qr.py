"""QR codes as pictures inside the page."""

from __future__ import annotations

import segno

from bot.channels.http.html import Html, tag

QUIET_ZONE = 4  # modules of white around it, as the standard asks


def qr_code(text: str, label: str) -> Html:
    """A QR code as SVG; `label` is what it is called for those who do not see it."""
    matrix = segno.make(text, micro=False, error="m").matrix
    size = len(matrix) + 2 * QUIET_ZONE
    dark = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, bit in enumerate(row)
        if bit
    )
    paper = tag("rect", width=size, height=size, fill="#fff")
    return tag(
        "svg",
        paper,
        tag("path", d=dark, fill="#000"),
        viewBox=f"0 0 {size} {size}",
        role="img",
        aria_label=label,
        class_="qr",
    )
