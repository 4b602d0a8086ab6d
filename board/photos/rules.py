"""How many photos, how they are described, and in which sizes they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MAX_PHOTOS = 6
ALT_MAX = 300
SIDES = (400, 800, 1600)
LARGEST = SIDES[-1]
UPLOADS_AN_HOUR = 60
UPLOADS_WINDOW = timedelta(hours=1)
ONE_STEP = timedelta(hours=1)


class Move(StrEnum):
    """Where a photo goes among the others."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Size:
    """One size in which a photo is kept: its name, and how large it is."""

    side: int
    width: int
    height: int


def sizes(width: int, height: int) -> list[Size]:
    """Return the sizes of a photo, small to large: none larger than the photo is."""
    found = []
    for side in SIDES:
        scale = min(1.0, side / max(width, height))
        found.append(Size(side, max(1, round(width * scale)), max(1, round(height * scale))))
        if side >= max(width, height):
            break
    return found


def alt_said(text: str, *, decorative: bool) -> str | None:
    """Return what a photo says to who does not see it: nothing, or None while nobody said."""
    if text:
        return text
    return "" if decorative else None


def is_shown(alt: str | None) -> bool:
    """Others see a photo once it is described, or said to be decorative."""
    return alt is not None


def moved(order: list[int], one: int, move: Move) -> list[int]:
    """Return the order with one of its members a step further; at the end it stays."""
    if one not in order:
        return order
    at = order.index(one)
    to = at - 1 if move is Move.UP else at + 1
    if not 0 <= to < len(order):
        return order
    order = order.copy()
    order[at], order[to] = order[to], order[at]
    return order
