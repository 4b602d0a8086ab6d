"""What is still owed elsewhere: written in the change's own transaction, paid by a job.

One row for each consumer and object, gone when it is paid. `owed_version` moves with every change;
the payer names the version that it read before it paid, so a change meanwhile stays owed. Paying
twice must be harmless.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, UniqueConstraint, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from board.clock import now
from board.extensions import Model, db

PAUSES_S = (1, 2, 5, 9)
AT_ONCE = 500
CONSUMERS: list[str] = []


class Debt(Model):
    """One object that one consumer has not heard of in its newest version."""

    __tablename__ = "debt"

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer: Mapped[str] = mapped_column(String(24))
    noun: Mapped[str] = mapped_column(String(24))
    object_id: Mapped[int]
    owed_version: Mapped[int] = mapped_column(default=1)
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("consumer", "noun", "object_id"),
        {"sqlite_autoincrement": True},
    )


class Owed(NamedTuple):
    """A debt as its payer read it."""

    id: int
    noun: str
    object_id: int
    version: int


def consumes(name: str) -> None:
    """Let a consumer's debts be counted among the board's figures."""
    if name not in CONSUMERS:
        CONSUMERS.append(name)


# Made once: it is on the way of every search by words.
_OWED_IDS = (
    select(Debt.object_id)
    .where(Debt.consumer == bindparam("consumer"), Debt.noun == bindparam("noun"))
    .order_by(Debt.object_id)
    .limit(bindparam("most"))
)


def owe(session: Session, consumer: str, noun: str, ids: Iterable[int]) -> None:
    """Owe these objects to a consumer, once each however often they change."""
    at = now()
    rows = [
        {"consumer": consumer, "noun": noun, "object_id": object_id, "owed_at": at, "due_at": at,
         "owed_version": 1, "attempts": 0}
        for object_id in sorted(set(ids))
    ]  # fmt: skip
    connection = session.connection()
    for start in range(0, len(rows), AT_ONCE):
        statement = _upsert(connection.dialect.name)
        connection.execute(statement, rows[start : start + AT_ONCE])


@cache
def _upsert(dialect: str) -> Any:
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(Debt)
    again = {name: statement.excluded[name] for name in ("owed_at", "due_at", "attempts")}
    return statement.on_conflict_do_update(
        index_elements=[Debt.consumer, Debt.noun, Debt.object_id],
        set_={"owed_version": Debt.owed_version + 1, **again},
    )


def due(consumer: str, limit: int = AT_ONCE) -> list[Owed]:
    """Return the oldest debts that are due now."""
    rows = (
        select(Debt.id, Debt.noun, Debt.object_id, Debt.owed_version)
        .where(Debt.consumer == consumer, Debt.due_at <= now())
        .order_by(Debt.id)
        .limit(limit)
    )
    return [Owed(*row) for row in db.session.execute(rows)]


def owed_ids(consumer: str, noun: str, limit: int) -> list[int]:
    """Return which objects of a noun a consumer has not heard of (at most `limit`)."""
    asked = {"consumer": consumer, "noun": noun, "most": limit}
    return list(db.session.connection().execute(_OWED_IDS, asked).scalars())


def pay(debts: Collection[Owed]) -> None:
    """Forget debts that were paid in the version that was read."""
    for debt in debts:
        db.session.execute(
            delete(Debt).where(Debt.id == debt.id, Debt.owed_version == debt.version)
        )


def put_off(debts: Collection[Owed], problem: str, wait: timedelta | None = None) -> None:
    """Try again later, each time a little later; `wait` is for what will hardly be better soon."""
    ids = [debt.id for debt in debts]
    rows = db.session.execute(select(Debt.id, Debt.attempts).where(Debt.id.in_(ids)))
    attempts = {row.id: row.attempts for row in rows}
    for debt_id, tried in attempts.items():
        pause = wait or timedelta(seconds=PAUSES_S[min(tried, len(PAUSES_S) - 1)])
        db.session.execute(
            update(Debt)
            .where(Debt.id == debt_id)
            .values(attempts=tried + 1, due_at=now() + pause, problem=problem[:200])
        )


def lag(consumer: str) -> tuple[int, float]:
    """Return how many debts are unpaid, and since how many seconds the oldest is."""
    count, oldest = db.session.execute(
        select(func.count(), func.min(Debt.owed_at)).where(Debt.consumer == consumer)
    ).one()
    return count, (now() - oldest).total_seconds() if oldest else 0.0
