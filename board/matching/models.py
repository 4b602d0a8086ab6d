"""Pairs that are proposed, what each side did with them, and who is kept apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.clock import now
from board.extensions import Identified, Model, enum_column
from board.matching.rules import Dismissal, State
from board.organisations.models import Organisation


class Match(Model):
    """A need line beside an offer line: how well they fit, and why; computed again at will."""

    __tablename__ = "match"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("line.id", ondelete="CASCADE"))
    offer_line_id: Mapped[int] = mapped_column(
        ForeignKey("line.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[float]
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    engine_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("need_line_id", "offer_line_id"),)


class MatchView(Model):
    """What an organisation did with a pair: named by its lines, so that it survives a rebuild.

    A dismissal remembers the concepts and the distance that it was about; `counted` says that later
    proposals still take it into account.
    """

    __tablename__ = "match_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("line.id", ondelete="CASCADE"))
    offer_line_id: Mapped[int] = mapped_column(
        ForeignKey("line.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[State] = mapped_column(enum_column(State))
    reason: Mapped[Dismissal | None] = mapped_column(enum_column(Dismissal))
    counted: Mapped[bool] = mapped_column(default=True)
    need_concept: Mapped[str | None] = mapped_column(String(60))
    offer_concept: Mapped[str | None] = mapped_column(String(60))
    kilometres: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("need_line_id", "offer_line_id", "organisation_id"),)


class Block(Model):
    """An organisation wants nothing to do with another, or with a person: no match, no answer.

    A person is named by their account, or by an address: whether it has one stays unsaid. `name` is
    the one that they gave with an answer: their address is shown to nobody who did not type it.
    """

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        UniqueConstraint("organisation_id", "other_id"),
        UniqueConstraint("organisation_id", "person_id"),
        UniqueConstraint("organisation_id", "email_folded"),
        CheckConstraint(
            "(CASE WHEN other_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN email_folded IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_of_three",
        ),
    )


class NeedJoin(Model):
    """An organisation needs the same thing as the one that published it, and says so."""

    __tablename__ = "need_join"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    quantity: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("post_id", "organisation_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    def news(self) -> tuple[str, int | None]:
        """Everybody who reads the need reads who joined it."""
        return ("need_join", self.post_id)


class Circle(Identified, Model):
    """Two to four organisations, each of which has what the one before it needs.

    Named by its lines, so that the night that finds it again proposes nothing twice; dismissed by
    one, it is gone for all, and who did so is told to nobody.
    """

    __tablename__ = "circle"

    lines: Mapped[str] = mapped_column(String(120), unique=True)
    score: Mapped[float]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    parties: Mapped[list[CircleParty]] = relationship(
        order_by="CircleParty.position", cascade="all, delete-orphan"
    )


class CircleParty(Model):
    """One organisation of a circle: what it needs from the next, what it gives the one before."""

    __tablename__ = "circle_party"

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    position: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    need_line_id: Mapped[int] = mapped_column(ForeignKey("line.id", ondelete="CASCADE"), index=True)
    offer_line_id: Mapped[int] = mapped_column(
        ForeignKey("line.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (UniqueConstraint("circle_id", "position"),)


class WordSetAside(Model):
    """A word that no concept will ever stand for, by a moderator's word."""

    __tablename__ = "word_set_aside"

    id: Mapped[int] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(String(160), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
