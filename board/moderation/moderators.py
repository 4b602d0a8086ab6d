"""Who looks after the board: named from the machine that runs it, never from a page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from board.accounts import queries as accounts
from board.accounts.models import Person
from board.clock import now, today
from board.extensions import db
from board.moderation import queries, queue
from board.web.context import settings


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


def is_to_be_told(person: Person) -> bool:
    """Whether something came since a moderator was told, and that was not today."""
    told_at = person.moderator_told_at
    zone = settings().timezone
    if told_at is not None and told_at.astimezone(ZoneInfo(zone)).date() == today(zone):
        return False
    return queue.count_since(told_at or now() - queries.DAY) > 0
