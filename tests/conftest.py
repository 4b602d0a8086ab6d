"""The board under test: a real application on a real database, SQLite and PostgreSQL alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from board import clock, create_app, news
from board.accounts import passwords
from board.config import Settings
from board.database import will_write, writing
from board.extensions import db
from tests.browser import chromium  # noqa: F401 - a fixture for every folder
from tests.pages import CheckedClient
from tests.servers import postgresql

# Real argon2, at its smallest cost: the suite signs in hundreds of times.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
SECRET = "a secret that is only good for tests, and long enough"
# Folders whose files are few and long: two processes share the work best when these come first.
LONGEST = ("e2e/", "search/test_shelf", "backups/", "photos/", "sample/", "life/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest files first, so that no process ends alone with one of them."""
    root = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        name = str(item.path.relative_to(root)) if item.path.is_relative_to(root) else ""
        return next((n for n, each in enumerate(LONGEST) if name.startswith(each)), len(LONGEST))

    items.sort(key=rank)


def make_app(folder: Path, url: str, **values: object) -> Flask:
    """Build an application on `url`, migrated, with the taxonomy and the places loaded."""
    settings = Settings(data=folder, database_url=url, secret_key=SECRET, **values)  # type: ignore[arg-type]
    app = create_app(settings)
    app.testing = True
    app.test_client_class = CheckedClient
    with app.app_context(), writing():
        upgrade()
        app.test_cli_runner().invoke(args=["init"], catch_exceptions=False)
    return app


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application on SQLite for the whole run; its data is put back after each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    app = make_app(folder, f"sqlite:///{folder / 'board.sqlite3'}")
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
        db.engine.dispose()
    shutil.copy(folder / "board.sqlite3", folder / "clean.sqlite3")
    return app


@pytest.fixture(scope="session")
def postgresql_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application on a real PostgreSQL for the whole run."""
    folder = tmp_path_factory.mktemp("postgresql")
    try:
        server = postgresql(folder / "server")
        url = server.__enter__()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    try:
        app = make_app(folder, url)
        with app.app_context():
            remember_rows()
        yield app
        with app.app_context():
            db.engine.dispose()
    finally:
        server.__exit__(None, None, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def board_app(request: pytest.FixtureRequest) -> Flask:
    """The application on each database in turn."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    return app


_kept: dict[str, int] = {}
_taking: list[str] = []


def remember_rows() -> None:
    """Note the last row of each table, so that later ones can be taken away."""
    for table in db.metadata.sorted_tables:
        if "id" in table.c:
            last = db.session.scalar(text(f'SELECT max(id) FROM "{table.name}"'))
            _kept[table.name] = last or 0
    db.session.rollback()


def put_back(app: Flask, folder: Path) -> None:
    """Give the next test the database as it was."""
    db.session.remove()
    news.forget_kept()
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        for extra in ("board.sqlite3-wal", "board.sqlite3-shm"):
            (folder / extra).unlink(missing_ok=True)
        shutil.copy(folder / "clean.sqlite3", folder / "board.sqlite3")
        return
    with db.engine.begin() as connection:
        connection.exec_driver_sql(_take_away())


def _take_away() -> str:
    """Say in one question to PostgreSQL what every table loses: a question each costs more."""
    if not _taking:
        rows = ["SET session_replication_role = replica", "DELETE FROM post_fts"]
        for table in db.metadata.sorted_tables:
            where = f" WHERE id > {_kept.get(table.name, 0)}" if "id" in table.c else ""
            if table.name != "concept_link":
                rows.append(f'DELETE FROM "{table.name}"{where}')
        rows.append("UPDATE board_version SET figures = ''")
        rows.append("SET session_replication_role = DEFAULT")
        _taking.append(";".join(rows))
    return _taking[0]


@pytest.fixture
def app(board_app: Flask) -> Iterator[Flask]:
    """The application, inside its context, with the clock stopped at NOW."""
    clock.fix(NOW)
    will_write(False)
    with board_app.app_context():
        yield board_app
        put_back(board_app, board_app.config["BOARD"].data)
    clock.fix(None)
    will_write(False)


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A visitor's browser without JavaScript; it checks every page it gets."""
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    return browser
