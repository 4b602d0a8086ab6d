"""jobs: when the worker last showed that it works

Revision ID: 0004
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row for the worker."""
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )


def downgrade() -> None:
    """Nobody asks any more."""
    op.drop_table("heartbeat")
