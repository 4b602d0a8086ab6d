"""The picture that shows where somebody shares a post: drawn by the board, as its sheet looks."""

from __future__ import annotations

import io
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
TITLES = "familjen-grotesk-5.3.0/familjen-grotesk-latin-wght-normal.woff2"
LETTERS = ("atkinson-hyperlegible-next-5.3.0"
           "/atkinson-hyperlegible-next-latin-wght-normal.woff2")  # fmt: skip
SIZE = (1200, 630)
SHEET = (96, 70, 1130, 560)
INK, PALE, GROUND = "#17211C", "#38443D", "#E2E2D6"
COLOURS = {
    "need": ("#FFF1C2", "#8F6B14", "#634100"),
    "offer": ("#DCEBF5", "#3F759A", "#0D4266"),
}
MOST_KEPT = 64
MOST_LINES = 3
_kept: OrderedDict[Shown, bytes] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Shown:
    """What is written on the picture."""

    purpose: str
    label: str
    title: str
    who: str
    board: str


def draw(shown: Shown) -> bytes:
    """Return the picture as PNG; the same words are drawn once."""
    if shown not in _kept:
        _kept[shown] = _png(shown)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[shown]


def _png(shown: Shown) -> bytes:
    picture = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(picture)
    _sheet(pen, shown.purpose)
    _mark(pen, shown)
    title, top = font(TITLES, 700, 66), 210
    for line in wrapped(shown.title, title, 930):
        pen.text((160, top), line, font=title, fill=INK)
        top += 76
    who = wrapped(shown.who, font(LETTERS, 400, 38), 930)[0]
    pen.text((160, 470), who, font=font(LETTERS, 400, 38), fill=PALE)
    pen.text((96, 580), shown.board, font=font(LETTERS, 700, 28), fill=INK)
    out = io.BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _sheet(pen: ImageDraw.ImageDraw, purpose: str) -> None:
    """The paper, with the notch of a need or the tongue of an offer."""
    paper, edge, _strong = COLOURS[purpose]
    pen.rectangle(SHEET, fill=paper, outline=edge, width=3)
    left, top = SHEET[0], SHEET[1] + 42
    if purpose == "need":
        joint = [
            (left - 2, top + 14),
            (left + 36, top),
            (left + 36, top + 82),
            (left - 2, top + 68),
        ]
        pen.polygon(joint, fill=GROUND)
        pen.line(joint, fill=edge, width=3)
    else:
        joint = [
            (left + 1, top + 14),
            (left - 36, top),
            (left - 36, top + 82),
            (left + 1, top + 68),
        ]
        pen.polygon(joint, fill=paper)
        pen.line(joint, fill=edge, width=3)


def _mark(pen: ImageDraw.ImageDraw, shown: Shown) -> None:
    """The word of its purpose: hollow for a need, solid for an offer."""
    strong, letters = COLOURS[shown.purpose][2], font(LETTERS, 700, 36)
    word = shown.label.upper()
    box = (160, 112, 160 + int(letters.getlength(word)) + 48, 172)
    solid = shown.purpose == "offer"
    pen.rectangle(box, fill=strong if solid else None, outline=strong, width=4)
    pen.text((184, 120), word, font=letters, fill="#FFFFFF" if solid else strong)


@lru_cache(maxsize=16)
def font(name: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    """Return the board's own letters at a weight and a size."""
    loaded = ImageFont.truetype(str(VENDOR / name), size)
    loaded.set_variation_by_axes([weight])
    return loaded


def wrapped(text: str, letters: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break text into lines that fit; what is too long ends in an ellipsis."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and letters.getlength(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + " …"]
    return [_cut(each, letters, width) for each in lines]


def _cut(line: str, letters: ImageFont.FreeTypeFont, width: int) -> str:
    if letters.getlength(line) <= width:
        return line
    while line and letters.getlength(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"
