"""Organisations, who acts for them, and who is invited to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.extensions import Identified, Model, enum_column
from board.organisations.rules import Role
from board.taxonomy.models import Place


class Organisation(Identified, Model):
    """A legal or informal group, in whose name people post."""

    __tablename__ = "organisation"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(160), index=True)
    description_md: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str | None] = mapped_column(String(300))
    languages: Mapped[str] = mapped_column(String(40), default="fr")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    logo_digest: Mapped[str | None] = mapped_column(String(64))
    resembles_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    verified_at: Mapped[datetime | None]
    unlisted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    origin: Mapped[str | None] = mapped_column(String(300))
    edit_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)

    place: Mapped[Place | None] = relationship()
    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")

    def news(self) -> tuple[str, int | None]:
        """Its name and place stand on all its posts."""
        return ("organisation", self.id)


class Membership(Identified, Model):
    """A person acts for an organisation, from then until `ended_at`."""

    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")

    def news(self) -> tuple[str, int | None]:
        """Who answers for an organisation decides whether the public sees it."""
        return ("membership", self.organisation_id)

    __table_args__ = (
        Index(
            "uq_membership_active",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Invitation(Identified, Model):
    """A seat kept for one address, until it expires, is taken or is called back."""

    __tablename__ = "invitation"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[Person | None] = relationship()
