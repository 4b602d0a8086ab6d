"""Posts, their lines, their words and their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.extensions import Identified, Model, enum_column
from board.organisations.models import Organisation
from board.posts.rules import (
    AnswersBand,
    Attendance,
    Audience,
    Basis,
    Event,
    Kind,
    Outcome,
    Purpose,
)
from board.taxonomy.models import Concept, Place


class Post(Identified, Model):
    """A need or an offer that an organisation announces."""

    __tablename__ = "post"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose))
    title: Mapped[str] = mapped_column(String(160))
    sentence: Mapped[str] = mapped_column(String(400), default="")
    body_md: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    timezone: Mapped[str] = mapped_column(String(64))
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), default=Audience.PUBLIC)
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    expires_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ranked_at: Mapped[datetime | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    origin: Mapped[str | None] = mapped_column(String(300))
    external_id: Mapped[str | None] = mapped_column(String(200))
    edit_version: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    changed_in: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    answers_cap: Mapped[int | None]
    answers_band: Mapped[AnswersBand] = mapped_column(
        enum_column(AnswersBand), default=AnswersBand.NONE, server_default=AnswersBand.NONE.value
    )

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship()
    place: Mapped[Place | None] = relationship()
    all_lines: Mapped[list[Line]] = relationship(
        back_populates="post", order_by="Line.position, Line.id", cascade="all, delete-orphan"
    )
    tags: Mapped[list[PostTag]] = relationship(
        back_populates="post", order_by="PostTag.id", cascade="all, delete-orphan"
    )
    events: Mapped[list[PostEvent]] = relationship(
        back_populates="post", order_by="PostEvent.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("organisation_id", "external_id"),
        Index("ix_post_ranked_at", "ranked_at", "id"),
        Index("ix_post_expires_at", "expires_at"),
        # What is for members is in no search index: it is read here, and is little.
        Index(
            "ix_post_for_members",
            "ranked_at",
            "id",
            sqlite_where=text("audience = 'members'"),
            postgresql_where=text("audience = 'members'"),
        ),
    )

    @property
    def lines(self) -> list[Line]:
        """The lines that stand, in the author's order."""
        return [line for line in self.all_lines if line.removed_at is None]

    def news(self) -> tuple[str, int | None]:
        """Every list, index and page that shows it."""
        return ("post", self.id)


class Line(Identified, Model):
    """One thing needed or offered; it keeps its identity through edits."""

    __tablename__ = "line"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("concept.id"), index=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    basis: Mapped[Basis | None] = mapped_column(enum_column(Basis))
    title: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(40))
    needed_from: Mapped[date | None]
    needed_until: Mapped[date | None]
    attendance: Mapped[Attendance | None] = mapped_column(enum_column(Attendance))
    reach_km: Mapped[int | None]
    effort: Mapped[str | None] = mapped_column(String(120))
    conditions: Mapped[str | None] = mapped_column(String(500))
    committed: Mapped[int] = mapped_column(default=0)
    fullest: Mapped[list[list[str | None]] | None] = mapped_column(JSON)
    fulfilled: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    first_come_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship(back_populates="all_lines")
    category: Mapped[Concept | None] = relationship()
    concepts: Mapped[list[LineConcept]] = relationship(
        back_populates="line", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("quantity IS NULL OR quantity >= 1", name="quantity_positive"),
        CheckConstraint("0 <= fulfilled AND fulfilled <= committed", name="fulfilled_committed"),
        CheckConstraint(
            "quantity IS NULL OR committed <= quantity OR kind = 'space'"
            " OR basis IN ('loan', 'sharing', 'shared_cost')",
            name="committed_quantity",
        ),
        CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="window",
        ),
        CheckConstraint("reach_km IS NULL OR reach_km >= 0", name="reach_positive"),
    )

    def news(self) -> tuple[str, int | None]:
        """A line is part of its post."""
        return ("post", self.post_id)


class LineConcept(Model):
    """A further concept that a line is about, and who said so."""

    __tablename__ = "line_concept"

    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), primary_key=True)
    concept_id: Mapped[int] = mapped_column(ForeignKey("concept.id"), primary_key=True, index=True)
    by: Mapped[str] = mapped_column(String(12))

    line: Mapped[Line] = relationship(back_populates="concepts")
    concept: Mapped[Concept] = relationship()

    def news(self) -> tuple[str, int | None]:
        """What a line is about is part of its post."""
        return ("post", self.line.post_id if self.line else None)


class PostTag(Model):
    """A word that the author put on a post; with a concept when it is recognised."""

    __tablename__ = "post_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    text: Mapped[str] = mapped_column(String(40))
    folded: Mapped[str] = mapped_column(String(60), index=True)
    concept_id: Mapped[int | None] = mapped_column(ForeignKey("concept.id"), index=True)

    post: Mapped[Post] = relationship(back_populates="tags")

    __table_args__ = (UniqueConstraint("post_id", "folded"),)

    def news(self) -> tuple[str, int | None]:
        """A tag is part of its post."""
        return ("post", self.post_id)


class PostRevision(Model):
    """The author's words as they were at one `edit_version`."""

    __tablename__ = "post_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    edit_version: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)

    by: Mapped[Person | None] = relationship()

    __table_args__ = (UniqueConstraint("post_id", "edit_version"),)


class PostEvent(Model):
    """One step in a post's life, for everybody's reading; the person is for its editors."""

    __tablename__ = "post_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    event: Mapped[Event] = mapped_column(enum_column(Event))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    detail: Mapped[str | None] = mapped_column(String(200))

    post: Mapped[Post] = relationship(back_populates="events")
    by: Mapped[Person | None] = relationship()


class Confirmation(Model):
    """Somebody said that it is still true, and by which way."""

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    via: Mapped[str] = mapped_column(String(12))
