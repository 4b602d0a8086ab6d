"""A second, empty instance to restore into, and what two boards are compared by."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, select, text

from board import create_app
from board.backups import tables
from board.config import Settings
from board.database import will_write
from board.extensions import db
from board.posts.models import Post
from tests.conftest import SECRET
from tests.pages import CheckedClient

MOVES = {"board_version"}
_number = count(1)


@contextmanager
def instance(folder: Path, kind: str, server: str) -> Iterator[Flask]:
    """Give an application on a new database of that kind without a single table."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'board.sqlite3'}"
    if kind == "postgresql":
        name = f"restored_{next(_number)}"
        make = create_engine(server, isolation_level="AUTOCOMMIT")
        with make.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        make.dispose()
        url = server.rpartition("/")[0] + f"/{name}"
    app = create_app(Settings(data=folder, database_url=url, secret_key=SECRET))
    app.testing = True
    app.test_client_class = CheckedClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def rows_of(app: Flask) -> dict[str, list[bytes]]:
    """Return all that a board keeps, table by table."""
    found = {}
    with app.app_context():
        will_write(False)
        db.session.remove()
        with db.engine.connect() as connection:
            for name, about in tables.described().items():
                file = io.BytesIO()
                tables.dump(connection, name, about, file)
                if name not in MOVES:
                    found[name] = file.getvalue().splitlines()
    return found


def pages_of(app: Flask) -> dict[str, Any]:
    """Return the page of each post, and what the API counts."""
    with app.app_context():
        will_write(False)
        uuids = list(db.session.scalars(select(Post.uuid).order_by(Post.id)))
        db.session.remove()
    client = app.test_client()
    found: dict[str, Any] = {"api": client.get("/api/v1/posts").get_json()}
    for uuid in uuids:
        answer = client.get(f"/fr/p/{uuid}")
        found[str(uuid)] = (answer.status_code, answer.get_data(as_text=True))
    return found
