"""Finding: the port, the embedded engine, the board page."""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from board import debts, health
from board.clock import now
from board.config import SettingsError
from board.database import reading
from board.posts.similar import finder_is
from board.search import embedded, instep, jobs, models, served, sync  # noqa: F401
from board.search.cli import search as commands
from board.search.engine import Engine, Similar, Sought
from board.web import page_cache

log = logging.getLogger(__name__)


def current_engine() -> Engine:
    """Return the engine that answers searches."""
    return embedded.engine_of_app()


def candidates_at_home(sought: Sought) -> list[int]:
    """Return the lines that a private one may fit: asked of the database, never of a server."""
    return embedded.Embedded.candidates(embedded.engine_of_app(), sought)


def find_similar(title: str, **asked: Any) -> list[Similar]:
    """Return open public posts that say much the same as `title`."""
    return current_engine().similar(title, **asked)


def changes_next(at: datetime) -> datetime:
    """Return when what lists and pages show changes by itself."""
    return embedded.engine_of_app().changes_next(at)


def warm(app: Flask) -> None:
    """Read the posts into memory; a database that cannot be read yet is read with a request."""
    try:
        with app.app_context(), reading():
            changes_next(now())
    except SQLAlchemyError as error:
        log.warning("the posts cannot be read yet: %s", type(error).__name__)


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    database = "sqlite" if url.startswith("sqlite") else "postgresql"
    if database == "sqlite":
        _probe_fts5()
    settings = app.config["BOARD"]
    if settings.meilisearch_url:
        app.extensions["board.search"] = served.Served(database, settings)
        instep.listen()
        debts.consumes(served.CONSUMER)
        health.tells("search_server", instep.lag)
    else:
        app.extensions["board.search"] = embedded.Embedded(database)
    sync.listen()
    page_cache.changes_next(changes_next)
    finder_is(find_similar)
    health.is_ready_when("search", lambda: current_engine().health())
    app.cli.add_command(commands)
    from board.search import views

    views.register(app)


def _probe_fts5() -> None:
    """Some builds of Python lack FTS5: say so at start rather than at the first search."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError:
        raise SettingsError(
            "this Python's SQLite has no FTS5, which the search needs:"
            " use another Python, or a PostgreSQL BABILLARD_DATABASE_URL"
        ) from None
    finally:
        connection.close()
