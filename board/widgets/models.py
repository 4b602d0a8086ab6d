"""Widgets, what their owners said of posts, and how often each was seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from board.extensions import Identified, Model, enum_column
from board.organisations.models import Organisation
from board.posts.models import Post
from board.widgets.rules import Metric, Nod


class Widget(Identified, Model):
    """A view of the board on a partner's site: what is worked on, what is shown, and before.

    `told` are the posts that waited for its owner's word when a mail last said so.
    """

    __tablename__ = "widget"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    published: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    previous: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=0)
    edit_version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    told: Mapped[list[int] | None] = mapped_column(JSON)

    organisation: Mapped[Organisation] = relationship()


class Clearance(Model):
    """What a widget's owner said of one post on its site."""

    __tablename__ = "clearance"

    id: Mapped[int] = mapped_column(primary_key=True)
    widget_id: Mapped[int] = mapped_column(ForeignKey("widget.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    nod: Mapped[Nod] = mapped_column(enum_column(Nod))
    reason: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    post: Mapped[Post] = relationship()

    __table_args__ = (UniqueConstraint("widget_id", "post_id"),)


class WidgetCount(Model):
    """How often something happened to a widget on a site in a day; about nobody."""

    __tablename__ = "widget_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    widget_id: Mapped[int] = mapped_column(ForeignKey("widget.id"))
    host: Mapped[str] = mapped_column(String(253))
    metric: Mapped[Metric] = mapped_column(enum_column(Metric))
    n: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("widget_id", "day", "host", "metric"),)
