"""The directory: organisations by name, found by words of it however they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from board import typos
from board.extensions import db
from board.folding import fold
from board.organisations.models import Organisation
from board.organisations.queries import MOST_NAMES, is_listed
from board.taxonomy.models import Place

NEARBY_KM = 25
_KM_A_DEGREE = 111.2
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the directory is asked for: words of a name, a place to be near.

    `meant` holds the organisations whose names come close when none has the words as typed.
    """

    q: str = ""
    place: Place | None = None
    meant: tuple[int, ...] = field(default=())


def forgiving(asked: Asked) -> Asked:
    """Return the question as it is when some name has its words, else with what comes close."""
    words = _words(asked.q)
    if not words or count(asked):
        return asked
    rows = db.session.execute(
        select(Organisation.id, Organisation.name_folded)
        .where(is_listed())
        .order_by(Organisation.id)
        .limit(MOST_NAMES)
    )
    return Asked(asked.q, asked.place, _close(words, {row.id: _words(row[1]) for row in rows}))


def organisations(asked: Asked, *, offset: int, limit: int) -> list[Row[Any]]:
    """Return organisations by name, with the label of their place."""
    rows = (
        select(
            Organisation.id,
            Organisation.slug,
            Organisation.name,
            Organisation.description_html,
            Organisation.languages,
            Organisation.verified_at,
            Organisation.resembles_id,
            Organisation.logo_digest,
            Place.label.label("place"),
        )
        .outerjoin(Place, Place.id == Organisation.place_id)
        .where(_fits(asked))
        .order_by(Organisation.name_folded, Organisation.id)
    )
    return list(db.session.execute(rows.offset(offset).limit(min(limit, 100))))


def count(asked: Asked) -> int:
    """Return how many organisations the directory has for this question."""
    rows = select(func.count(Organisation.id)).outerjoin(Place, Place.id == Organisation.place_id)
    return db.session.scalar(rows.where(_fits(asked))) or 0


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _close(words: Iterable[str], names: dict[int, list[str]]) -> tuple[int, ...]:
    """Return the names that hold, for each word, one that it begins, or that it nearly is."""
    vocabulary = sorted({word for name in names.values() for word in name})
    left = set(names)
    for word in words:
        most = typos.allowed(word)
        meant = {other for other in vocabulary if other.startswith(word)}
        if most:
            meant |= {*typos.close(word, vocabulary, most)}
            meant |= {*typos.close_beginnings(word, vocabulary, most)}
        left = {name for name in left if meant & set(names[name])}
    return tuple(sorted(left))


def _fits(asked: Asked) -> ColumnElement[bool]:
    wanted = [is_listed()]
    if asked.meant:
        wanted.append(Organisation.id.in_(asked.meant))
    elif words := fold(asked.q).split():
        wanted += [Organisation.name_folded.contains(word, autoescape=True) for word in words]
    if asked.place is not None:
        wanted.append(_near(asked.place))
    return and_(*wanted)


def _near(place: Place) -> ColumnElement[bool]:
    """Within `NEARBY_KM` of the coarse point, on a flat map (a degree shrinks northward)."""
    width = max(0.02, cos(radians(place.public_latitude)))
    reach = NEARBY_KM / _KM_A_DEGREE
    down = Place.public_latitude - place.public_latitude
    across = (Place.public_longitude - place.public_longitude) * width
    return or_(Place.id == place.id, down * down + across * across <= reach * reach)
