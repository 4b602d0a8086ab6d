"""What is new in conversations, for each person: noted when it happens, gone once it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from board import database
from board.accounts.models import Person
from board.accounts.unread import MOST
from board.answers import queries
from board.answers.models import Response, Unread
from board.answers.rules import Actor, State
from board.clock import now
from board.extensions import db
from board.organisations.models import Membership
from board.posts.models import Post

MOST_PEOPLE = 500
OTHER = {Actor.EDITOR: Actor.ANSWERER, Actor.ANSWERER: Actor.EDITOR}


def acted(response: Response, actor: Actor, by: Person | None) -> None:
    """Somebody did something: it is new for the other side, and their own side knows of it."""
    if actor is not Actor.BOARD:
        seen_by(response, actor)
        mark(response, OTHER[actor], but=by)
        return
    mark(response, Actor.ANSWERER)
    if response.state in {State.RECEIVED, State.COMMITTED}:
        mark(response, Actor.EDITOR)
    elif response.state is State.DECLINED:  # their post is over: they said so themselves
        seen_by(response, Actor.EDITOR)


def mark(response: Response, side: Actor, but: Person | None = None) -> None:
    """Note that there is something new for everybody on one side."""
    people = db.session.scalars(_people_on(response, side).limit(MOST_PEOPLE))
    rows = [
        {"person_id": one, "response_id": response.id, "side": side, "since": now()}
        for one in people
        if one is not None and (but is None or one != but.id)
    ]
    if not rows:
        return
    statement = database.insert(Unread)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "response_id"],
            set_={"since": statement.excluded.since, "side": statement.excluded.side},
        ),
        rows,
    )


def seen_by(response: Response, side: Actor) -> None:
    """Somebody on this side looked after it: it is new for nobody there."""
    _forget(Unread.response_id == response.id, Unread.side == side)


def seen(response: Response, person: Person, until: datetime) -> None:
    """A person saw what was new by then."""
    _forget(Unread.response_id == response.id, Unread.person_id == person.id, Unread.since <= until)


def since(response: Response, person: Person) -> datetime | None:
    """Return since when a conversation has something new for a person."""
    rows = select(Unread.since).where(
        Unread.response_id == response.id, Unread.person_id == person.id
    )
    return db.session.scalar(rows)


def among(responses: Sequence[Response], person: Person) -> set[int]:
    """Return which of these answers have something new for a person."""
    ids = [one.id for one in responses]
    rows = select(Unread.response_id).where(
        Unread.person_id == person.id, Unread.response_id.in_(ids)
    )
    return set(db.session.scalars(rows)) if ids else set()


def box(person_id: int, *, offset: int = 0) -> list[Response]:
    """Return the conversations that a person takes part in: what is new first, then the latest."""
    new = and_(Unread.response_id == Response.id, Unread.person_id == person_id)
    theirs = select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    own = and_(Response.person_id == person_id, Response.organisation_id.is_(None))
    rows = (
        select(Response)
        .join(Post, Post.id == Response.post_id)
        .outerjoin(Unread, new)
        .where(queries.counts())
        .where(or_(own, Post.organisation_id.in_(theirs), Response.organisation_id.in_(theirs)))
        .options(*queries.WHOLE)
        .order_by(
            Unread.since.is_(None),
            func.coalesce(Unread.since, Response.moved_at).desc(),
            Response.id.desc(),
        )
    )
    return list(db.session.scalars(rows.offset(offset).limit(queries.SHOWN)))


def counted() -> ColumnElement[int]:
    """How many conversations have something new, for the person of the statement around it."""
    found = (
        select(literal_column("1").label("one"))
        .select_from(Unread)
        .join(Response, Response.id == Unread.response_id)
        .join(Post, Post.id == Response.post_id)
        .where(Unread.person_id == Person.id, _still_takes_part())
        .limit(literal_column(str(MOST + 1)))
        .offset(literal_column("0"))
        .correlate(Person)
        .subquery()
    )
    return select(func.count()).select_from(found).scalar_subquery()


def _still_takes_part() -> ColumnElement[bool]:
    """Whoever left an organisation is told nothing of its conversations any more."""
    acts = exists().where(
        Membership.person_id == Unread.person_id,
        Membership.ended_at.is_(None),
        Membership.organisation_id.in_([Post.organisation_id, Response.organisation_id]),
    )
    own = and_(Response.organisation_id.is_(None), Response.person_id == Unread.person_id)
    return or_(own, acts)


def _people_on(response: Response, side: Actor) -> Select[Any]:
    if side is Actor.ANSWERER and response.organisation_id is None:
        return select(Response.person_id).where(Response.id == response.id)
    answers = side is Actor.ANSWERER
    organisation = response.organisation_id if answers else response.post.organisation_id
    rows = select(Membership.person_id).where(
        Membership.organisation_id == organisation, Membership.ended_at.is_(None)
    )
    return rows.order_by(Membership.id)


def _forget(*which: ColumnElement[bool]) -> None:
    db.session.execute(delete(Unread).where(*which).execution_options(synchronize_session=False))
