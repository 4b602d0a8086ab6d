"""Reading places: what begins like this, what is called that, what is near."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Any
from uuid import UUID

from babel import Locale
from sqlalchemy import Float, and_, case, false, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from board.errors import NotFound
from board.extensions import db
from board.taxonomy.mentions import FAMILIAR, LIKELY, Mention, mentions
from board.taxonomy.models import Place, PlaceName
from board.taxonomy.places import (
    distance_km,
    is_region,
    name_and_region,
    other_spelling,
    place_key,
    prefix_keys,
)

HOME = "CA"
MOST_SUGGESTED = 20
KNOWN_FROM = 1_000
LARGE_FROM = 10_000
# A part of a city counts as a town of this size: its own people are rarely known.
PART_OF_CITY = 12_000
# So that London is Ontario's and Paris is France's.
HOME_COUNTS = 25
# What people call by its saint alone: « Saint-Jean » is Saint-Jean-sur-Richelieu.
SAINTS = frozenset({"saint", "sainte", "saints", "saintes", "notre"})
MOST_MEANT = 5
SHORTEST_BEGINNING = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place as the list under the field shows it; `detail` says where in the world it is."""

    uuid: UUID
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class Named:
    """A place that a text names, and what else its name may mean, the likeliest first."""

    place: Place
    others: tuple[Place, ...] = ()


def suggest_places(
    prefix: str, *, language: str, limit: int = 8, home: str = HOME
) -> list[Suggestion]:
    """Return places with a name that begins like `prefix`: exact, then near home, then large."""
    rows = _beginning_like(prefix_keys(prefix), limit, home)
    name, region = name_and_region(prefix)
    if not rows and region:
        named = _beginning_like(prefix_keys(name), MOST_SUGGESTED, home)
        same = [row for row in named if is_region(region, row.region, row.country, begun=True)]
        rows = same[:limit]
    return [Suggestion(row.uuid, row.label, _detail(row, language, home)) for row in rows]


def _beginning_like(keys: list[str], limit: int, home: str) -> list[Any]:
    if not keys:
        return []
    keys = list(dict.fromkeys([*keys, *map(other_spelling, keys)]))
    begins = or_(*(_begins(key) for key in keys))
    same: ColumnElement[bool] = PlaceName.folded.in_(keys)
    if _is_saint_alone(keys[0]):
        same = and_(same, _near_home(home))
    exact = func.max(case((same, 1), else_=0))
    query = (
        select(Place.uuid, Place.label, Place.region, Place.country)
        .join(PlaceName)
        .where(begins)
        .group_by(Place.id)
        .order_by(exact.desc(), *_nearest_home(home))
        .limit(min(limit, MOST_SUGGESTED))
    )
    return list(db.session.execute(query))


def _begins(key: str) -> ColumnElement[bool]:
    after = key[:-1] + chr(ord(key[-1]) + 1)
    return and_(PlaceName.folded >= key, PlaceName.folded < after)


def _nearest_home(home: str) -> tuple[Any, ...]:
    """Québec first on a board of Canada; then by people, those at home counting more."""
    at_home = Place.country == home
    quebec = case((and_(at_home, _near_home(HOME)), 1), else_=0)
    people = case((Place.precision == "neighbourhood", PART_OF_CITY), else_=Place.population)
    weighed = people * case((at_home, HOME_COUNTS), else_=1)
    return (quebec.desc(), weighed.desc(), func.length(Place.name), Place.id)


def _near_home(home: str) -> ColumnElement[bool]:
    """In Québec on a board of Canada, else in the board's own country."""
    return Place.region == "Québec" if home == HOME else Place.country == home


def _is_saint_alone(key: str) -> bool:
    """Whether a name is a saint and nothing more: a longer one nearby is often meant."""
    return key.split()[0] in SAINTS and key.count(" ") == 1


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
    return next(iter(places_called(text, home=home)), None)


def places_called(text: str, *, home: str = HOME) -> list[Place]:
    """Return what a name may mean, the likeliest first; a whole label means one place."""
    key = place_key(text)
    if not key:
        return []
    found = _by_key({key}, home).get(key, [])
    return (found or _called_otherwise(text, home))[:MOST_MEANT]


