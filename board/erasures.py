"""Who was forgotten: a row in the erasing transaction, and a line in a file beside it.

A backup holds people who asked to be erased after it was made. Whoever restores it replays the
file (`DATA/erasures.jsonl`), which no backup takes back. It names nobody: a noun and a uuid.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from board import news
from board.clock import now
from board.extensions import Model, db
from board.mail import Mail

Named = tuple[str, UUID]
Replay = Callable[[UUID], bool]
_replays: dict[str, Replay] = {}


class Erasure(Model):
    """A person or an organisation that was erased, by its uuid alone."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str] = mapped_column(String(24))
    uuid: Mapped[UUID]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("noun", "uuid"),)

    def news(self) -> tuple[str, int | None]:
        """The file hears of it after the commit."""
        return ("erasure", self.id)


def note(noun: str, uuid: UUID) -> None:
    """Remember that something was erased, in the transaction that erases it."""
    known = select(Erasure.id).where(Erasure.noun == noun, Erasure.uuid == uuid)
    if db.session.scalar(known) is None:
        db.session.add(Erasure(noun=noun, uuid=uuid, at=now()))
        db.session.flush()


def is_replayed(noun: str, replay: Replay) -> None:
    """Let a feature erase again what a restored backup brought back; says whether it was there."""
    _replays[noun] = replay


def replay(named: Iterable[Named]) -> int:
    """Erase again, in the transaction under way; nobody is written to a second time."""
    last = db.session.scalar(select(func.max(Mail.id))) or 0
    done = sum(_replays[noun](uuid) for noun, uuid in named if noun in _replays)
    db.session.flush()
    db.session.execute(delete(Mail).where(Mail.id > last))
    return done


def log_file() -> Path:
    """Where the lines are kept."""
    folder: Path = current_app.config["BOARD"].data
    return folder / "erasures.jsonl"


def read(path: Path) -> list[Named]:
    """Return what a file names, in its order; a line that a crash cut short is passed over."""
    found: dict[Named, None] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            found[str(said["noun"]), UUID(said["uuid"])] = None
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return list(found)


def keep() -> None:
    """Bring the file up to date with the table: what a crash left out is written the next time."""
    with db.engine.connect() as connection:
        columns = (Erasure.noun, Erasure.uuid, Erasure.at)
        rows = connection.execute(select(*columns).order_by(Erasure.id)).all()
    if not rows:
        return
    path = log_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = set(read(path))
        for noun, uuid, at in rows:
            if (noun, uuid) not in known:
                file.write(
                    json.dumps({"noun": noun, "uuid": str(uuid), "at": at.isoformat()}) + "\n"
                )
        file.flush()
        os.fsync(file.fileno())


def _told(told: news.News) -> None:
    if "erasure" in told:
        keep()


def register(_app: Flask) -> None:
    """Hear of every erasure."""
    news.is_told(_told)
