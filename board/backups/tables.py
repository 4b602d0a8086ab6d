"""Rows as JSON lines, read in one snapshot and written again whatever the database."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeEngine

from board.extensions import UtcDateTime, db

REBUILT = frozenset({"search_word"})
AT_ONCE = 1_000
TYPES: dict[str, type[TypeEngine[Any]]] = {
    "instant": UtcDateTime,
    "day": Date,
    "uuid": Uuid,
    "json": JSON,
    "yes_no": Boolean,
    "integer": Integer,
    "number": Float,
    "bytes": LargeBinary,
    "text": Text,
}
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (UtcDateTime, "instant"),
    (DateTime, "instant"),
    (Date, "day"),
    (Uuid, "uuid"),
    (JSON, "json"),
    (Boolean, "yes_no"),
    (Integer, "integer"),
    (Float, "number"),
    (Numeric, "number"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_READ: dict[str, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "uuid": UUID,
    "bytes": base64.b64decode,
}
Described = dict[str, Any]


def described() -> dict[str, Described]:
    """Describe the tables to keep, parents first; `own` are the columns that point back at it."""
    return {
        table.name: {
            "columns": [[column.name, _kind(column)] for column in table.columns],
            "key": [column.name for column in table.primary_key],
            "own": [
                column.name
                for column in table.columns
                if any(key.column.table is table for key in column.foreign_keys)
            ],
        }
        for table in db.metadata.sorted_tables
        if table.name not in REBUILT
    }


def _kind(column: Column[Any]) -> str:
    for kind, name in _KINDS:
        if isinstance(column.type, kind):
            return name
    raise TypeError(f"{column.table.name}.{column.name}: no backup keeps {column.type!r} yet")


def dump(connection: Connection, name: str, about: Described, file: IO[bytes]) -> int:
    """Write every row of a table, a line each; return how many there are."""
    table = _table(name, about)
    rows = select(table).order_by(*(table.c[key] for key in about["key"]))
    encoder, count = msgspec.json.Encoder(), 0
    for row in connection.execution_options(yield_per=AT_ONCE).execute(rows):
        file.write(encoder.encode(tuple(row)) + b"\n")
        count += 1
    return count


def load(connection: Connection, name: str, about: Described, lines: Iterable[bytes]) -> int:
    """Write the rows of a file into an empty table; what points at itself comes after."""
    table = _table(name, about)
    names = [column for column, _kind in about["columns"]]
    later: list[dict[str, Any]] = []
    count = 0
    for some in _batches(_rows(lines, about), AT_ONCE):
        rows = [dict(zip(names, row, strict=True)) for row in some]
        later += _set_aside(rows, about)
        connection.execute(insert(table), rows)
        count += len(rows)
    for some in _batches(later, AT_ONCE):
        values: dict[str, Any] = {own: bindparam(f"its_{own}") for own in about["own"]}
        row = update(table).where(table.c.id == bindparam("its_id")).values(values)
        connection.execute(row, some)
    if connection.dialect.name == "postgresql" and about["key"] == ["id"]:
        _move_sequence(connection, table)
    return count


def _table(name: str, about: Described) -> Table:
    columns = [Column(column, TYPES[kind]()) for column, kind in about["columns"]]
    return Table(name, MetaData(), *columns)


def _rows(lines: Iterable[bytes], about: Described) -> Iterator[list[Any]]:
    readers = [_READ.get(kind) for _column, kind in about["columns"]]
    decoder = msgspec.json.Decoder(list[Any])
    for line in lines:
        row = decoder.decode(line)
        yield [
            value if value is None or read is None else read(value)
            for value, read in zip(row, readers, strict=True)
        ]


def _set_aside(rows: list[dict[str, Any]], about: Described) -> list[dict[str, Any]]:
    """Take what points at rows of the same table out: they may not be there yet."""
    aside = []
    for row in rows if about["own"] else ():
        kept = {f"its_{own}": row[own] for own in about["own"]}
        if any(value is not None for value in kept.values()):
            aside.append({"its_id": row["id"], **kept})
            row.update(dict.fromkeys(about["own"]))
    return aside


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _move_sequence(connection: Connection, table: Table) -> None:
    """Let the next row of a table come after those that were written with their own ids."""
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:t, 'id')"), {"t": table.name})
    last = connection.scalar(select(func.max(table.c.id)))
    if sequence and last:
        connection.execute(text("SELECT setval(:s, :n)"), {"s": sequence, "n": last})
