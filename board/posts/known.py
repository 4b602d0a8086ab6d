"""Who holds a cookie, told in one small statement: for pages kept for a sort of readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Select, bindparam, exists, select

from board.accounts import unread
from board.accounts.models import OpenSession, Person
from board.accounts.queries import still_named
from board.accounts.rules import digest
from board.accounts.session import NAMED
from board.clock import now
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.posts.queries import is_verified
from board.web.reader_pages import Known

FLASHED = "_flashes"
TOKEN = "csrf_token"  # noqa: S105 - its name in the session

_member = (
    exists()
    .where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    .where(Organisation.id == Membership.organisation_id, is_verified())
    .correlate(Person)
)


def statement() -> Select[Any]:
    """Return what asks, by the hash of a session's secret; other features say what is new."""
    asked: Any = select(
        OpenSession.expires_at,
        Person.name,
        Person.email,
        _member,
        Person.moderator_at.is_not(None),
        Person.confirmed_at.is_not(None),
        unread.expression(),
    ).join(Person, Person.id == OpenSession.person_id)
    found: Select[Any] = asked.where(OpenSession.digest == bindparam("digest"), *still_named())
    return found


class Sort(NamedTuple):
    """What of its reader decides what a page shows."""

    is_member: bool
    moderates: bool
    confirmed: bool


class KnownReaders:
    """Reads cookies as the session does (`accounts.session`), without a request."""

    def __init__(self, app: Flask) -> None:
        self._signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self._longest = int(app.permanent_session_lifetime.total_seconds())
        tokens = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
        self._token = lru_cache(maxsize=1024)(tokens.dumps)
        with app.app_context():
            compiled = statement().compile(db.engine)
        self._sql, self._by_place = str(compiled), bool(compiled.positional)

    def __call__(self, cookie: str, ask: Callable[[str, Any], Any]) -> Known | None:
        """Return the reader; None for a visitor, and for whoever has a message to be shown."""
        try:
            session = self._signer.loads(cookie, max_age=self._longest)
        except BadSignature:
            return None
        secret, token = session.get(NAMED), session.get(TOKEN)
        if not isinstance(secret, str) or not isinstance(token, str) or FLASHED in session:
            return None
        held = digest(secret)
        row = ask(self._sql, (held,) if self._by_place else {"digest": held})
        if row is None or _instant(row[0]) <= now():
            return None
        _expires, name, email, member, named, confirmed, new = row
        sort = Sort(bool(member), bool(named and confirmed), bool(confirmed))
        return Known(sort, name or email or "", str(self._token(token)), unread.in_words(new or 0))


def _instant(held: Any) -> datetime:
    """SQLite keeps instants as text, without their zone."""
    return datetime.fromisoformat(held).replace(tzinfo=UTC) if isinstance(held, str) else held
