"""The Flask extensions, made once and bound to the application by `create_app`."""

from __future__ import annotations

import uuid as uuid_module
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Enum, MetaData, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from board.clock import now


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on both sides, stored in UTC (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant: it would be guessed at."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware instant whatever the database keeps."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """The parent of every table: named constraints, aware instants, real UUIDs."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), UUID: Uuid()}  # noqa: RUF012


def enum_column(kind: type[StrEnum]) -> Enum:
    """A column that keeps a member's value as short text (both databases alike)."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


db = SQLAlchemy(metadata=Model.metadata)
login_manager = LoginManager()
babel = Babel()


class Identified:
    """The columns that every noun of the board has."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    uuid: Mapped[UUID] = mapped_column(default=uuid_module.uuid4, unique=True, sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(default=now, sort_order=-1)

    def news(self) -> tuple[str, int | None] | None:
        """Say whose readers must hear that this row changed: (noun, its id), or nobody."""
        return None

    if TYPE_CHECKING:

        def __init__(self, **values: Any) -> None: ...
