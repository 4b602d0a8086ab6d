"""The link of a mail that says « still true » of one post, for one person, once."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import update

from board import mail
from board.accounts import links, queries
from board.accounts.models import Person, Token
from board.accounts.rules import LIFETIME, TokenPurpose, digest
from board.clock import now
from board.errors import Gone
from board.extensions import db
from board.posts.access import edits
from board.posts.models import Post

PURPOSE = TokenPurpose.CONFIRM_POST


def new_link(post: Post, person: Person) -> str:
    """Make the address that a mail carries; only the hash of its secret is kept."""
    raw = secrets.token_urlsafe(32)
    db.session.add(Token(person=person, purpose=PURPOSE, digest=digest(raw), object_uuid=post.uuid,
                         expires_at=now() + LIFETIME[PURPOSE]))  # fmt: skip
    return mail.link("life.still", language=person.language, post_id=post.uuid, token=raw)


def name_of(post_id: UUID) -> str:
    """Name the place where a visitor's link waits: several may be open side by side."""
    return f"still:{post_id}"


def bearer_of(post: Post) -> Person:
    """Return who holds the link of this post, as long as they act for its organisation."""
    token = queries.find_token(links.held(name_of(post.uuid)), PURPOSE)
    if token is None or token.person is None or token.object_uuid != post.uuid:
        raise Gone
    if not edits(token.person.id, post.organisation_id):
        raise Gone
    return token.person


def use(post: Post) -> Person:
    """Use the link up and return its bearer: of two at the same moment one wins."""
    person = bearer_of(post)
    used = db.session.execute(
        update(Token)
        .where(Token.digest == links.held(name_of(post.uuid)), Token.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Gone
    return person
