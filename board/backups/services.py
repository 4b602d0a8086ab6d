"""`flask backup` and `flask restore`: a consistent copy while the board serves, and back again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from flask import current_app
from sqlalchemy import Connection, func, inspect, select, text

from board import erasures, news
from board.backups import archive, tables
from board.clock import now
from board.config import variables
from board.database import will_write, writing
from board.extensions import db
from board.migrations import is_known, upgrade
from board.search import sync

ALIVE = ("person", "organisation", "post")
OTHERS = ("post_fts", "alembic_version")
Tell = Callable[[str], None]


class Refused(ValueError):
    """Nothing was touched; the message says why."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds."""

    rows: int
    files: int


def backup(path: Path) -> Summary:
    """Write database, uploads and settings as they are at one moment into one file."""
    described = tables.described()
    with archive.writing_to(path) as out, snapshot() as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        for name, file in uploads():
            out.add(name, file)
        files = len(out.files)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            for name, about in described.items():
                part = Path(folder) / "rows"
                with part.open("wb") as rows:
                    about["rows"] = tables.dump(connection, name, about, rows)
                out.add(f"tables/{name}.jsonl", part)
        out.end(_manifest(revision, described))
    return Summary(sum(about["rows"] for about in described.values()), files)


def _manifest(revision: str, described: dict[str, tables.Described]) -> dict[str, Any]:
    return {
        "format": archive.FORMAT,
        "made_at": now(),
        "revision": revision,
        "settings": variables(current_app.config["BOARD"]),
        "tables": described,
    }


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Open a transaction that sees the database as it is now, whatever others write meanwhile."""
    will_write(False)
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()


def uploads() -> Iterator[tuple[str, Path]]:
    """Give each uploaded file with its name in a backup."""
    root = _uploads_folder()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield f"uploads/{path.relative_to(root).as_posix()}", path


def _uploads_folder() -> Path:
    folder: Path = current_app.config["BOARD"].data / "uploads"
    return folder


def restore(path: Path, *, forgotten: list[Path], tell: Tell) -> dict[str, Any]:
    """Make an empty instance the board that a backup holds; erasures made since are replayed."""
    manifest = archive.check(path)
    named = [one for file in forgotten for one in erasures.read(file)]
    _refuse_unknown(manifest["revision"])
    _refuse_inhabited()
    tell("checked: every part is whole")
    with writing():
        _begin_again(manifest["revision"])
        _load(path, manifest)
        upgrade()
        tell("rows written")
        replayed = erasures.replay(named)
        news.note("board", {0})
        news.commit()
        erasures.keep()
        sync.reindex(lambda _done, _of: None)
    return {**manifest, "replayed": replayed}


def settings_elsewhere(manifest: dict[str, Any]) -> dict[str, str]:
    """Return the settings that a backup was made with and that are other ones here."""
    told, here = manifest.get("settings"), variables(current_app.config["BOARD"])
    if not isinstance(told, dict):
        return {}
    return {
        name: value
        for name, value in told.items()
        if name in here and isinstance(value, str) and value.isprintable() and value != here[name]
    }


def _refuse_unknown(revision: str) -> None:
    if not is_known(revision):
        raise Refused(
            f"the backup is of a newer board (revision {revision}): upgrade this one first"
        )


def _refuse_inhabited() -> None:
    with db.engine.connect() as connection:
        for name in set(inspect(connection).get_table_names()) & set(ALIVE):
            table = db.metadata.tables[name]
            if count := connection.scalar(select(func.count()).select_from(table)):
                raise Refused(f"this instance is not empty: its table {name} has {count} rows")
    if next(uploads(), None) is not None:
        raise Refused(f"this instance is not empty: there are files in {_uploads_folder()}")


def _begin_again(revision: str) -> None:
    """Take the empty tables away and make them as they were when the backup was made."""
    db.session.remove()
    with db.engine.begin() as connection:
        db.metadata.drop_all(connection)
        for name in OTHERS:
            connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    upgrade(revision)


def _load(path: Path, manifest: dict[str, Any]) -> None:
    """Write the files, then all rows in one transaction: until it ends the instance is empty."""
    made = manifest["tables"]
    with tempfile.TemporaryDirectory(prefix="restore-", dir=_uploads_folder().parent) as folder:
        for name, part in archive.parts(path):
            if name != archive.MANIFEST:
                _unpack(part, Path(folder) / name)
        with db.engine.begin() as connection:
            for table, about in made.items():
                with (Path(folder) / "tables" / f"{table}.jsonl").open("rb") as lines:
                    connection.execute(text(f'DELETE FROM "{table}"'))  # noqa: S608
                    tables.load(connection, table, about, lines)
        kept = Path(folder) / "uploads"
        if kept.exists():
            shutil.rmtree(_uploads_folder(), ignore_errors=True)
            kept.replace(_uploads_folder())


def _unpack(part: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(part, file, archive.PIECE)
