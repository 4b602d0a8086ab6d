"""widgets: which waiting posts their owners were told of, in the place of when

Revision ID: 0030
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody knows what was told before: what waits is told once more."""
    op.add_column("widget", sa.Column("told", sa.JSON(), nullable=True))
    op.drop_column("widget", "told_at")


def downgrade() -> None:
    """Go back to when."""
    op.add_column("widget", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("widget", "told")
