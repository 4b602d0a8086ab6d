"""What was brought in from another list: one row for each run, one for each post that it wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from board.extensions import Identified, Model


class ImportBatch(Identified, Model):
    """One run of `flask import`; without `finished_at` it was interrupted."""

    __tablename__ = "import_batch"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)


class ImportRow(Model):
    """A row that was written: how the source said it, and the post's words before (none: new)."""

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    edit_version: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        UniqueConstraint("batch_id", "external_id"),
        Index("ix_import_row_external_id", "external_id"),
    )
