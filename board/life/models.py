"""What was noted and who was told, so that neither happens twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from board.extensions import Model, enum_column
from board.life.rules import Step


class PostStep(Model):
    """A step of a post's life that was noted, about one end or one confirmation."""

    __tablename__ = "post_step"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    step: Mapped[Step] = mapped_column(enum_column(Step), primary_key=True)
    about: Mapped[datetime] = mapped_column(primary_key=True)


class PostNotice(Model):
    """A person was told of a post, about one end or one confirmation."""

    __tablename__ = "post_notice"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    notice: Mapped[str] = mapped_column(String(24), primary_key=True)
    about: Mapped[datetime] = mapped_column(primary_key=True)


class Reminder(Model):
    """The one reminder that a person gets on a day."""

    __tablename__ = "reminder"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
