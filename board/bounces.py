"""Addresses that mail comes back from: notices to them pause until one mail is taken again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from board.clock import now
from board.extensions import Model, db


class PausedAddress(Model):
    """An address whose mail server said that nobody lives there, and since when."""

    __tablename__ = "paused_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    paused_at: Mapped[datetime]


def note(recipient: str, *, taken: bool, refused: bool) -> None:
    """Keep what a mail server said of an address: taken lifts the pause, refused begins it."""
    if taken:
        resume(recipient)
    elif refused and paused_since(recipient) is None:
        db.session.execute(insert(PausedAddress).values(email=recipient.lower(), paused_at=now()))


def paused_since(email: str) -> datetime | None:
    """Return since when notices to an address are paused; None when they are not."""
    return db.session.scalar(
        select(PausedAddress.paused_at).where(PausedAddress.email == email.lower())
    )


def resume(email: str) -> None:
    """Try an address again."""
    db.session.execute(
        delete(PausedAddress)
        .where(PausedAddress.email == email.lower())
        .execution_options(synchronize_session=False)
    )
