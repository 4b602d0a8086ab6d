"""The lines of a post on its paper: the name of each is read, its gauge takes what room is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from board.widgets.sheets import Quantity

PIECE, LEAST_PIECE, SMALLEST_PIECE = 9.5, 4.2, 1.8
ALONE, LARGEST = 20.0, 15.0
STACKED_SIZES = (15.0, 13.0, 11.5, 10.0, 9.0)
MOST_NAME_LINES = 2
BETWEEN = 3.0
POINT = 0.353  # of a millimetre


class Box(NamedTuple):
    """Where the lines may stand."""

    x: float
    y: float
    wide: float
    high: float


def draw(pdf: FPDF, quantities: Sequence[Quantity], box: Box) -> float:
    """Draw each line with its own quantity; return where the last one ends.

    The gauge stands beside the name, smaller where the name is long; below it where it would be
    too small; and many lines are drawn smaller, so that all have room.
    """
    shown = [one for one in quantities if one.title or one.words]
    if not shown:
        return box.y
    high = min(PIECE, box.high / len(shown))
    size = ALONE if len(quantities) == 1 else min(LARGEST, high * 2.2)
    pdf.set_font("letters", "B", size)
    piece = min([high, *(_left(pdf, one, box) / len(one.gauge) for one in shown if one.gauge)])
    fits = all(_width(pdf, one) <= box.wide for one in shown)
    if fits and piece >= min(high, LEAST_PIECE):
        return _beside(pdf, shown, box, high, piece)
    for smaller in STACKED_SIZES:
        pdf.set_font("letters", "B", smaller)
        if sum(_height(pdf, one, box, smaller) for one in shown) <= box.high:
            return _stacked(pdf, shown, box, smaller)
    pdf.set_font("letters", "B", size)
    return _beside(pdf, shown, box, high, max(piece, min(high, SMALLEST_PIECE)))


def _beside(pdf: FPDF, shown: Sequence[Quantity], box: Box, high: float, piece: float) -> float:
    """Gauge, name and quantity in one row; a name that no smaller gauge makes room for is cut."""
    for number, one in enumerate(shown):
        y = box.y + number * high
        room = box.wide - (len(one.gauge) * piece + BETWEEN if one.gauge else 0)
        _gauge(pdf, one.gauge, box.x, y + (high - piece) / 2, piece)
        text, drawn = _cut(pdf, one, room), pdf.font_size_pt * POINT
        pdf.text(box.x + box.wide - room, y + (high - 1.6) / 2 + drawn * 0.36, text)
    return box.y + high * len(shown)


def _stacked(pdf: FPDF, shown: Sequence[Quantity], box: Box, size: float) -> float:
    """Name and quantity in the whole width, the gauge below them."""
    y, high, piece = box.y, size * POINT * 1.2, size * POINT
    for one in shown:
        for line in _lines(pdf, one, box):
            pdf.text(box.x, y + high * 0.7, line)
            y += high
        if one.gauge:
            _gauge(pdf, one.gauge, box.x, y + 1.2, piece + 1)
            y += piece + 1
        y += high * 0.6
    return y


def _height(pdf: FPDF, one: Quantity, box: Box, size: float) -> float:
    high = size * POINT * 1.2
    return high * (len(_lines(pdf, one, box)) + 0.6) + (size * POINT + 1 if one.gauge else 0)


def _lines(pdf: FPDF, one: Quantity, box: Box) -> list[str]:
    """Break a name in two lines at most; its quantity is never cut."""
    how = MethodReturnValue.LINES
    name = one.title
    while True:
        text = _joined(name, one.words)
        found: Any = pdf.multi_cell(box.wide, 1, text, align="L", dry_run=True, output=how)
        if len(found) <= MOST_NAME_LINES or not name:
            return list(found)
        name = _shorter(name)


def _gauge(pdf: FPDF, gauge: Sequence[bool], x: float, y: float, piece: float) -> None:
    side = piece - min(1.6, piece * 0.3)
    pdf.set_line_width(0.9 if piece > LEAST_PIECE * 2 else 0.4)
    for number, solid in enumerate(gauge):
        pdf.set_fill_color(0 if solid else 255)
        pdf.rect(x + number * piece, y, side, side, style="DF")


def _cut(pdf: FPDF, one: Quantity, room: float) -> str:
    name = one.title
    while name and pdf.get_string_width(_joined(name, one.words)) > room:
        name = _shorter(name)
    return _joined(name, one.words)


def _shorter(name: str) -> str:
    """Leave out the last letter; what is too short to be read is left out."""
    return name.rstrip("…")[:-1].rstrip() + "…" if len(name) > 4 else ""


def _width(pdf: FPDF, one: Quantity) -> float:
    return pdf.get_string_width(_joined(one.title, one.words))


def _left(pdf: FPDF, one: Quantity, box: Box) -> float:
    """How much a line leaves to its gauge."""
    return box.wide - BETWEEN - _width(pdf, one)


def _joined(title: str, words: str) -> str:
    return " · ".join(part for part in (title, words) if part)
