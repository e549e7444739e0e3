"""Draws one picture and ends: JSON on standard input, PNG on standard output.

A process of its own, because whoever imports Pillow keeps 14 MB. It knows nothing of the site.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 64
FOOT = 546  # what has no room above it is left out
WIDTH = SIZE[0] - 2 * MARGIN
FOLDER = Path(__file__).parent
SERIF, SANS = "DejaVuSerif.ttf", "DejaVuSans.ttf"
GROUND, INK, SOFT, LINE = "#f6f5f1", "#16202b", "#52606d", "#dcd9d0"
# As static/css/variables.css has them; what is over has no colour.
COLOURS = {
    "Minor": "#b08500",
    "Moderate": "#d06f00",
    "Severe": "#c8372d",
    "Extreme": "#6d1f7e",
    "": "#1c4f86",
}
CORNERS = {"Minor": 0, "Moderate": 4, "Severe": 3, "Extreme": 8, "": 0}  # 0: a circle
FROM_RIGHT = ("R", "AL")  # letters that would stand in the wrong order and unjoined
UNKNOWN = "\U0010ffff"  # no font has it


@cache
def load(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FOLDER / name, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def can_draw(letter: str) -> bool:
    """In the one font both are of; without a box in its place, and in the right order."""
    if letter.isspace():
        return True
    font = load(SANS, 20)
    box, drawn = font.getmask(UNKNOWN), font.getmask(letter)
    is_box = drawn.size == box.size and bytes(drawn) == bytes(box)
    return not is_box and unicodedata.bidirectional(letter) not in FROM_RIGHT


def choose(texts: list[str]) -> str:
    """The first that can be drawn whole; empty where none can."""
    composed = (unicodedata.normalize("NFC", text).strip() for text in texts)
    return next((text for text in composed if text and all(map(can_draw, text))), "")


def wrap(text: str, font: ImageFont.FreeTypeFont, most_lines: int) -> list[str]:
    """Lines of the picture's width; what is too long ends in dots."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most_lines:
        line = _take_line(rest, font)
        rest = rest[len(line) :].lstrip()
        lines.append(line.rstrip())
    if rest:
        shortened = lines[-1]
        while shortened and font.getlength(shortened + "…") > WIDTH:
            shortened = shortened[:-1]
        lines[-1] = shortened.rstrip() + "…"
    return lines


def _take_line(text: str, font: ImageFont.FreeTypeFont) -> str:
    """As much as has room, up to a space where there is one."""
    if font.getlength(text) <= WIDTH:
        return text
    end = len(text)
    while end > 1 and font.getlength(text[:end].rstrip()) > WIDTH:
        end -= 1
    space = text.rfind(" ", 1, end + 1)
    return text[:space] if space > 0 else text[:end]


def draw_mark(canvas: ImageDraw.ImageDraw, severity: str, x: float, y: float, size: float) -> None:
    """A severity's shape, so that colour is not all that tells."""
    colour, corners = COLOURS[severity], CORNERS[severity]
    radius = size / 2
    if not corners:
        canvas.ellipse((x, y, x + size, y + size), fill=colour)
        return
    turn = {3: 0, 4: 0, 8: 22.5}[corners]
    canvas.regular_polygon((x + radius, y + radius, radius), corners, rotation=turn, fill=colour)


def draw(wanted: dict[str, object]) -> Image.Image:
    """Texts are lists: each is instead of the one before it, where that cannot be drawn."""
    said = {name: choose(texts) for name, texts in wanted.items() if isinstance(texts, list)}
    severity = str(wanted.get("severity", ""))
    image = Image.new("RGB", SIZE, GROUND)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, 20, SIZE[1]), fill=COLOURS[severity])
    y = float(MARGIN)
    if said.get("state"):
        draw_mark(canvas, severity, MARGIN, y, 46)
        canvas.text((MARGIN + 66, y + 2), said["state"], font=load(SANS, 36), fill=INK)
        y += 86
    for name, font, colour, most in (
        ("title", load(SERIF, 76), INK, 2),
        ("where", load(SERIF, 52), INK, 1),
        ("when", load(SANS, 36), SOFT, 1),
        ("what", load(SANS, 36), SOFT, 2),
    ):
        for line in wrap(said.get(name, ""), font, most):
            if y + font.size * 1.2 < FOOT:
                canvas.text((MARGIN, y), line, font=font, fill=colour)
            y += font.size * 1.28
        y += 8
    canvas.line((MARGIN, FOOT, SIZE[0] - MARGIN, FOOT), fill=LINE, width=2)
    for line in wrap(said.get("site", ""), load(SANS, 30), 1):
        canvas.text((MARGIN, FOOT + 18), line, font=load(SANS, 30), fill=SOFT)
    return image


def main() -> None:
    draw(json.load(sys.stdin)).save(sys.stdout.buffer, "PNG")


if __name__ == "__main__":
    main()
