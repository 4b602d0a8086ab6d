"""Open sessions: begun by a password, found by the hash of a secret, ended by their row."""

from __future__ import annotations

import secrets

from sqlalchemy import ColumnElement, delete, or_, select

from board.accounts.models import OpenSession, Person
from board.accounts.rules import MOST_SESSIONS, SESSION_LIFE, digest
from board.clock import now
from board.extensions import db


def begin(*, person: Person, device: str = "") -> tuple[OpenSession, str]:
    """Open a session and return it with its secret; the oldest beyond `MOST_SESSIONS` end."""
    raw = secrets.token_urlsafe(32)
    _forget_old(person)
    opened = OpenSession(person=person, epoch=person.session_epoch, digest=digest(raw),
                         device=device, seen_at=now(), expires_at=now() + SESSION_LIFE)  # fmt: skip
    db.session.add(opened)
    db.session.flush()
    return opened, raw


def end(opened: OpenSession) -> None:
    """End one session: no copy of its cookie opens anything any more."""
    if opened in db.session:  # else it ended with all the others
        db.session.delete(opened)
        db.session.flush()


def end_all(person: Person) -> None:
    """End every session of a person, those that begin at this very moment included."""
    person.session_epoch += 1
    _delete(OpenSession.person_id == person.id)


def _forget_old(person: Person) -> None:
    newest = (
        select(OpenSession.id)
        .where(OpenSession.person_id == person.id)
        .order_by(OpenSession.seen_at.desc(), OpenSession.id.desc())
        .limit(MOST_SESSIONS - 1)
    )
    kept = list(db.session.scalars(newest))
    too_many = (OpenSession.person_id == person.id) & OpenSession.id.not_in(kept)
    _delete(or_(OpenSession.expires_at < now(), too_many))


def _delete(which: ColumnElement[bool]) -> None:
    db.session.execute(
        delete(OpenSession).where(which).execution_options(synchronize_session="fetch")
    )
