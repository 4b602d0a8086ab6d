"""A widget's map, drawn by the board as one picture: coarse points over its own outlines."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

OUTLINES = Path(__file__).resolve().parents[2] / "static/vendor/natural-earth-2024.01"
WIDE, HIGH, EDGE = 720, 440, 60
LEAST_DEGREES = 0.6
APART = 34
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where so many posts are, in the picture and in words."""

    x: int
    y: int
    total: int
    radius: int
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The land as one path, and the marks on it."""

    land: str
    marks: list[Mark]
    width: int = WIDE
    height: int = HIGH


def draw(points: Sequence[Any]) -> Picture:
    """Draw the points as large as they fit; near ones are one mark."""
    where = [(float(p.public_longitude), float(p.public_latitude)) for p in points]
    view = _View(where)
    return Picture(view.land(), _grouped(points, [view.of(each) for each in where]))


class _View:
    """From degrees to the picture: Mercator, around the points."""

    def __init__(self, points: Sequence[Point]) -> None:
        flat = [_mercator(point) for point in points]
        west, east = min(x for x, _ in flat), max(x for x, _ in flat)
        south, north = min(y for _, y in flat), max(y for _, y in flat)
        across, up = max(east - west, LEAST_DEGREES), max(north - south, LEAST_DEGREES * 0.7)
        self.scale = min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / up)
        self.x, self.y = (west + east) / 2, (south + north) / 2

    def of(self, point: Point) -> tuple[int, int]:
        """Return where a point is in the picture."""
        x, y = _mercator(point)
        return (
            round(WIDE / 2 + (x - self.x) * self.scale),
            round(HIGH / 2 - (y - self.y) * self.scale),
        )

    def land(self) -> str:
        """Return the outlines that touch the picture, no finer than it shows."""
        parts = []
        for ring in _rings():
            drawn, last = [], None
            for point in ring:
                here = self.of(point)
                if last is None or abs(here[0] - last[0]) + abs(here[1] - last[1]) >= 2:
                    drawn.append(here)
                    last = here
            xs, ys = [x for x, _ in drawn], [y for _, y in drawn]
            if len(drawn) > 2 and min(xs) < WIDE and max(xs) > 0 and min(ys) < HIGH and max(ys) > 0:
                parts.append("M" + "L".join(f"{x} {y}" for x, y in drawn) + "Z")
        return "".join(parts)


def _mercator(point: Point) -> Point:
    longitude, latitude = point
    radians = math.radians(max(-85.0, min(85.0, latitude)))
    return longitude, math.degrees(math.log(math.tan(math.pi / 4 + radians / 2)))


@lru_cache(maxsize=1)
def _rings() -> list[list[Point]]:
    """Read the land around home, unpacked: each step is told from the one before."""
    kept = json.loads((OUTLINES / "home.json").read_text(encoding="utf-8"))
    return [list(_unpacked(ring, kept["scale"])) for shape in kept["land"] for ring in shape]


def _unpacked(ring: Sequence[int], scale: int) -> Iterator[Point]:
    x = y = 0
    for place in range(0, len(ring) - 1, 2):
        x, y = x + ring[place], y + ring[place + 1]
        yield x / scale, y / scale


def _grouped(points: Sequence[Any], where: Sequence[tuple[int, int]]) -> list[Mark]:
    marks: list[Mark] = []
    for point, (x, y) in zip(points, where, strict=True):
        near = next((i for i, m in enumerate(marks) if math.dist((m.x, m.y), (x, y)) < APART), None)
        coarse = f"{point.public_latitude:.2f},{point.public_longitude:.2f}"
        if near is None:
            marks.append(Mark(x, y, point.total, _radius(point.total), point.label, coarse))
        else:
            old = marks[near]
            total = old.total + point.total
            marks[near] = Mark(old.x, old.y, total, _radius(total), old.label, old.place)
    return marks


def _radius(total: int) -> int:
    return min(26, 14 + 2 * len(str(total)) + min(6, total // 5))
