"""Reading answers: who sees which, what waits, what is held. Bounded and ordered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

from board.accounts.models import Person, Token
from board.accounts.rules import TokenPurpose
from board.answers.models import (
    Commitment,
    Message,
    Response,
    ResponseEvent,
    ResponseLine,
)
from board.answers.rules import STANDING, State
from board.clock import now
from board.errors import Conflict, NotFound
from board.extensions import db
from board.organisations.models import Membership
from board.posts.models import Line, Post

SHOWN = 50
MOST = 500
Condition = ColumnElement[bool]
_TURNS = {"received": 0, "in_review": 1, "reserve": 2, "committed": 3}
WHOLE = (
    joinedload(Response.post).joinedload(Post.organisation),
    joinedload(Response.person),
    joinedload(Response.organisation),
    joinedload(Response.holder),
    selectinload(Response.lines).joinedload(ResponseLine.line),
    selectinload(Response.lines).selectinload(ResponseLine.commitments),
)


def counts() -> Condition:
    """An answer counts once whoever gave it confirmed their address."""
    return Response.confirmed_at.is_not(None)


def find_response(uuid: UUID) -> Response | None:
    """Return an answer with what it asks for; the caller asks who may see it."""
    return db.session.scalar(select(Response).where(Response.uuid == uuid).options(*WHOLE))


def get_response(uuid: UUID) -> Response:
    """Return an answer or raise `NotFound`."""
    response = find_response(uuid)
    if response is None:
        raise NotFound
    return response


def find_active(
    post_id: int, *, person_id: int | None = None, organisation_id: int | None = None,
    email: str = "",
) -> Response | None:  # fmt: skip
    """Return the active answer that an organisation, else a person, else an address gave."""
    if organisation_id is not None:
        who = Response.organisation_id == organisation_id
    elif person_id is not None:
        who = and_(Response.person_id == person_id, Response.organisation_id.is_(None))
    else:
        who = Response.guest_folded == email
    rows = select(Response).where(Response.post_id == post_id, who, counts())
    return db.session.scalar(rows.where(Response.ended_at.is_(None)).order_by(Response.id).limit(1))


def active_of_person(post_id: int, person_id: int) -> list[Response]:
    """Return this person's active answers to a post: their own, and their organisations'."""
    rows = (
        select(Response)
        .where(Response.post_id == post_id, counts(), Response.ended_at.is_(None))
        .where(_mine(person_id))
        .options(joinedload(Response.organisation))
        .order_by(Response.id)
    )
    return list(db.session.scalars(rows.limit(SHOWN)))


def active_of(organisation_id: int) -> list[Response]:
    """Return what an organisation still proposes or promised (at most 500)."""
    rows = select(Response).where(Response.organisation_id == organisation_id, counts())
    rows = rows.where(Response.ended_at.is_(None)).options(*WHOLE).order_by(Response.id)
    return list(db.session.scalars(rows.limit(MOST)))


def answers_to(post_id: int, states: Sequence[State] = (), limit: int = MOST) -> list[Response]:
    """Return the answers to a post: what waits first, the reserve in its order."""
    rows = select(Response).where(Response.post_id == post_id, counts()).options(*WHOLE)
    if states:
        rows = rows.where(Response.state.in_(states))
    turn = case(_TURNS, value=cast(Response.state, String), else_=len(_TURNS))
    rows = rows.order_by(turn, Response.reserved_at, Response.id)
    return list(db.session.scalars(rows.limit(limit)))


def inbox(
    organisation_ids: Sequence[int], states: Sequence[State], *, offset: int = 0
) -> list[Response]:
    """Return the answers to these organisations' posts in some states, the oldest first."""
    rows = _to(organisation_ids).where(Response.state.in_(states)).options(*WHOLE)
    rows = rows.order_by(Response.moved_at, Response.id).offset(offset).limit(SHOWN)
    return list(db.session.scalars(rows))


def counts_by_state(organisation_ids: Sequence[int]) -> dict[State, int]:
    """Return how many answers to these organisations' posts are in each state."""
    rows = _to(organisation_ids).with_only_columns(Response.state, func.count())
    found = db.session.execute(rows.group_by(Response.state))
    return {row[0]: row[1] for row in found}


def waiting_by_organisation(organisation_ids: Sequence[int]) -> dict[int, int]:
    """Return how many answers wait for a word at each organisation that ever got one."""
    waits = case((Response.state.in_((State.RECEIVED, State.IN_REVIEW)), 1), else_=0)
    rows = _to(organisation_ids).with_only_columns(Post.organisation_id, func.sum(waits))
    return {key: int(n) for key, n in db.session.execute(rows.group_by(Post.organisation_id))}