def _called_otherwise(text: str, home: str) -> list[Place]:
    """Read a name with its region, in another spelling, or as the beginning of only one place."""
    name, region = name_and_region(text)
    key = place_key(name)
    keys = list(dict.fromkeys([key, other_spelling(key)])) if key else []
    called = _by_key(set(keys), home) if keys else {}
    found = list(dict.fromkeys(place for each in keys for place in called.get(each, [])))
    if region:
        return [place for place in found if is_region(region, place.region, place.country)]
    return found or _only_one_beginning(keys)


def _only_one_beginning(keys: list[str]) -> list[Place]:
    """Return the one place that begins so, when there is no other: « gasp » is Gaspé."""
    keys = [key for key in keys if len(key) >= SHORTEST_BEGINNING]
    if not keys:
        return []
    named = select(PlaceName.place_id).where(or_(*(_begins(key) for key in keys)))
    found = list(db.session.scalars(select(Place).where(Place.id.in_(named)).limit(2)))
    return found if len(found) == 1 else []


def every_name(*, home: str = HOME) -> list[Any]:
    """Return each spelling with its place as everybody may see it, the likeliest homonym first."""
    columns = (Place.id, Place.label, Place.region, Place.country)
    points = (Place.public_latitude, Place.public_longitude)
    query = select(PlaceName.folded, *columns, *points).join(Place)
    return list(db.session.execute(query.order_by(*_nearest_home(home), PlaceName.id)))


def places_named_in(text: str, *, home: str = HOME, limit: int = 3) -> list[Place]:
    """Return the places that a sentence names, the surest first (one statement)."""
    return [named.place for named in names_in(text, home=home, limit=limit)]


def names_in(text: str, *, home: str = HOME, limit: int = 3) -> list[Named]:
    """Return the places that a sentence names, each with its homonyms (one statement)."""
    found = mentions(text)
    if not found:
        return []
    by_key = _by_key({key for mention in found for key in mention.keys}, home)
    taken: set[int] = set()
    places: list[Named] = []
    for mention in found:
        words = set(range(mention.start, mention.end))
        named = None if words & taken else _best(mention, by_key, home)
        if named is not None:
            taken |= words
            if all(named.place != each.place for each in places):
                places.append(named)
    return places[:limit]


def _by_key(keys: set[str], home: str) -> dict[str, list[Place]]:
    """Return the places that each of these names may mean, the likeliest first."""
    short = sorted(key for key in keys if _is_saint_alone(key))
    begun = or_(*(_begins(f"{key} ") for key in short)) if short else false()
    query = (
        select(PlaceName.folded, Place)
        .join(Place)
        .where(or_(PlaceName.folded.in_(sorted(keys)), and_(Place.country == home, begun)))
        .order_by(*_nearest_home(home), PlaceName.id)
    )
    places: dict[str, dict[Place, bool]] = {}
    for folded, place in db.session.execute(query):
        beginning = " ".join(folded.split()[:2])
        for key in {folded, beginning} & keys if beginning in short else {folded} & keys:
            called = places.setdefault(key, {})
            called[place] = called.get(place, False) or folded == key
    return {key: _likeliest(key, called, home) for key, called in places.items()}


def _likeliest(key: str, called: dict[Place, bool], home: str) -> list[Place]:
    """Put one near home first; then each of exactly that name, then the longer ones."""
    labelled = [place for place in called if place_key(place.label) == key]
    if labelled:
        return labelled[:1]

    def rank(place: Place) -> tuple[bool, bool, bool]:
        near = place.region == "Québec" if home == HOME else place.country == home
        return not near, place_key(place.name) != key, not called[place]

    first, *others = sorted(called, key=rank)
    return [first, *sorted(others, key=lambda place: not called[place])]


def _best(mention: Mention, by_key: dict[str, list[Place]], home: str) -> Named | None:
    for key in mention.keys:
        meant = [place for place in by_key.get(key, []) if _credible(mention, place, home)]
        if meant:
            return Named(meant[0], tuple(meant[1:MOST_MEANT]))
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
