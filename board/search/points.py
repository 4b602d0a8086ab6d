"""A search on the map: how many needs and offers it finds at each coarse point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select, true

from board.extensions import db
from board.posts import visibility
from board.posts.models import Post
from board.posts.rules import Purpose
from board.search.dialects import Dialect
from board.search.engine import PlacePoint, Points
from board.search.queries import Found, Scope
from board.taxonomy.models import Place

MOST_POINTS = 3_000
LABELS = 2
# Public points have two decimals: nothing lies between.
HALF_STEP = 0.004


def count(dialect: Dialect, scope: Scope, found: Found) -> Points:
    """Count what is found at each coarse point: two statements, however many posts."""
    counted = _by_place(scope, found)
    nowhere = sum(counted.pop(None, {}).values())
    points = _by_point(counted, _places(dialect, list(counted)))
    points.sort(key=lambda each: (-each.total, each.label, each.latitude, each.longitude))
    left_out = sum(each.total for each in points[MOST_POINTS:])
    return Points(tuple(points[:MOST_POINTS]), without_place=nowhere, left_out=left_out)


def posts_at(
    scope: Scope, found: Found, point: tuple[float, float], *, limit: int
) -> list[tuple[int, str]]:
    """Return (post, name of its place) at one coarse point, as in the newest order."""
    latitude, longitude = point
    statement = (
        select(Post.id, Place.label)
        .join(Place, Place.id == Post.place_id)
        .where(
            Place.public_latitude.between(latitude - HALF_STEP, latitude + HALF_STEP),
            Place.public_longitude.between(longitude - HALF_STEP, longitude + HALF_STEP),
            scope.everything,
            true() if found is None else found,
        )
        .order_by(
            case((visibility.stale_sql(scope.at), 1), else_=0),
            Post.ranked_at.desc(),
            Post.id.desc(),
        )
        .limit(limit)
    )
    return [(row.id, row.label) for row in db.session.execute(statement)]


def _by_place(scope: Scope, found: Found) -> dict[int | None, dict[Purpose, int]]:
    statement = (
        select(Post.place_id, Post.purpose, func.count().label("n"))
        .where(scope.everything, true() if found is None else found)
        .group_by(Post.place_id, Post.purpose)
    )
    counted: defaultdict[int | None, dict[Purpose, int]] = defaultdict(dict)
    for row in db.session.execute(statement):
        counted[row.place_id][Purpose(row.purpose)] = row.n
    return dict(counted)


def _places(dialect: Dialect, ids: Sequence[Any]) -> list[Any]:
    if not ids:
        return []
    statement = select(Place.id, Place.label, Place.public_latitude, Place.public_longitude)
    return list(db.session.execute(statement.where(dialect.among(Place.id, ids))))


def _by_point(counted: dict[Any, dict[Purpose, int]], places: list[Any]) -> list[PlacePoint]:
    """Several places may share a coarse point: the fullest give it its name."""
    together: defaultdict[tuple[float, float], list[Any]] = defaultdict(list)
    for place in places:
        together[place.public_latitude, place.public_longitude].append(place)
    return [_point(where, counted, here) for where, here in together.items()]


def _point(
    where: tuple[float, float], counted: dict[Any, dict[Purpose, int]], here: list[Any]
) -> PlacePoint:
    here.sort(key=lambda place: (-sum(counted[place.id].values()), place.label))
    labels = list(dict.fromkeys(place.label for place in here))
    return PlacePoint(
        *where,
        label=" / ".join(labels[:LABELS]) + (" …" if len(labels) > LABELS else ""),
        needs=sum(counted[place.id].get(Purpose.NEED, 0) for place in here),
        offers=sum(counted[place.id].get(Purpose.OFFER, 0) for place in here),
    )
