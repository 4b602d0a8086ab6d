"""What is matched without being shown: volunteers' profiles, what organisations could share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.clock import now
from board.extensions import Identified, Model, enum_column
from board.matching.rules import Dismissal
from board.organisations.models import Organisation
from board.posts.rules import Attendance, Basis, Kind
from board.private.rules import Answer
from board.taxonomy.models import Concept, Place


class PrivateLine(Identified, Model):
    """An offer that nobody sees but its owner: a person's profile, or an organisation's reserve.

    It has the shape of a line, and what only its owner may know: the days that suit, what never
    does. No index ever holds it; needs are compared with it in the database.
    """

    __tablename__ = "private_line"

    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), unique=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[Kind] = mapped_column(enum_column(Kind), index=True)
    basis: Mapped[Basis | None] = mapped_column(enum_column(Basis))
    title: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(40))
    needed_from: Mapped[date | None]
    needed_until: Mapped[date | None]
    attendance: Mapped[Attendance | None] = mapped_column(enum_column(Attendance))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    reach_km: Mapped[int | None]
    conditions: Mapped[str | None] = mapped_column(String(500))
    languages: Mapped[str] = mapped_column(String(60), default="")
    weekdays: Mapped[str] = mapped_column(String(7), default="")
    never: Mapped[str] = mapped_column(String(300), default="")
    paused_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation | None] = relationship()
    place: Mapped[Place | None] = relationship()
    concepts: Mapped[list[PrivateConcept]] = relationship(
        back_populates="line", cascade="all, delete-orphan", passive_deletes=True,
        order_by="PrivateConcept.concept_id",
    )  # fmt: skip

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_owner"),
        CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="window",
        ),
    )

    def news(self) -> tuple[str, int | None]:
        """The worker alone hears of it; nothing public moves."""
        return ("private", self.id)


class PrivateConcept(Model):
    """Something that a private line is about."""

    __tablename__ = "private_line_concept"

    private_line_id: Mapped[int] = mapped_column(
        ForeignKey("private_line.id", ondelete="CASCADE"), primary_key=True
    )
    concept_id: Mapped[int] = mapped_column(ForeignKey("concept.id"), primary_key=True, index=True)

    line: Mapped[PrivateLine] = relationship(back_populates="concepts")
    concept: Mapped[Concept] = relationship()

    def news(self) -> tuple[str, int | None]:
        """It is part of its line."""
        return ("private", self.private_line_id)


class PrivateMatch(Model):
    """A need line that a private line fits: only its owner is told; computed again at will."""

    __tablename__ = "private_match"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("line.id", ondelete="CASCADE"))
    private_line_id: Mapped[int] = mapped_column(
        ForeignKey("private_line.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[float]
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    engine_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("need_line_id", "private_line_id"),)


class PrivateView(Model):
    """What the owner of a private line said of a need: it survives a rebuild, and nobody reads it.

    `until` says when « not now » is over; `draft_id` is the offer that « yes » began;
    a dismissal remembers what it was about.
    """

    __tablename__ = "private_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("line.id", ondelete="CASCADE"))
    private_line_id: Mapped[int] = mapped_column(
        ForeignKey("private_line.id", ondelete="CASCADE"), index=True
    )
    answer: Mapped[Answer] = mapped_column(enum_column(Answer))
    reason: Mapped[Dismissal | None] = mapped_column(enum_column(Dismissal))
    until: Mapped[datetime | None]
    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    counted: Mapped[bool] = mapped_column(default=True)
    need_concept: Mapped[str | None] = mapped_column(String(60))
    own_concept: Mapped[str | None] = mapped_column(String(60))
    kilometres: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("need_line_id", "private_line_id"),)
