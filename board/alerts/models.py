"""What people want to hear of, and what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.alerts.rules import NoticeKind, Rhythm, Weight
from board.extensions import Identified, Model, enum_column


class Preference(Model):
    """How often a person, or a guest's address, hears of one kind; without a row: the default."""

    __tablename__ = "preference"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(String(254))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm))

    __table_args__ = (
        UniqueConstraint("person_id", "kind"),
        UniqueConstraint("email", "kind"),
        CheckConstraint("(person_id IS NULL) <> (email IS NULL)", name="one_of_both"),
    )


class QuietHours(Model):
    """The hours of the instance's clock in which a person wants no notice (22 to 7, say)."""

    __tablename__ = "quiet_hours"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    first_hour: Mapped[int]
    last_hour: Mapped[int]

    __table_args__ = (
        CheckConstraint("first_hour BETWEEN 0 AND 23 AND last_hour BETWEEN 0 AND 23", name="hours"),
    )


class SavedSearch(Identified, Model):
    """A search that somebody wants to hear of: a person, or an address confirmed by a link.

    `query` is the search as its address says it; `told_at` when its news were told last, and
    `looked_at` when it was last looked at in its rhythm, with or without news.
    """

    __tablename__ = "saved_search"

    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8), default="fr")
    name: Mapped[str] = mapped_column(String(120), default="")
    query: Mapped[str] = mapped_column(String(1000))
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm), default=Rhythm.DAILY)
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (email IS NULL)", name="one_of_both"),
    )


class MatchLook(Model):
    """When a person's new matches were looked at last, in their rhythm."""

    __tablename__ = "match_look"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    looked_at: Mapped[datetime]


class Notification(Identified, Model):
    """One event that a person, or a guest by their address, is told of by one channel, once.

    `due_at` is when it may go at the earliest (None: they want none). What waits about one
    `thread` (a conversation, say) goes in one mail; `in_digest`: with all else of its kind that is
    due. `weight` says what no choice holds back. Once told, its facts are forgotten.
    """

    __tablename__ = "notification"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str | None] = mapped_column(String(8))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    weight: Mapped[Weight] = mapped_column(enum_column(Weight), default=Weight.USUAL)
    event_key: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(12), default="mail")
    thread: Mapped[str] = mapped_column(String(60), default="")
    in_digest: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "event_key", "channel"),
        UniqueConstraint("email", "event_key", "channel"),
        CheckConstraint("(person_id IS NULL) <> (email IS NULL)", name="one_of_both"),
    )
