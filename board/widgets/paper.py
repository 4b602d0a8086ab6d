"""Paper: a post as an A4 poster, alone or with slips to tear off, as PDF in the board's letters.

Black and white, for any printer; the code leads to the post (ISO/IEC 18004, level M).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import segno
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode

from board.widgets import paper_lines
from board.widgets.paper_lines import Box
from board.widgets.sheets import Sheet

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
TITLES = VENDOR / "familjen-grotesk-5.3.0/familjen-grotesk-latin-wght-normal.woff2"
LETTERS = (
    VENDOR / "atkinson-hyperlegible-next-5.3.0/atkinson-hyperlegible-next-latin-wght-normal.woff2"
)
WIDE, HIGH, EDGE = 210.0, 297.0, 15.0
INNER = 31.0
SLIPS, SLIP_HIGH = 9, 33.0
SLIP_SIZES = (10.0, 9.0, 8.0, 7.0)
SIZES = (46, 40, 34, 28, 24)
MOST_LINES = 4


def poster(sheet: Sheet, folder: Path) -> bytes:
    """Draw the poster, with letters kept in `folder`."""
    return _drawn(sheet, folder, slips=False)


def tear_off(sheet: Sheet, folder: Path) -> bytes:
    """Draw the poster with slips below, for a board where no telephone is at hand."""
    return _drawn(sheet, folder, slips=True)


@lru_cache(maxsize=32)
def _drawn(sheet: Sheet, folder: Path, *, slips: bool) -> bytes:
    bottom = HIGH - SLIP_HIGH - 7 if slips else HIGH - EDGE
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.add_font("letters", "", of_weight(LETTERS, 400, folder))
    pdf.add_font("letters", "B", of_weight(LETTERS, 700, folder))
    pdf.add_font("titles", "B", of_weight(TITLES, 700, folder))
    pdf.set_lang(sheet.language)
    pdf.set_title(sheet.title)
    pdf.set_creator(sheet.board)
    pdf.add_page()
    _head(pdf, sheet)
    _frame(pdf, sheet, 28.0, bottom)
    _words(pdf, sheet, bottom)
    if slips:
        _slips(pdf, sheet)
    return bytes(pdf.output())


def of_weight(source: Path, weight: int, folder: Path) -> Path:
    """Return letters at one weight, made once of the variable ones: that takes a second."""
    path = folder / f"{source.stem}-{weight}.ttf"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        font = instancer.instantiateVariableFont(TTFont(source), {"wght": weight})
        font.flavor = None
        meanwhile = path.with_suffix(f".{uuid4().hex}")
        font.save(meanwhile)
        meanwhile.replace(path)
    return path


def _head(pdf: FPDF, sheet: Sheet) -> None:
    pdf.set_font("letters", "B", 16)
    _put(pdf, EDGE, 14, sheet.board)
    pdf.set_font("letters", "", 12)
    host = sheet.short_address.partition("/")[0]
    _put(pdf, WIDE - EDGE - pdf.get_string_width(host) - 2, 15, host)


def _frame(pdf: FPDF, sheet: Sheet, top: float, bottom: float) -> None:
    """The sheet's edge, with the notch of a need or the tongue of an offer."""
    pdf.set_line_width(0.9)
    left, right, joint = EDGE, WIDE - EDGE, top + 11
    deep = left + 9 if sheet.purpose == "need" else left - 9
    pdf.polygon(
        [(left, top), (right, top), (right, bottom), (left, bottom), (left, joint + 20),
         (deep, joint + 24), (deep, joint), (left, joint + 4)],
        style="D",
    )  # fmt: skip


def _words(pdf: FPDF, sheet: Sheet, bottom: float) -> None:
    y = _mark(pdf, sheet, 40.0) + 9
    y = _title(pdf, sheet.title, y) + 5
    foot = _foot(pdf, sheet, bottom)
    box = Box(INNER + 1, y, WIDE - 2 * INNER - 2, foot - 69 - y)
    y = paper_lines.draw(pdf, sheet.quantities, box) + 3
    _text(pdf, sheet.text, y, foot - 69)
    _facts(pdf, sheet.facts, foot)
    _code(pdf, sheet, foot)


def _mark(pdf: FPDF, sheet: Sheet, y: float) -> float:
    """The word of its purpose: hollow for a need, solid for an offer."""
    pdf.set_font("letters", "B", 34)
    word = sheet.label.upper()
    wide, solid = pdf.get_string_width(word) + 14, sheet.purpose == "offer"
    pdf.set_line_width(1.1)
    pdf.set_fill_color(0 if solid else 255)
    pdf.rect(INNER, y, wide, 19, style="DF")
    pdf.set_text_color(255 if solid else 0)
    _put(pdf, INNER + 7, y + 3.4, word)
    pdf.set_text_color(0)
    return y + 19


def _title(pdf: FPDF, title: str, y: float) -> float:
    """As large as it fits in four lines."""
    wide = WIDE - 2 * INNER
    for size in SIZES:
        pdf.set_font("titles", "B", size)
        high = size * 0.395
        lines = _lines(pdf, title, high)
        if len(lines) <= MOST_LINES:
            break
    pdf.set_xy(INNER, y)
    pdf.multi_cell(wide, high, "\n".join(lines[:MOST_LINES]), align="L")
    return y + high * min(len(lines), MOST_LINES)


