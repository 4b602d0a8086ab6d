"""The days on which clocks do not count."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from board.extensions import Model


class Holiday(Model):
    """A day on which clocks do not count, besides week-ends: the instance's own list."""

    __tablename__ = "holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(String(80), default="")
