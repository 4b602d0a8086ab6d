"""How each connection is opened: durable, foreign keys on, the write lock taken before reading."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from board.extensions import db

BUSY_TIMEOUT_MS = 15_000
TURN_S = 0.001
_writes: ContextVar[bool] = ContextVar("writes", default=False)


def will_write(intent: bool = True) -> None:
    """Say whether the next transaction writes; on SQLite it then begins IMMEDIATE."""
    _writes.set(intent)


def is_writing() -> bool:
    """Whether the present transaction was begun to write."""
    return _writes.get()


def begin_writing() -> None:
    """End what was only read (slow work lies between) and begin a transaction that writes."""
    db.session.rollback()
    will_write()


def insert(model: Any) -> Any:
    """Return an INSERT of the database in use, which can say what happens on a conflict."""
    return (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(model)


@contextmanager
def writing() -> Iterator[None]:
    """Do the work of a command or a job in transactions that write."""
    before = _writes.get()
    begin_writing()
    try:
        yield
    finally:
        _writes.set(before)


@contextmanager
def reading() -> Iterator[None]:
    """Only read, whatever the request before meant to do."""
    before = _writes.get()
    will_write(False)
    try:
        yield
    finally:
        will_write(before)


@contextmanager
def reading_alone() -> Iterator[None]:
    """Read in a transaction of its own that takes no lock, before work that writes."""
    db.session.rollback()
    with reading():
        yield
        db.session.rollback()


@contextmanager
def reading_apart() -> Iterator[None]:
    """Read in a transaction of its own that takes no lock, inside work that writes."""
    before = _writes.get()
    db.session.commit()
    will_write(False)
    try:
        yield
    finally:
        db.session.rollback()
        _writes.set(before)


@contextmanager
def resumable() -> Iterator[None]:
    """Do what can be run again without waiting for the disk at each commit; the last one waits."""
    _synchronise("NORMAL")
    try:
        yield
    finally:
        db.session.rollback()
        _synchronise("FULL")


def _synchronise(level: str) -> None:
    db.session.rollback()  # gives its connection back to the pool, whose only one it is
    if db.engine.dialect.name == "sqlite":
        pooled = db.engine.raw_connection()
        pooled.cursor().execute(f"PRAGMA synchronous = {level}")
        pooled.close()


def engine_options(url: str) -> dict[str, Any]:
    """Return what SQLAlchemy needs to open `url`; makes the folder of a SQLite file."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}, "hide_parameters": True}
    return {"hide_parameters": True, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 5}


def prepare(engine: Engine) -> None:
    """Listen to an engine so that every SQLite connection keeps what it acknowledges."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -2000")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin(connection: Connection) -> None:
    if _writes.get():
        _take_turn(connection.connection.dbapi_connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_turn(connection: Any) -> None:
    """Begin to write as soon as the other writers let it.

    SQLite's own wait sleeps up to a tenth of a second between two tries, and misses the short
    pauses of a writer that goes on and on (an import): ask each millisecond instead.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from error
            time.sleep(TURN_S)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
