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
ASIDE = 40
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
    """Land and lakes as one path each, and the marks on them."""

    land: str
    lakes: str
    marks: list[Mark]
    width: int = WIDE
    height: int = HIGH


def draw(points: Sequence[Any]) -> Picture:
    """Draw the points as large as they fit; near ones are one mark."""
    flat = [_mercator((float(p.public_longitude), float(p.public_latitude))) for p in points]
    view = _around(flat)
    land, lakes = _ground(view.x, view.y, view.scale)
    return Picture(land, lakes, _grouped(points, [view.of_flat(*each) for each in flat]))


@dataclass(frozen=True, slots=True)
class _View:
    """From flat degrees to the picture: its middle, and how many of its points a degree is."""

    x: float
    y: float
    scale: float

    def of_flat(self, x: float, y: float) -> tuple[int, int]:
        """Return where a flat point is in the picture; what is far beside it lies at its edge."""
        across, down = (x - self.x) * self.scale, (self.y - y) * self.scale
        x, y = round(WIDE / 2 + across), round(HIGH / 2 + down)
        return max(-ASIDE, min(WIDE + ASIDE, x)), max(-ASIDE, min(HIGH + ASIDE, y))

    def is_beside(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a box of flat degrees lies wholly outside the picture."""
        across, up = WIDE / 2 / self.scale, HIGH / 2 / self.scale
        west, south, east, north = box
        return (
            east < self.x - across
            or west > self.x + across
            or north < self.y - up
            or south > self.y + up
        )


@dataclass(frozen=True, slots=True)
class _Ring:
    """An outline, flat, and the box around it."""

    points: list[Point]
    box: tuple[float, float, float, float]


def _around(flat: Sequence[Point]) -> _View:
    """Return the view in which all the points are, with room beside them."""
    west, east = min(x for x, _ in flat), max(x for x, _ in flat)
    south, north = min(y for _, y in flat), max(y for _, y in flat)
    across, up = max(east - west, LEAST_DEGREES), max(north - south, LEAST_DEGREES * 0.7)
    scale = min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / up)
    return _View(round((west + east) / 2, 3), round((south + north) / 2, 3), round(scale, 2))


def _outlines(kind: str, view: _View) -> str:
    """Return the outlines that touch the picture, no finer than it shows."""
    parts = []
    for ring in _rings(kind):
        if view.is_beside(ring.box):
            continue
        drawn, last = [], None
        for x, y in ring.points:
            here = view.of_flat(x, y)
            if last is None or abs(here[0] - last[0]) + abs(here[1] - last[1]) >= 2:
                drawn.append(here)
                last = here
        if len(drawn) > 2:
            parts.append("M" + "L".join(f"{x} {y}" for x, y in drawn) + "Z")
    return "".join(parts)


@lru_cache(maxsize=64)
def _ground(x: float, y: float, scale: float) -> tuple[str, str]:
    """Return land and lakes of a view, drawn once for all widgets that look there."""
    view = _View(x, y, scale)
    return _outlines("land", view), _outlines("lakes", view)


def _mercator(point: Point) -> Point:
    longitude, latitude = point
    radians = math.radians(max(-85.0, min(85.0, latitude)))
    return longitude, math.degrees(math.log(math.tan(math.pi / 4 + radians / 2)))


@lru_cache(maxsize=2)
def _rings(kind: str) -> list[_Ring]:
    """Read outlines, the finest around home; each step is told from the one before."""
    rings = []
    for zone in ("world", "around", "home"):
        kept = json.loads((OUTLINES / f"{zone}.json").read_text(encoding="utf-8"))
        for packed in (ring for shape in kept[kind] for ring in shape):
            points = [_mercator(point) for point in _unpacked(packed, kept["scale"])]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            rings.append(_Ring(points, (min(xs), min(ys), max(xs), max(ys))))
    return rings


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