def count_waiting(post_ids: Sequence[int]) -> dict[int, int]:
    """Return how many answers wait for a word at each of these posts."""
    rows = (
        select(Response.post_id, func.count())
        .where(Response.post_id.in_(post_ids), counts())
        .where(Response.state.in_((State.RECEIVED, State.IN_REVIEW)))
        .group_by(Response.post_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def count_standing(post_id: int) -> int:
    """Return how many answers to a post count towards its cap."""
    rows = select(func.count(Response.id)).where(Response.post_id == post_id, counts())
    return db.session.scalar(rows.where(Response.state.in_(STANDING))) or 0


def given_by(person_id: int) -> list[Response]:
    """Return the answers of a person and of their organisations, the newest first."""
    rows = select(Response).where(_mine(person_id), counts()).options(*WHOLE)
    rows = rows.order_by(Response.ended_at.is_not(None), Response.moved_at.desc(), Response.id)
    return list(db.session.scalars(rows.limit(100)))


def written_by(person_id: int) -> list[Response]:
    """Return all that a person answered by their own hand, oldest first."""
    rows = select(Response).where(Response.person_id == person_id).options(*WHOLE)
    return list(db.session.scalars(rows.order_by(Response.id).limit(5000)))


def reserve_of(post_id: int) -> list[Response]:
    """Return a post's reserve, in its order."""
    rows = select(Response).where(Response.post_id == post_id, Response.state == State.RESERVE)
    rows = rows.where(counts()).options(*WHOLE).order_by(Response.reserved_at, Response.id)
    return list(db.session.scalars(rows.limit(MOST)))


def count_before(response: Response) -> int:
    """Return how many are in the reserve before this one."""
    if response.reserved_at is None:
        return 0
    earlier = or_(
        Response.reserved_at < response.reserved_at,
        and_(Response.reserved_at == response.reserved_at, Response.id < response.id),
    )
    rows = select(func.count(Response.id)).where(Response.post_id == response.post_id, counts())
    return db.session.scalar(rows.where(Response.state == State.RESERVE, earlier)) or 0


def holding(line_ids: Sequence[int]) -> list[tuple[int, Commitment]]:
    """Return (line id, commitment) of what is neither given back nor released."""
    rows = (
        select(ResponseLine.line_id, Commitment)
        .join(Commitment, Commitment.response_line_id == ResponseLine.id)
        .where(ResponseLine.line_id.in_(line_ids))
        .where(Commitment.returned_at.is_(None), Commitment.released_at.is_(None))
        .order_by(Commitment.id)
        .execution_options(populate_existing=True)
    )
    return [(line_id, one) for line_id, one in db.session.execute(rows)] if line_ids else []


def messages_of(response_id: int) -> list[Message]:
    """Return a conversation, oldest first (at most 500 messages)."""
    rows = select(Message).where(Message.response_id == response_id)
    rows = rows.options(joinedload(Message.author)).order_by(Message.id)
    return list(db.session.scalars(rows.limit(MOST)))


def get_held(response_id: int, uuid: UUID | None, person: Person | None) -> Message:
    """Return a message that waits for the look of the one whom it claims to be from."""
    author = Message.author_id == person.id if person else Message.author_id.is_(None)
    found = db.session.scalar(
        select(Message).where(Message.response_id == response_id, Message.uuid == uuid, author,
                              Message.held_at.is_not(None))
    )  # fmt: skip
    if found is None:
        raise Conflict(f"message {uuid} does not wait")
    return found


def first_messages(ids: Sequence[int]) -> dict[int, str]:
    """Return what each answer said first."""
    first = (
        select(func.min(Message.id)).where(Message.response_id.in_(ids))
        .group_by(Message.response_id)
    )  # fmt: skip
    rows = select(Message.response_id, Message.body).where(Message.id.in_(first))
    return {row[0]: row[1] for row in db.session.execute(rows)} if ids else {}


def events_of(response_id: int) -> list[ResponseEvent]:
    """Return the steps of an answer, oldest first."""
    rows = select(ResponseEvent).where(ResponseEvent.response_id == response_id)
    return list(db.session.scalars(rows.order_by(ResponseEvent.id).limit(MOST)))


def find_link(link: str | None, *purposes: TokenPurpose) -> Token | None:
    """Return a guest's link (its hash) when it still works, for one of these purposes."""
    if not link:
        return None
    token = db.session.scalar(select(Token).where(Token.digest == link))
    if token is None or token.purpose not in purposes or token.used_at is not None:
        return None
    return token if token.expires_at > now() else None


def acts_for(person_id: int, organisation_id: int) -> bool:
    """Whether a person acts for an organisation now."""
    rows = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        Membership.ended_at.is_(None),
    )
    return db.session.scalar(rows.limit(1)) is not None


def lines_that_came_back(this_day: Any) -> list[int]:
    """Return the lines whose promises hold less than `committed` says: their days are over."""
    rows = (
        select(Line.id)
        .join(ResponseLine, ResponseLine.line_id == Line.id)
        .join(Commitment, Commitment.response_line_id == ResponseLine.id)
        .where(Line.committed > 0, Commitment.returned_at.is_(None))
        .where(Commitment.released_at.is_(None), Commitment.needed_until < this_day)
        .distinct()
        .order_by(Line.id)
    )
    return list(db.session.scalars(rows.limit(MOST)))


def lines_without_days() -> list[int]:
    """Return the lines that are promised without it being written on which days the most."""
    rows = select(Line.id).where(Line.committed > 0, Line.fullest.is_(null()))
    return list(db.session.scalars(rows.order_by(Line.id).limit(MOST)))


def _to(organisation_ids: Sequence[int]) -> Select[Any]:
    return (
        select(Response)
        .join(Post, Post.id == Response.post_id)
        .where(Post.organisation_id.in_(organisation_ids), counts())
    )


def _mine(person_id: int) -> Condition:
    theirs = select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    own = and_(Response.person_id == person_id, Response.organisation_id.is_(None))
    return or_(own, Response.organisation_id.in_(theirs))
