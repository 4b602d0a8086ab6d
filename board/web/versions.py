"""Reading the board's version at the door: one small statement on a connection of its own."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, event

from board.news import BoardVersion, Version

ALONE = "outside transactions"
log = logging.getLogger(__name__)
_SQL = f"SELECT {', '.join(Version._fields)} FROM {BoardVersion.__tablename__} WHERE id = 1"  # noqa: S608


class VersionReader:
    """Keeps one connection a thread, outside transactions: each read sees the last commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own = threading.local()
        self._last: tuple[Any, Version] = (None, Version())
        self._age = 0
        event.listen(engine, "engine_disposed", self._leave)
        event.listen(engine, "checkin", _give_back)

    def read(self) -> Version | None:
        """Return where the board stands; None when the database does not answer."""
        try:
            row = self.ask(_SQL)
        except Exception as error:
            log.warning("the board's version cannot be read: %s", type(error).__name__)
            return None
        known, version = self._last
        if known != row:
            version = _version(row) if row else Version()
            self._last = (row, version)
        return version

    def ask(self, statement: str, values: Any = ()) -> Any:
        """Return the one row of a statement that reads, as the last commit left it."""
        try:
            cursor = self._connection().cursor()
            try:
                return cursor.execute(statement, values).fetchone()
            finally:
                cursor.close()
        except Exception:
            self._drop()
            raise

    def _connection(self) -> Any:
        """The thread's connection (psycopg's own `execute` gives the cursor, as sqlite3's does)."""
        if getattr(self._own, "age", None) != self._age:
            self._drop()
            self._own.pooled = self._engine.raw_connection()
            self._own.age = self._age
            if self._engine.dialect.name != "sqlite":
                self._own.pooled.info[ALONE] = True
                self._own.pooled.driver_connection.autocommit = True
        return self._own.pooled.driver_connection

    def _drop(self) -> None:
        pooled = getattr(self._own, "pooled", None)
        self._own.pooled = self._own.age = None
        if pooled is not None:
            pooled.invalidate()

    def _leave(self, _engine: Engine) -> None:
        """The pool is given up: connections of before are not used again."""
        self._age += 1
        self._drop()


def _give_back(connection: Any, record: Any) -> None:
    """When a thread ends, its connection goes back to the pool: the next one needs transactions."""
    if record.info.pop(ALONE, False) and connection is not None:
        connection.autocommit = False


def _version(row: Any) -> Version:
    number, changed_at, *more = row
    if isinstance(changed_at, str):
        changed_at = datetime.fromisoformat(changed_at).replace(tzinfo=UTC)
    return Version(number, changed_at.astimezone(UTC), *more)
