"""How many things are new for somebody, as every page says it; which, other features know.

A source is an expression about `Person` without values of its own (pages kept for a sort of readers
ask it within their one statement).
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Integer, bindparam, literal_column, select

from board.accounts.models import Person
from board.extensions import db

MOST = 99
Source = Callable[[], ColumnElement[int]]
_sources: list[Source] = []


def register_unread(source: Source) -> Source:
    """Count what `source()` counts among what is new for a person."""
    if source not in _sources:
        _sources.append(source)
    return source


def expression() -> ColumnElement[int]:
    """Return the sum of all that is new, for the person of the statement around it."""
    total: ColumnElement[int] = literal_column("0", Integer)
    for source in _sources:
        total = total + source()
    return total


def count_for(person_id: int) -> int:
    """Return how many things are new for a person, in one statement."""
    rows = select(expression()).where(Person.id == bindparam("person_id"))
    rows = rows.select_from(Person)
    return db.session.scalar(rows, {"person_id": person_id}) or 0


def in_words(count: int) -> str:
    """Return the number that a page shows."""
    return str(count) if count <= MOST else f"{MOST}+"
