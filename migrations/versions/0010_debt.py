"""debt: what is still owed to the search server, and what the worker last saw of it

Revision ID: 0010
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for debts."""
    op.create_table(
        "debt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consumer", sa.String(length=24), nullable=False),
        sa.Column("noun", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("owed_version", sa.Integer(), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debt")),
        sa.UniqueConstraint("consumer", "noun", "object_id", name=op.f("uq_debt_consumer_noun_object_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_server",
        sa.Column("index_uid", sa.String(length=60), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("index_uid", name=op.f("pk_search_server")),
    )


def downgrade() -> None:
    """Forget what is owed."""
    op.drop_table("search_server")
    op.drop_table("debt")
