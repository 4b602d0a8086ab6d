"""Reading accounts: who holds an address, who a session names, which link still works."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager

from board.accounts.models import OpenSession, Person, Token
from board.accounts.rules import MOST_CLAIMS, MOST_SESSIONS, TokenPurpose, digest, fold_email
from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.mail import MARK, Mail

MAILS_IN_EXPORT = 500


def find_session(raw: str) -> OpenSession | None:
    """Return the open session of a cookie's secret, with its person, in one statement."""
    return db.session.scalar(
        select(OpenSession)
        .join(Person, Person.id == OpenSession.person_id)
        .where(OpenSession.digest == digest(raw), *_is_open())
        .options(contains_eager(OpenSession.person))
    )


def sessions_of(person: Person) -> list[OpenSession]:
    """Return the sessions of a person that are open, the one seen last first."""
    return list(
        db.session.scalars(
            select(OpenSession)
            .join(Person, Person.id == OpenSession.person_id)
            .where(OpenSession.person_id == person.id, *_is_open())
            .order_by(OpenSession.seen_at.desc(), OpenSession.id.desc())
            .limit(MOST_SESSIONS)
        )
    )


def get_session(person: Person, uuid: UUID) -> OpenSession:
    """Return one session of this person, not of another."""
    found = db.session.scalar(
        select(OpenSession).where(OpenSession.uuid == uuid, OpenSession.person_id == person.id)
    )
    if found is None:
        raise NotFound
    return found


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (OpenSession.expires_at > now(), *still_named())


def still_named() -> tuple[ColumnElement[bool], ...]:
    """The person of a session is there, and has not ended all their sessions since."""
    return (OpenSession.epoch == Person.session_epoch, Person.erased_at.is_(None))


def find_by_email(email: str) -> Person | None:
    """Return the one person who holds this address."""
    return db.session.scalar(select(Person).where(Person.email_folded == fold_email(email)))


def claims_of(email: str) -> list[Person]:
    """Return who claims this address without having confirmed it, the first first."""
    return list(db.session.scalars(_claims(email).limit(MOST_CLAIMS)))


def find_claim(email: str, password_hash: str) -> Person | None:
    """Return who claims this address with this password (kept by `hash_claim`)."""
    return db.session.scalar(_claims(email).where(Person.password_hash == password_hash).limit(1))


def _claims(email: str) -> Select[Person]:
    return (
        select(Person)
        .where(
            Person.email_folded.is_(None),
            Person.confirmed_at.is_(None),
            Person.erased_at.is_(None),
            func.lower(Person.email) == fold_email(email),
        )
        .order_by(Person.created_at, Person.id)
    )


def find_token(link: str | None, *purposes: TokenPurpose) -> Token | None:
    """Return the token of a link (its hash) when it still works, for one of these purposes."""
    if not link:
        return None
    token = db.session.scalar(select(Token).where(Token.digest == link))
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
        "moderator_since": person.moderator_at,
    }


def sessions_in_export(person: Person) -> list[dict[str, str | datetime]]:
    """Return what is kept of the person's open sessions."""
    return [
        {"device": one.device, "opened_at": one.created_at, "seen_at": one.seen_at,
         "expires_at": one.expires_at}
        for one in sessions_of(person)
    ]  # fmt: skip


def mail_to(person: Person) -> list[dict[str, str | datetime | None]]:
    """Return which mails went to the person, latest first; their links stay out."""
    rows = db.session.execute(
        select(Mail.subject, Mail.created_at, Mail.sent_at)
        .where(Mail.recipient == fold_email(person.email or ""))
        .order_by(Mail.created_at.desc(), Mail.id.desc())
        .limit(MAILS_IN_EXPORT)
    )
    return [{"subject": s, "written_at": created, "sent_at": sent} for s, created, sent in rows]


def addresses_to_prove(person: Person) -> list[str]:
    """Return the addresses that links were sent to which nobody opened yet."""
    rows = select(Token.email).where(Token.person_id == person.id, Token.email.is_not(None))
    return [email for email in db.session.scalars(rows.order_by(Token.id)) if email]


def latest_mails(limit: int = 100) -> list[Mail]:
    """Return the mails written last, but to those who were forgotten."""
    rows = select(Mail).where(Mail.recipient.not_like(f"{MARK}%"))
    latest = rows.order_by(Mail.created_at.desc(), Mail.id.desc())
    return list(db.session.scalars(latest.limit(limit)))


def get_mail(uuid: UUID) -> Mail:
    """Return one mail."""
    mail = db.session.scalar(select(Mail).where(Mail.uuid == uuid))
    if mail is None:
        raise NotFound
    return mail
