"""moderation: when each moderator was told what waits

Revision ID: 0032_moderators
Revises: 0031_block_names
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_moderators"
down_revision = "0031_block_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who moderates already is told at the next turn of what came within a day."""
    op.add_column("person", sa.Column("moderator_told_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("person", "moderator_told_at")
