"""Contacts are given by an act of their own, can be taken back, and are forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, null, or_, select, update

from board.accounts.models import Person
from board.answers import conversing, letters, rules, unread
from board.answers.models import Disclosure, Response
from board.answers.rules import KEEP_CONTACTS, Actor
from board.clock import now
from board.errors import Conflict
from board.extensions import db
from board.posts.values import end_of

AT_ONCE = 500
EMPTY = null()  # SQL NULL: JSON columns would keep the word « null »


@dataclass(frozen=True, slots=True)
class Gift:
    """Which contacts are given, why, and the last day on which they are seen."""

    values: Mapping[str, str]
    reason: str
    last: date | None = None


def give(*, response: Response, side: Actor, by: Person | None, gift: Gift) -> Disclosure:
    """Give contacts to the other side of an answer: written down, and the other side is told."""
    if response.confirmed_at is None or response.purged_at is not None:
        raise Conflict(f"{response.uuid} takes no contacts")
    if not rules.may_disclose(response.state) or not gift.values:
        raise Conflict(f"{response.uuid} is {response.state}")
    conversing.check_open(response, side, by)
    edits = side is Actor.EDITOR
    own, other = (_of_post, _of_answerer) if edits else (_of_answerer, _of_post)
    given = Disclosure(
        response=response, of_side=side, to_side=Actor.ANSWERER if edits else Actor.EDITOR,
        of_person_id=by.id if by else None, of_organisation_id=own(response)[1],
        to_person_id=other(response)[0], to_organisation_id=other(response)[1],
        fields=sorted(gift.values), values=dict(gift.values), reason=gift.reason,
        until=end_of(gift.last, response.post.timezone),
    )  # fmt: skip
    db.session.add(given)
    db.session.flush()
    unread.acted(response, side, by)
    if edits:
        letters.tell_answerer(response, "contacts")
    else:
        letters.tell_editors(response, "contacts")
    return given


def take_back(given: Disclosure) -> None:
    """Take contacts back: the other side sees them no more from now on."""
    if given.revoked_at is None:
        given.revoked_at = now()
    given.values = EMPTY
    given.purged_at = given.purged_at or now()
    db.session.flush()


def purge() -> int:
    """Forget contacts whose day has come or whose answer ended long ago; says of how many."""
    ended = select(Response.id).where(Response.ended_at < now() - KEEP_CONTACTS)
    over = or_(Disclosure.until <= now(), Disclosure.response_id.in_(ended))
    due = select(Disclosure.id).where(Disclosure.purged_at.is_(None), over)
    ids = list(db.session.scalars(due.order_by(Disclosure.id).limit(AT_ONCE)))
    if ids:
        _empty(Disclosure.id.in_(ids))
    return len(ids)


def forget_person(person_id: int, mine: Select[Any]) -> None:
    """Forget contacts that a person gave, and take their name off the ledger."""
    own = and_(Disclosure.response_id.in_(mine), Disclosure.of_side == Actor.ANSWERER)
    _empty(or_(Disclosure.of_person_id == person_id, own))
    for column in (Disclosure.of_person_id, Disclosure.to_person_id):
        db.session.execute(
            update(Disclosure).where(column == person_id).values({column: None})
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def forget_side(response: Response, side: Actor) -> None:
    """Forget contacts that one side of an answer gave."""
    _empty(and_(Disclosure.response_id == response.id, Disclosure.of_side == side))


def _empty(which: Any) -> None:
    db.session.execute(
        update(Disclosure).where(which, Disclosure.purged_at.is_(None))
        .values({Disclosure.values: EMPTY, Disclosure.purged_at: now()})
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _of_post(response: Response) -> tuple[int | None, int | None]:
    return None, response.post.organisation_id


def _of_answerer(response: Response) -> tuple[int | None, int | None]:
    if response.organisation_id is not None:
        return None, response.organisation_id
    return response.person_id, None