def _lines(pdf: FPDF, text: str, high: float) -> list[str]:
    """Return text as it breaks in the letters that are set."""
    wide = WIDE - 2 * INNER
    how = MethodReturnValue.LINES
    found: Any = pdf.multi_cell(wide, high, text, align="L", dry_run=True, output=how)
    return list(found)


def _text(pdf: FPDF, text: str, y: float, bottom: float) -> None:
    """The beginning of the post's own words, as much as there is room."""
    pdf.set_font("letters", "", 15)
    high = 7.2
    room = max(0, int((bottom - y) / high))
    lines = _lines(pdf, text, high) if text else []
    shown = list(lines[:room])
    if shown and len(lines) > room:
        shown[-1] = shown[-1].rstrip(" .,;") + "…"
    pdf.set_xy(INNER, y)
    if shown:
        pdf.multi_cell(WIDE - 2 * INNER, high, "\n".join(shown), align="L")


def _facts(pdf: FPDF, facts: Sequence[tuple[str, str]], foot: float) -> None:
    y = foot - 46
    for name, value in facts:
        pdf.set_font("letters", "B", 14)
        _put(pdf, INNER, y, name)
        pdf.set_font("letters", "", 14)
        pdf.set_xy(INNER + 26, y)
        pdf.multi_cell(72, 6.6, value, align="L", max_line_height=6.6)
        y = pdf.get_y() + 3


def _code(pdf: FPDF, sheet: Sheet, foot: float) -> None:
    """The code, with its quiet edge, and the address for who has no telephone."""
    side, x, y = 46.0, WIDE - INNER - 47, foot - 67
    code = segno.make(sheet.address, error="m", micro=False)
    rows = [bytes(row) for row in code.matrix_iter(border=0)]
    piece = side / len(rows)
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                pdf.rect(x + across * piece, y + down * piece, piece + 0.02, piece + 0.02, "F")
    pdf.set_font("letters", "B", 13)
    _put(pdf, x, y + side + 2.5, sheet.answer)
    pdf.set_font("letters", "", 11)
    pdf.set_xy(x, y + side + 8.5)
    pdf.multi_cell(side + 4, 4.6, sheet.short_address, align="L", wrapmode=WrapMode.CHAR)


def _foot(pdf: FPDF, sheet: Sheet, bottom: float) -> float:
    y = bottom - 21
    pdf.set_line_width(0.3)
    pdf.line(INNER, y, WIDE - INNER, y)
    pdf.set_font("letters", "", 11)
    pdf.set_xy(INNER, y + 3)
    pdf.multi_cell(WIDE - 2 * INNER, 5.4, sheet.note, align="L")
    return y


def _slips(pdf: FPDF, sheet: Sheet) -> None:
    """Slips to cut along the dashes, each with what it is about and where to answer."""
    top, wide = HIGH - SLIP_HIGH, WIDE / SLIPS
    pdf.set_line_width(0.2)
    pdf.set_dash_pattern(dash=1.2, gap=1.0)
    pdf.line(0, top, WIDE, top)
    for number in range(1, SLIPS):
        pdf.line(number * wide, top, number * wide, HIGH)
    pdf.set_dash_pattern()
    for number in range(SLIPS):
        _slip(pdf, sheet, number * wide, wide)


def _slip(pdf: FPDF, sheet: Sheet, left: float, wide: float) -> None:
    size, address = _on_slip(pdf, sheet.short_address)
    lines = [("B", 8.5, _cut(pdf, sheet.title, "B", 8.5)), *(("", size, part) for part in address)]
    x = left + (wide - 3.9 * len(lines)) / 2 + 2.8
    for style, high, line in lines:
        pdf.set_font("letters", style, high)
        with pdf.rotation(90, x, HIGH - 2.5):
            pdf.text(x, HIGH - 2.5, line)
        x += 4.1


def _on_slip(pdf: FPDF, address: str) -> tuple[float, list[str]]:
    """Return an address as large as it fits: in one line, else the board's name above its post."""
    host, _slash, path = address.partition("/")
    for sizes, lines in ((SLIP_SIZES[:3], [address]), (SLIP_SIZES, [f"{host}/", path])):
        for size in sizes:
            pdf.set_font("letters", "", size)
            if all(pdf.get_string_width(line) <= SLIP_HIGH - 5 for line in lines):
                return size, lines
    return SLIP_SIZES[-1], _broken(pdf, address, SLIP_SIZES[-1])


def _cut(pdf: FPDF, text: str, style: str, size: float) -> str:
    pdf.set_font("letters", style, size)
    if pdf.get_string_width(text) <= SLIP_HIGH - 5:
        return text
    while text and pdf.get_string_width(text + "…") > SLIP_HIGH - 5:
        text = text[:-1]
    return text.rstrip() + "…"


def _broken(pdf: FPDF, address: str, size: float) -> list[str]:
    """Break an address where it ends, never with a mark of its own."""
    pdf.set_font("letters", "", size)
    lines = [""]
    for letter in address:
        if pdf.get_string_width(lines[-1] + letter) > SLIP_HIGH - 5:
            lines.append("")
        lines[-1] += letter
    return lines


def _put(pdf: FPDF, x: float, y: float, text: str) -> None:
    pdf.set_xy(x, y)
    pdf.cell(text=text)
