"""What is forgotten: people who leave, guests whose answers ended, addresses never confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import selectinload

from board import addressees
from board.accounts.models import Person, Token
from board.accounts.rules import fold_email
from board.alerts import services as alerts
from board.answers import disclosing, queries, services
from board.answers.models import (
    Commitment,
    Message,
    OutcomeAsked,
    ReplyAddress,
    Response,
    ResponseEvent,
    Unread,
)
from board.answers.rules import KEEP_GUESTS, KEEP_UNCONFIRMED, Actor, Reason
from board.clock import now
from board.extensions import db


def purge() -> int:
    """Forget what guests never confirmed, and who they were long after; says of how many."""
    stale = _unconfirmed_before(now() - KEEP_UNCONFIRMED)
    given = []
    for response_id in stale:
        response = db.session.get(Response, response_id)
        if response is not None:
            given.append(response.guest_email)
            _forget_links(response)
            db.session.delete(response)
    old = _guests_ended_before(now() - KEEP_GUESTS)
    for response in old:
        purge_guest(response)
    addressees.forget(*given)
    return len(stale) + len(old)


def _unconfirmed_before(at: datetime) -> list[int]:
    """Return the answers of guests who never confirmed, made before `at`."""
    rows = select(Response.id).where(Response.confirmed_at.is_(None), Response.created_at < at)
    return list(db.session.scalars(rows.order_by(Response.id).limit(queries.MOST)))


def _guests_ended_before(at: datetime) -> list[Response]:
    """Return the answers of guests that ended before `at`, or were over by then though nobody said
    how, and are not purged.
    """
    asked = exists().where(OutcomeAsked.response_id == Response.id, OutcomeAsked.asked_at < at)
    over = and_(Response.ended_at.is_(None), asked)
    rows = (
        select(Response)
        .where(or_(Response.ended_at < at, over), Response.guest_email.is_not(None))
        .options(selectinload(Response.messages))
        .order_by(Response.id)
    )
    return list(db.session.scalars(rows.limit(queries.MOST)))


def forget_person(person: Person) -> None:
    """Take back what the person still offers, then take their words and their name off the rest."""
    for one in queries.written_by(person.id):
        if one.ended_at is None and one.organisation_id is None:
            services.withdraw(response=one, by=None, reason=Reason.OTHER)
    mine = select(Response.id).where(
        Response.person_id == person.id, Response.organisation_id.is_(None)
    )
    disclosing.forget_person(person.id, mine)
    for statement in (
        update(Message)
        .where(Message.author_id == person.id)
        .values(author_id=None, body="", message_id=None),
        update(Message)
        .where(Message.response_id.in_(mine), Message.side == Actor.ANSWERER)
        .values(author_id=None, body="", message_id=None),
        update(ResponseEvent).where(ResponseEvent.by_id == person.id).values(by_id=None),
        update(Commitment).where(Commitment.by_id == person.id).values(by_id=None),
        update(OutcomeAsked).where(OutcomeAsked.by_id == person.id).values(by_id=None),
        delete(Unread).where(Unread.person_id == person.id),
        delete(ReplyAddress).where(ReplyAddress.person_id == person.id),
        update(Response).where(Response.holder_id == person.id).values(holder_id=None),
        update(Response).where(Response.person_id == person.id).values(person_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    _forget_guest(person)


def _forget_guest(person: Person) -> None:
    """What somebody answered before they had an account goes too, by their confirmed address."""
    if not person.email_folded or person.confirmed_at is None:
        return
    rows = select(Response).where(Response.guest_folded == fold_email(person.email_folded))
    for one in db.session.scalars(rows.order_by(Response.id)):
        if one.ended_at is None and one.confirmed_at is not None:
            services.withdraw(response=one, by=None, reason=Reason.OTHER)
        purge_guest(one)


def purge_guest(response: Response) -> None:
    """Forget who a guest was and what they wrote; that something was agreed stays."""
    folded = response.guest_folded
    response.guest_name, response.guest_email, response.guest_folded = "", None, None
    response.purged_at = now()
    for message in response.messages:
        if message.side is Actor.ANSWERER:
            message.body, message.message_id = "", None
    disclosing.forget_side(response, Actor.ANSWERER)
    _forget_links(response)
    db.session.flush()
    if folded and not _answers_elsewhere(folded):
        alerts.forget_address(folded)
    addressees.forget(folded)


def _answers_elsewhere(folded: str) -> bool:
    rows = select(Response.id).where(Response.guest_folded == folded).limit(1)
    return db.session.scalar(rows) is not None


def _forget_links(response: Response) -> None:
    db.session.execute(
        delete(Token)
        .where(Token.object_uuid == response.uuid)
        .execution_options(synchronize_session=False)
    )
