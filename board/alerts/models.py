"""What people want to hear of, and what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.alerts.rules import NoticeKind, Rhythm
from board.extensions import Identified, Model, enum_column


class Preference(Model):
    """How often one person hears of one kind of thing; without a row the default holds."""

    __tablename__ = "preference"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm))

    __table_args__ = (UniqueConstraint("person_id", "kind"),)


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

    `query` is the search as its address says it; `told_at` when its news were told last.
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

    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (email IS NULL)", name="one_of_both"),
    )


class Notification(Identified, Model):
    """One event that one person is told of by one channel, once.

    `due_at` is when it may go at the earliest (None: the person wants none); what goes at the
    same time about one `thread` (a conversation, say) goes in one mail.
    """

    __tablename__ = "notification"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    event_key: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(12), default="mail")
    thread: Mapped[str] = mapped_column(String(60), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("person_id", "event_key", "channel"),)
