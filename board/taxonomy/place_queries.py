"""Reading places: what begins like this, what is called that, what is near."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Any
from uuid import UUID

from babel import Locale
from sqlalchemy import Float, and_, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from board.errors import NotFound
from board.extensions import db
from board.taxonomy.mentions import FAMILIAR, LIKELY, Mention, mentions
from board.taxonomy.models import Place, PlaceName
from board.taxonomy.places import distance_km, place_key, prefix_keys

HOME = "CA"
MOST_SUGGESTED = 20
KNOWN_FROM = 1_000
LARGE_FROM = 10_000
# A part of a city counts as a town of this size: its own people are rarely known.
PART_OF_CITY = 12_000
# So that London is Ontario's and Paris is France's.
HOME_COUNTS = 25


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place as the list under the field shows it; `detail` says where in the world it is."""

    uuid: UUID
    label: str
    detail: str


def suggest_places(
    prefix: str, *, language: str, limit: int = 8, home: str = HOME
) -> list[Suggestion]:
    """Return places with a name that begins like `prefix`: exact, then near home, then large."""
    keys = prefix_keys(prefix)
    if not keys:
        return []
    begins = or_(*(_begins(key) for key in keys))
    exact = func.max(case((PlaceName.folded.in_(keys), 1), else_=0))
    query = (
        select(Place.uuid, Place.label, Place.region, Place.country)
        .join(PlaceName)
        .where(begins)
        .group_by(Place.id)
        .order_by(exact.desc(), *_nearest_home(home))
        .limit(min(limit, MOST_SUGGESTED))
    )
    return [
        Suggestion(row.uuid, row.label, _detail(row, language, home))
        for row in db.session.execute(query)
    ]


def _begins(key: str) -> ColumnElement[bool]:
    after = key[:-1] + chr(ord(key[-1]) + 1)
    return and_(PlaceName.folded >= key, PlaceName.folded < after)


def _nearest_home(home: str) -> tuple[Any, ...]:
    """Québec first on a board of Canada; then by people, those at home counting more."""
    at_home = Place.country == home
    quebec = case((and_(at_home, Place.region == "Québec"), 1), else_=0)
    people = case((Place.precision == "neighbourhood", PART_OF_CITY), else_=Place.population)
    weighed = people * case((at_home, HOME_COUNTS), else_=1)
    return (quebec.desc(), weighed.desc(), func.length(Place.name), Place.id)


def _detail(row: Any, language: str, home: str) -> str:
    said = row.label.split(", ")[1:]
    where = row.region if row.country == home else _country(row.country, language)
    return "" if where in said else where


def _country(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))


def find_place(uuid: UUID) -> Place | None:
    """Return the place of this identity, if there is one."""
    return db.session.scalar(select(Place).where(Place.uuid == uuid))


def get_place(uuid: UUID) -> Place:
    """Return the place of this identity."""
    place = find_place(uuid)
    if place is None:
        raise NotFound
    return place


def find_place_by_text(text: str, *, home: str = HOME) -> Place | None:
    """Return the place that is called exactly what somebody typed, the most likely homonym."""
    key = place_key(text)
    if not key:
        return None
    named = select(PlaceName.place_id).where(PlaceName.folded == key)
    query = select(Place).where(Place.id.in_(named)).order_by(*_nearest_home(home)).limit(50)
    found = db.session.scalars(query).all()
    labelled = (place for place in found if place_key(place.label) == key)
    return next(labelled, found[0] if found else None)


def every_name(*, home: str = HOME) -> list[Any]:
    """Return each spelling with its place as everybody may see it, the likeliest homonym first."""
    columns = (Place.id, Place.label, Place.region, Place.country)
    points = (Place.public_latitude, Place.public_longitude)
    query = select(PlaceName.folded, *columns, *points).join(Place)
    return list(db.session.execute(query.order_by(*_nearest_home(home), PlaceName.id)))


def places_named_in(text: str, *, home: str = HOME, limit: int = 3) -> list[Place]:
    """Return the places that a sentence names, the surest first (one statement)."""
    found = mentions(text)
    if not found:
        return []
    by_key = _by_key({key for mention in found for key in mention.keys}, home)
    taken: set[int] = set()
    places: list[Place] = []
    for mention in found:
        words = set(range(mention.start, mention.end))
        place = None if words & taken else _best(mention, by_key, home)
        if place is not None:
            taken |= words
            if place not in places:
                places.append(place)
    return places[:limit]


def _by_key(keys: set[str], home: str) -> dict[str, list[Place]]:
    query = (
        select(PlaceName.folded, Place)
        .join(Place)
        .where(PlaceName.folded.in_(sorted(keys)))
        .order_by(*_nearest_home(home))
    )
    places: dict[str, list[Place]] = {}
    for folded, place in db.session.execute(query):
        places.setdefault(folded, []).append(place)
    return places


def _best(mention: Mention, by_key: dict[str, list[Place]], home: str) -> Place | None:
    for key in mention.keys:
        for place in by_key.get(key, []):
            if _credible(mention, place, home):
                return place
    return None


def _credible(mention: Mention, place: Place, home: str) -> bool:
    if mention.strength >= LIKELY:
        return True
    if mention.strength == FAMILIAR:
        return place.country == home and place.population >= LARGE_FROM
    several = mention.end - mention.start > 1
    return several or place.precision == "neighbourhood" or place.population >= KNOWN_FROM


def places_near(latitude: float, longitude: float, *, limit: int = 8) -> list[Place]:
    """Return the places whose coarse point is nearest, within about 100 km, nearest first."""
    width = max(0.02, cos(radians(latitude)))
    down, across = Place.public_latitude - latitude, (Place.public_longitude - longitude) * width
    square = (down * down + across * across).cast(Float)
    query = (
        select(Place)
        .where(Place.public_latitude.between(latitude - 1, latitude + 1))
        .where(Place.public_longitude.between(longitude - 1 / width, longitude + 1 / width))
        .order_by(square, Place.id)
        .limit(min(limit, MOST_SUGGESTED))
    )
    here = (latitude, longitude)
    return sorted(
        db.session.scalars(query),
        key=lambda p: (distance_km(here, (p.public_latitude, p.public_longitude)), p.id),
    )
