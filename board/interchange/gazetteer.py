"""The places of the board in memory for the time of an import: no question for each row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import cos, floor, radians
from typing import Any

from sqlalchemy import insert, select

from board import news
from board.clock import now
from board.extensions import db
from board.interchange.records import RecordPlace
from board.taxonomy import place_queries
from board.taxonomy.models import Place
from board.taxonomy.places import Point, distance_km, place_key, round_point

SAME_KM = 1.5
SOURCE = "import"


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place that the board lacks: its point is rounded before anything keeps it."""

    label: str
    point: Point
    region: str
    country: str

    @property
    def key(self) -> str:
        """Name it, so that a second import finds it again."""
        said = f"{self.point.latitude:.2f},{self.point.longitude:.2f} {place_key(self.label)}"
        return f"{SOURCE}:{sha256(said.encode()).hexdigest()[:40]}"


class Gazetteer:
    """Every name of the board's places, and which place is near a point."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._named: dict[str, list[Any]] = defaultdict(list)
        self._nearest = lru_cache(maxsize=20_000)(self._find_nearest)
        self._around: dict[tuple[int, int], dict[int, Any]] = defaultdict(dict)
        for row in place_queries.every_name(home=home):
            self._named[row.folded].append(row)
            self._around[_square(row.public_latitude, row.public_longitude)][row.id] = row

    def find(self, place: RecordPlace) -> tuple[int | None, str] | NewPlace | None:
        """Return (id, label) of the place that a row means, one to make, or nothing known."""
        named = self._by_name(place.label)
        if place.point is None:
            return (named.id, named.label) if named else None
        point = round_point(*place.point)
        near = self._nearest(point)
        known = named if named and _far(named, point) <= SAME_KM else None
        if known is None and near is not None and not place.label:
            known = near if _far(near, point) <= SAME_KM else None
        if known is not None:
            return known.id, known.label
        label = place.label or (near.label if near else "")
        if not label:
            return None
        region, country = (near.region, near.country) if near else ("", self.home)
        return NewPlace(label, point, region, country)

    def _by_name(self, label: str) -> Any:
        key = place_key(label)
        found = self._named.get(key, []) if key else []
        labelled = (row for row in found if place_key(row.label) == key)
        return next(labelled, found[0] if found else None)

    def _find_nearest(self, point: Point) -> Any:
        row, column = _square(*point)
        around = (self._around.get((row + i, column + j)) for i in (-1, 0, 1) for j in (-1, 0, 1))
        found = [one for square in around if square for one in square.values()]
        return min(found, key=lambda one: (_square_of_distance(one, point), one.id), default=None)


def make(wanted: set[NewPlace]) -> dict[NewPlace, int]:
    """Write the places that are missing; return the id of each."""
    keys = {place.key: place for place in wanted}
    known = _ids(keys)
    missing = [place for key, place in keys.items() if key not in known]
    if missing:
        db.session.execute(insert(Place), [_row(place) for place in missing])
        known = _ids(keys)
        news.note("place", [known[place.key] for place in missing])
    return {keys[key]: place_id for key, place_id in known.items()}


def _ids(keys: Any) -> dict[str, int]:
    rows = select(Place.source_key, Place.id).where(Place.source_key.in_(sorted(keys)))
    return {str(row.source_key): row.id for row in db.session.execute(rows)} if keys else {}


def _row(place: NewPlace) -> dict[str, Any]:
    latitude, longitude = place.point
    return {
        "created_at": now(),
        "label": place.label,
        "name": place.label[:120],
        "region": place.region,
        "country": place.country,
        "latitude": latitude,
        "longitude": longitude,
        "public_latitude": latitude,
        "public_longitude": longitude,
        "precision": "point",
        "population": 0,
        "source": SOURCE,
        "source_key": place.key,
    }


def _square(latitude: float, longitude: float) -> tuple[int, int]:
    return floor(latitude), floor(longitude)


def _square_of_distance(row: Any, point: Point) -> float:
    """Compare distances on a flat map: near a point the earth is flat enough."""
    width = max(0.02, cos(radians(point.latitude)))
    down, across = row.public_latitude - point.latitude, row.public_longitude - point.longitude
    return float(down * down + (across * width) ** 2)


def _far(row: Any, point: Point) -> float:
    return distance_km((row.public_latitude, row.public_longitude), point)
