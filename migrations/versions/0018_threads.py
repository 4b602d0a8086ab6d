"""notices: what goes about one thread goes in one mail

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the thread of a notice."""
    op.add_column(
        "notification",
        sa.Column("thread", sa.String(length=60), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Forget the threads."""
    op.drop_column("notification", "thread")
