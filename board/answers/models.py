"""Answers, what they ask for, what was agreed, what was said, who got whose contacts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.answers.rules import Actor, Reason, State, Via
from board.extensions import Identified, Model, enum_column
from board.organisations.models import Organisation
from board.posts import rules as post_rules
from board.posts.models import Line, Post

_ACTIVE = "ended_at IS NULL AND confirmed_at IS NOT NULL"


def _one_active(name: str, column: str, more: str = "") -> Index:
    """One active answer to a post for each of these."""
    where = text(f"{_ACTIVE} AND {column} IS NOT NULL{more}")
    return Index(name, "post_id", column, unique=True, sqlite_where=where, postgresql_where=where)


class Response(Identified, Model):
    """Somebody answers a post: a person, a person for an organisation, or a guest by mail.

    Whoever answers is `organisation`, else `person`, else the guest (`guest_*`); `person` is who
    wrote for an organisation. A guest's counts once `confirmed_at` is set. `ended_at` comes with
    every state that ends; one answer of each to a post is active. `holder` looks after it, a clock
    looks at `due_at`, `nudged_at` and `handed_at` say what clocks did. `reserved_at` orders the
    reserve; `waits_for_room`: there was none, and it moves up. `widget` is how it came.
    `word_at` is the editors' last word, `reminded_at` when they were last reminded to decide;
    `agreed_at` is when whoever answered last agreed to conditions, `conditions_asked_at` when they
    are asked anew.
    """

    __tablename__ = "response"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    guest_name: Mapped[str] = mapped_column(String(80), default="")
    guest_email: Mapped[str | None] = mapped_column(String(254))
    guest_folded: Mapped[str | None] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(8), default="fr")
    state: Mapped[State] = mapped_column(enum_column(State), default=State.RECEIVED)
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    moved_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    conditions_asked_at: Mapped[datetime | None]
    reserved_at: Mapped[datetime | None]
    waits_for_room: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    nudged_at: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    word_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    ended_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    widget: Mapped[str | None] = mapped_column(String(60))
    partner: Mapped[str | None] = mapped_column(String(120))
    partner_site: Mapped[str | None] = mapped_column(String(253))
    version: Mapped[int] = mapped_column(default=1)

    post: Mapped[Post] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    holder: Mapped[Person | None] = relationship(foreign_keys=[holder_id])
    lines: Mapped[list[ResponseLine]] = relationship(
        back_populates="response", order_by="ResponseLine.id", cascade="all, delete-orphan"
    )
    messages: Mapped[list[Message]] = relationship(
        back_populates="response", order_by="Message.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        _one_active("uq_response_person", "person_id", " AND organisation_id IS NULL"),
        _one_active("uq_response_organisation", "organisation_id"),
        _one_active("uq_response_guest", "guest_folded"),
        Index("ix_response_post_state", "post_id", "state"),
        Index("ix_response_ended_at", "ended_at"),
    )

    @property
    def is_guest(self) -> bool:
        """Whether somebody answered without an account."""
        return self.person_id is None and self.organisation_id is None

    def news(self) -> tuple[str, int | None]:
        """Pairs follow the answers that they led to."""
        return ("response", self.id)


class ResponseLine(Identified, Model):
    """What an answer asks for or brings, of one line of the post, and for which days.

    `agreed_to`: the conditions of the line as they were agreed to.
    """

    __tablename__ = "response_line"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), index=True)
    quantity: Mapped[int] = mapped_column(default=1)
    needed_from: Mapped[date | None]
    needed_until: Mapped[date | None]
    agreed_to: Mapped[str | None] = mapped_column(String(500))

    response: Mapped[Response] = relationship(back_populates="lines")
    line: Mapped[Line] = relationship()
    commitments: Mapped[list[Commitment]] = relationship(
        back_populates="response_line", order_by="Commitment.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("quantity >= 1", name="quantity_positive"),
        CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="window",
        ),
    )


class Commitment(Identified, Model):
    """The part of a line that was agreed. It holds until `returned_at`, `released_at` or its days
    are over; `line.committed` is the most that its holding commitments take on one day.
    """

    __tablename__ = "commitment"

    response_line_id: Mapped[int] = mapped_column(
        ForeignKey("response_line.id", ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int]
    needed_from: Mapped[date | None]
    needed_until: Mapped[date | None]
    fulfilled: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    response_line: Mapped[ResponseLine] = relationship(back_populates="commitments")

    __table_args__ = (
        CheckConstraint("quantity >= 1", name="quantity_positive"),
        CheckConstraint("0 <= fulfilled AND fulfilled <= quantity", name="fulfilled_quantity"),
        CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="window",
        ),
    )


class Message(Identified, Model):
    """One thing said in the conversation of an answer; `side` says for whom it was said.

    `message_id` is that of the mail that brought it (RFC 5322) and keeps it from coming twice.
    `held_at`: its sender is in doubt, it is shown to the other side once somebody looked.
    """

    __tablename__ = "message"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Actor] = mapped_column(enum_column(Actor))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(250), unique=True)
    via: Mapped[Via] = mapped_column(enum_column(Via), default=Via.BOARD)
    held_at: Mapped[datetime | None]
    had_files: Mapped[bool] = mapped_column(default=False)

    response: Mapped[Response] = relationship(back_populates="messages")
    author: Mapped[Person | None] = relationship()


class ReplyAddress(Model):
    """One person's (or the guest's) way to write by mail into one conversation, on one side."""

    __tablename__ = "reply_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Actor] = mapped_column(enum_column(Actor))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )

    response: Mapped[Response] = relationship()
    person: Mapped[Person | None] = relationship()


class ResponseEvent(Model):
    """One step in an answer's life, for both sides' reading."""

    __tablename__ = "response_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[State] = mapped_column(enum_column(State))
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    actor: Mapped[Actor] = mapped_column(enum_column(Actor))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class Disclosure(Identified, Model):
    """One side gave contacts to the other: whose, to whom, which fields, why, until when.

    `of_person` is who gave them, for themselves or for `of_organisation` (none: a guest). `values`
    hold what was given until `purged_at`; the row itself stays as the ledger.
    """

    __tablename__ = "disclosure"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    of_side: Mapped[Actor] = mapped_column(enum_column(Actor))
    of_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    of_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    to_side: Mapped[Actor] = mapped_column(enum_column(Actor))
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    fields: Mapped[list[str]] = mapped_column(JSON)
    values: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200), default="")
    until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]

    response: Mapped[Response] = relationship()
    of_person: Mapped[Person | None] = relationship(foreign_keys=[of_person_id])


class OutcomeAsked(Identified, Model):
    """How a post or an answer ended: asked once by mail, said once (`code`, `said_at`)."""

    __tablename__ = "outcome"

    response_id: Mapped[int | None] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), unique=True
    )
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), unique=True
    )
    code: Mapped[post_rules.Outcome | None] = mapped_column(enum_column(post_rules.Outcome))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime | None]
    said_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(response_id IS NULL) <> (post_id IS NULL)", name="one_of_both"),
    )


class Unread(Model):
    """Something is new for one person in one conversation, since then; seen, the row is gone."""

    __tablename__ = "unread"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    response_id: Mapped[int] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    side: Mapped[Actor] = mapped_column(enum_column(Actor))
    since: Mapped[datetime]


class Relaunch(Model):
    """A post that was met, a year later: asked about, begun again, its helpers told."""

    __tablename__ = "relaunch"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), unique=True)
    copy_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
