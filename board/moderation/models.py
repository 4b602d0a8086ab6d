"""Reports, decisions, appeals, and what holds a post before it is published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.accounts.models import Person
from board.extensions import Identified, Model, enum_column
from board.moderation.rules import Answer, Cause, Rule, Verdict
from board.organisations.models import Organisation
from board.posts.models import Post

ONE_SUBJECT = "(post_id IS NULL) <> (organisation_id IS NULL)"


class Report(Identified, Model):
    """Somebody says that a post or an organisation breaks a rule."""

    __tablename__ = "report"

    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    rule: Mapped[Rule] = mapped_column(enum_column(Rule))
    text: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    settled_at: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    by: Mapped[Person | None] = relationship()

    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        Index("ix_report_settled_at", "settled_at", "created_at"),
    )


class Decision(Identified, Model):
    """What was decided, by whom, under which rule and why; written once, never changed."""

    __tablename__ = "decision"

    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    rule: Mapped[Rule | None] = mapped_column(enum_column(Rule))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person | None] = relationship()
    post: Mapped[Post | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    appeal: Mapped[Appeal | None] = relationship(
        back_populates="decision", foreign_keys="Appeal.decision_id"
    )

    __table_args__ = (
        CheckConstraint(ONE_SUBJECT, name="one_subject"),
        Index("ix_decision_created_at", "created_at"),
    )

    def news(self) -> tuple[str, int | None]:
        """The public figures count it."""
        return ("decision", self.id)


class Appeal(Identified, Model):
    """Those whom a decision concerns ask, once, that somebody look again."""

    __tablename__ = "appeal"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(1000))
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    decision: Mapped[Decision] = relationship(back_populates="appeal", foreign_keys=[decision_id])
    answer: Mapped[Decision | None] = relationship(foreign_keys=[answer_id])


class Hold(Identified, Model):
    """Why a post waits before it is published, and until when at the longest."""

    __tablename__ = "hold"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    cause: Mapped[Cause] = mapped_column(enum_column(Cause))
    named_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    answer: Mapped[Answer | None] = mapped_column(enum_column(Answer))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship()
    named: Mapped[Organisation | None] = relationship()

    __table_args__ = (
        Index("ix_hold_post_id", "post_id", "ended_at"),
        Index("ix_hold_due_at", "ended_at", "due_at"),
    )


class Consent(Identified, Model):
    """An organisation lets another name it, until it takes that back."""

    __tablename__ = "consent"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    named_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])

    __table_args__ = (
        Index(
            "uq_consent_pair",
            "organisation_id",
            "named_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )


class Doubt(Identified, Model):
    """A reader thinks that a post is no longer true; its editors are asked, and nothing else."""

    __tablename__ = "doubt"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    asked_at: Mapped[datetime | None] = mapped_column(index=True)


def _refuse(_mapper: Any, _connection: Any, decision: Decision) -> None:
    raise TypeError(f"decision {decision.id} was written once: decide again instead")


event.listen(Decision, "before_update", _refuse)
event.listen(Decision, "before_delete", _refuse)
