"""Pairs that are proposed, what each side did with them, and who is kept apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from board.clock import now
from board.extensions import Model, enum_column
from board.matching.rules import Dismissal, State


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
    """An organisation wants nothing to do with another, or with a person: no match, no answer."""

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        UniqueConstraint("organisation_id", "other_id"),
        UniqueConstraint("organisation_id", "person_id"),
        CheckConstraint("(other_id IS NULL) <> (person_id IS NULL)", name="one_of_both"),
    )
