"""Links of mails about notices: one confirms a search, one lets its holder hear less."""

from __future__ import annotations

import secrets
from uuid import UUID

from board import mail
from board.accounts.models import Person, Token
from board.accounts.rules import LIFETIME, TokenPurpose, digest
from board.alerts import queries
from board.clock import now
from board.errors import Gone
from board.extensions import db


def new_secret(
    purpose: TokenPurpose,
    *,
    person: Person | None = None,
    email: str | None = None,
    about: UUID | None = None,
) -> str:
    """Make a link's secret for a person or an address; only its hash is kept."""
    raw = secrets.token_urlsafe(32)
    db.session.add(Token(person=person, email=email, purpose=purpose, digest=digest(raw),
                         object_uuid=about, expires_at=now() + LIFETIME[purpose]))  # fmt: skip
    return raw


def less_url(kinds: str, *, language: str, person: Person | None = None,
             email: str | None = None) -> str:  # fmt: skip
    """Make the address where the holder of a mail hears less of a kind, or several."""
    raw = new_secret(TokenPurpose.HEAR_LESS, person=person, email=email)
    return mail.link("alerts.less", language=language, kind=str(kinds), token=raw)


def headers(url: str) -> dict[str, str]:
    """Return what lets a mail program unsubscribe by one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def bearer(link: str | None, purpose: TokenPurpose) -> Token:
    """Return the token of a link that still works."""
    token = queries.find_link(link, purpose) if link else None
    if token is None or token.used_at is not None or token.expires_at <= now():
        raise Gone
    return token
