"""People, their open sessions and single-purpose tokens, and what slows guessing down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.rules import TokenPurpose
from board.extensions import Identified, Model, enum_column


class Person(Identified, Model):
    """Somebody with an account, or what is left of one that was erased."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="fr")
    session_epoch: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    terms_accepted_at: Mapped[datetime | None]
    moderator_at: Mapped[datetime | None]
    moderator_told_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @property
    def is_authenticated(self) -> bool:
        """A loaded person is always one who signed in."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """A visitor is no Person at all."""
        return False

    @property
    def is_active(self) -> bool:
        """An erased account cannot be signed in to."""
        return self.erased_at is None

    @property
    def moderates(self) -> bool:
        """Whether this person looks after the board: named so, with an address that is theirs."""
        return self.moderator_at is not None and self.confirmed_at is not None


class OpenSession(Identified, Model):
    """Somebody signed in with some browser; the cookie holds a secret, the row its hash.

    It ends when the row goes, when its time is over, or when the person's epoch moves on.
    """

    __tablename__ = "open_session"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    epoch: Mapped[int]
    device: Mapped[str] = mapped_column(String(60), default="")
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


class Token(Identified, Model):
    """A link in a mail: random, kept hashed, for one purpose, until a time, used once."""

    __tablename__ = "token"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[TokenPurpose] = mapped_column(enum_column(TokenPurpose))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str | None] = mapped_column(String(254))
    object_uuid: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_token_expires_at", "expires_at"),)


class RateWindow(Model):
    """How often something was tried in one window of time; keys are hashed."""

    __tablename__ = "rate_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    hits: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("key", "starts_at"),)


class KeptForm(Model):
    """What somebody typed when their session was over, until the same browser asks for it."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(200))
    fields: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("digest", "page"),)
