"""private lines: volunteers' profiles, what organisations could share, and what fits them

Revision ID: 0012
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for what is matched without being shown."""
    _lines()
    _matches()


def _lines() -> None:
    op.create_table(
        "private_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("basis", sa.String(length=24), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("needed_from", sa.Date(), nullable=True),
        sa.Column("needed_until", sa.Date(), nullable=True),
        sa.Column("attendance", sa.String(length=24), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("reach_km", sa.Integer(), nullable=True),
        sa.Column("conditions", sa.String(length=500), nullable=True),
        sa.Column("languages", sa.String(length=60), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("never", sa.String(length=300), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)",
                           name="ck_private_line_one_owner"),
        sa.CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="ck_private_line_window"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_private_line_person_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"],
                                name="fk_private_line_organisation_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_private_line_place_id"),
        sa.PrimaryKeyConstraint("id", name="pk_private_line"),
        sa.UniqueConstraint("uuid", name="uq_private_line_uuid"),
        sa.UniqueConstraint("person_id", name="uq_private_line_person_id"),
    )  # fmt: skip
    for column in ("organisation_id", "kind", "place_id"):
        op.create_index(f"ix_private_line_{column}", "private_line", [column])
    op.create_table(
        "private_line_concept",
        sa.Column("private_line_id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["private_line_id"], ["private_line.id"],
                                name="fk_private_line_concept_private_line_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["concept_id"], ["concept.id"],
                                name="fk_private_line_concept_concept_id"),
        sa.PrimaryKeyConstraint("private_line_id", "concept_id", name="pk_private_line_concept"),
    )  # fmt: skip
    op.create_index("ix_private_line_concept_concept_id", "private_line_concept", ["concept_id"])


def _matches() -> None:
    op.create_table(
        "private_match",
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.Integer(), nullable=False),
        *_about_both("private_match"),
    )
    op.create_index("ix_private_match_private_line_id", "private_match", ["private_line_id"])
    op.create_table(
        "private_view",
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("need_concept", sa.String(length=60), nullable=True),
        sa.Column("own_concept", sa.String(length=60), nullable=True),
        sa.Column("kilometres", sa.Integer(), nullable=True),
        *_about_both("private_view"),
    )
    op.create_index("ix_private_view_private_line_id", "private_view", ["private_line_id"])


def _about_both(table: str) -> list[sa.schema.SchemaItem]:
    """A need line beside a private line, once each."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=False),
        sa.Column("private_line_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_line_id"], ["line.id"], name=f"fk_{table}_need_line_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["private_line_id"], ["private_line.id"],
                                name=f"fk_{table}_private_line_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("need_line_id", "private_line_id",
                            name=f"uq_{table}_need_line_id_private_line_id"),
    ]  # fmt: skip


def downgrade() -> None:
    """Forget what was kept privately."""
    for table in ("private_view", "private_match", "private_line_concept", "private_line"):
        op.drop_table(table)
