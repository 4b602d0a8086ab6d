"""Who looks after the board: named from the machine that runs it, never from a page."""

from __future__ import annotations

from sqlalchemy import select

from board.accounts import queries as accounts
from board.accounts.models import Person
from board.clock import now
from board.extensions import db


def find(email: str) -> Person | None:
    """Return the person who holds this confirmed address."""
    person = accounts.find_by_email(email)
    return person if person is not None and person.confirmed_at is not None else None


def name(person: Person) -> None:
    """Let somebody moderate."""
    person.moderator_at = person.moderator_at or now()


def dismiss(person: Person) -> None:
    """Let somebody moderate no more; what they decided stays decided."""
    person.moderator_at = None


def everybody() -> list[Person]:
    """Return who moderates, the longest first."""
    rows = select(Person).where(Person.moderator_at.is_not(None), Person.erased_at.is_(None))
    return list(db.session.scalars(rows.order_by(Person.moderator_at, Person.id).limit(500)))
