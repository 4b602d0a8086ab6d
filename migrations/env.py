"""How Alembic reaches the board's database and models."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from board.database import will_write
from board.extensions import UtcDateTime

db = current_app.extensions["migrate"].db


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the tables that the search engine makes for itself."""
    return not (kind == "table" and name is not None and "_fts" in name)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write plain types into the revisions, so that they outlive the board's own classes."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Apply the revisions in one transaction that writes."""
    will_write()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            include_name=include_name,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")


if context.is_offline_mode():
    raise SystemExit("migrations need a database to look at: run them online")
run()
