"""Fill the table of places from the file that the board brings along."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import delete, insert, select, update

from board import news
from board.clock import now
from board.extensions import db
from board.taxonomy.models import Place, PlaceName
from board.taxonomy.places import place_key, round_point

FILE = Path(__file__).parent / "data" / "places.tsv"
Row = dict[str, Any]


def load_gazetteer(path: Path = FILE) -> int:
    """Bring the gazetteer's places up to the file; say how many are new or changed.

    Run again it changes nothing. Rows that people added are never touched, nor are rows that a
    newer file no longer has: something may stand there.
    """
    wanted = {row["source_key"]: row for row in read(path)}
    known = {place.source_key: place for place in _known()}
    fresh = [row for key, row in wanted.items() if key not in known]
    moved = [
        {"id": known[key].id} | _columns(row)
        for key, row in wanted.items()
        if key in known and _differs(known[key], row)
    ]
    if fresh:
        db.session.execute(insert(Place), [_new(row) for row in fresh])
    if moved:
        db.session.execute(update(Place), moved)
        news.note("place", [row["id"] for row in moved])
    _write_names(wanted)
    return len(fresh) + len(moved)


def read(path: Path = FILE) -> list[Row]:
    """Return the rows of the file, their numbers as numbers and every spelling folded."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [_parsed(cells) for cells in csv.DictReader(lines, dialect="excel-tab")]


def _parsed(cells: dict[str, str]) -> Row:
    spellings = [cells["name"], cells["label"], *filter(None, cells["names"].split(";"))]
    return cells | {
        "latitude": float(cells["latitude"]),
        "longitude": float(cells["longitude"]),
        "population": int(cells["population"]),
        "names": {key for text in spellings if (key := place_key(text))},
    }


_OWN = ("label", "name", "region", "country", "latitude", "longitude", "precision", "population")


def _known() -> list[Any]:
    columns = [getattr(Place, name) for name in _OWN]
    query = select(Place.id, Place.source_key, *columns).where(Place.source == "gazetteer")
    return list(db.session.execute(query.order_by(Place.id)))


def _differs(place: Any, row: Row) -> bool:
    return any(getattr(place, name) != row[name] for name in _OWN)


def _columns(row: Row) -> Row:
    public = round_point(row["latitude"], row["longitude"])
    return {name: row[name] for name in _OWN} | {
        "public_latitude": public.latitude,
        "public_longitude": public.longitude,
    }


def _new(row: Row) -> Row:
    # The same place has the same identity on every instance: exports of one can be read by another.
    return _columns(row) | {
        "uuid": uuid5(NAMESPACE_URL, f"babillard:place:{row['source_key']}"),
        "created_at": now(),
        "source": "gazetteer",
        "source_key": row["source_key"],
    }


def _write_names(wanted: dict[str, Row]) -> None:
    """Give each place of the file the spellings that it has there, and take the others away."""
    ids = dict(
        db.session.execute(
            select(Place.source_key, Place.id).where(Place.source == "gazetteer")
        ).all()
    )
    mine = {(ids[key], folded) for key, row in wanted.items() for folded in row["names"]}
    places = {ids[key] for key in wanted}
    there = {
        (place_id, folded): id
        for id, place_id, folded in db.session.execute(
            select(PlaceName.id, PlaceName.place_id, PlaceName.folded)
        )
        if place_id in places
    }
    if missing := sorted(mine - there.keys()):
        rows = [{"place_id": place_id, "folded": folded} for place_id, folded in missing]
        db.session.execute(insert(PlaceName), rows)
    if gone := [{"id": there[name]} for name in there.keys() - mine]:
        _forget([row["id"] for row in gone])


def _forget(ids: list[int]) -> None:
    for start in range(0, len(ids), 500):
        chosen = ids[start : start + 500]
        db.session.execute(delete(PlaceName).where(PlaceName.id.in_(chosen)))
