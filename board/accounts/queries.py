"""Reading accounts: who holds an address, who a session names, which link still works."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from board.accounts.models import Person, Token
from board.accounts.rules import TokenPurpose, digest, fold_email
from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.mail import Mail

MAILS_IN_EXPORT = 500


def find_by_session(session_id: str) -> Person | None:
    """Return the person that a session names (`uuid:epoch`), unless it was closed since."""
    uuid, _, epoch = session_id.partition(":")
    try:
        person = db.session.scalar(select(Person).where(Person.uuid == UUID(uuid)))
    except ValueError:
        return None
    if person is None or person.erased_at is not None or str(person.session_epoch) != epoch:
        return None
    return person


def get_person(uuid: UUID) -> Person:
    """Return the person with this identity, erased ones included."""
    person = db.session.scalar(select(Person).where(Person.uuid == uuid))
    if person is None:
        raise NotFound
    return person


def find_by_email(email: str) -> Person | None:
    """Return the one person who holds this address."""
    return db.session.scalar(select(Person).where(Person.email_folded == fold_email(email)))


def find_pending(email: str) -> Person | None:
    """Return the latest person who claims this address without having confirmed it."""
    return db.session.scalar(
        select(Person)
        .where(
            Person.email_folded.is_(None),
            Person.confirmed_at.is_(None),
            Person.erased_at.is_(None),
            func.lower(Person.email) == fold_email(email),
        )
        .order_by(Person.created_at.desc(), Person.id.desc())
        .limit(1)
    )


def find_token(raw: str | None, *purposes: TokenPurpose) -> Token | None:
    """Return the token of this link when it still works, for one of these purposes."""
    if not raw:
        return None
    token = db.session.scalar(select(Token).where(Token.digest == digest(raw)))
    if token is None or token.purpose not in purposes or token.used_at is not None:
        return None
    return token if token.expires_at > now() and token.person is not None else None


def account_of(person: Person) -> dict[str, Any]:
    """Return what the account itself knows about its person."""
    return {
        "id": person.uuid,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "created_at": person.created_at,
        "email_confirmed_at": person.confirmed_at,
        "terms_accepted_at": person.terms_accepted_at,
    }


def mail_to(person: Person) -> list[dict[str, str | datetime | None]]:
    """Return which mails went to the person, latest first; their links stay out."""
    rows = db.session.execute(
        select(Mail.subject, Mail.created_at, Mail.sent_at)
        .where(Mail.recipient == fold_email(person.email or ""))
        .order_by(Mail.created_at.desc(), Mail.id.desc())
        .limit(MAILS_IN_EXPORT)
    )
    return [{"subject": s, "written_at": created, "sent_at": sent} for s, created, sent in rows]


def latest_mails(limit: int = 100) -> list[Mail]:
    """Return the mails written last."""
    return list(
        db.session.scalars(
            select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit)
        )
    )


def get_mail(uuid: UUID) -> Mail:
    """Return one mail."""
    mail = db.session.scalar(select(Mail).where(Mail.uuid == uuid))
    if mail is None:
        raise NotFound
    return mail
