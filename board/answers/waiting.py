"""Which answers wait for a word, which clocks are due, and who could take over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from board.accounts.models import Person
from board.answers.models import Response
from board.answers.rules import State
from board.extensions import db
from board.organisations.models import Membership


def is_waiting() -> ColumnElement[bool]:
    """Nobody said a word yet, or neither yes nor no (`clocks.is_waiting`, `is_undecided`)."""
    return and_(
        Response.state.in_((State.RECEIVED, State.IN_REVIEW)),
        Response.confirmed_at.is_not(None),
        Response.ended_at.is_(None),
    )


def without_clock(limit: int) -> list[Response]:
    """Return answers that wait and whose clock does not run yet."""
    rows = select(Response).where(is_waiting(), Response.due_at.is_(None))
    return list(db.session.scalars(rows.order_by(Response.id).limit(limit)))


def due(at: datetime, limit: int) -> list[int]:
    """Return the answers whose clock strikes."""
    rows = select(Response.id).where(Response.due_at <= at)
    return list(db.session.scalars(rows.order_by(Response.due_at, Response.id).limit(limit)))


def another_editor(response: Response) -> Person | None:
    """Return who takes over: neither who holds it nor the author; who looks after fewest first."""
    tired = {response.holder_id or response.post.author_id}
    held = (
        select(Response.holder_id, func.count(Response.id).label("n"))
        .where(Response.ended_at.is_(None), Response.holder_id.is_not(None))
        .group_by(Response.holder_id)
        .subquery()
    )
    rows = (
        select(Membership)
        .outerjoin(held, held.c.holder_id == Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == response.post.organisation_id,
            Membership.ended_at.is_(None),
            Membership.person_id.not_in([one for one in tired if one is not None]),
            Person.email.is_not(None),
            Person.confirmed_at.is_not(None),
            Person.erased_at.is_(None),
        )
        .options(joinedload(Membership.person))
        .order_by(func.coalesce(held.c.n, 0), Membership.id)
    )
    found = db.session.scalar(rows.limit(1))
    return found.person if found else None
