"""notices: what goes about one thread goes in one mail; only people have notices

Revision ID: 0018
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the thread of a notice; take back the columns that nothing fills."""
    op.drop_index("ix_notification_email", table_name="notification")
    with op.batch_alter_table("notification") as table:
        table.add_column(
            sa.Column("thread", sa.String(length=60), nullable=False, server_default="")
        )
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("email")
        table.drop_column("claimed_at")
    op.drop_column("saved_search", "seen_post_id")


def downgrade() -> None:
    """Forget the threads."""
    op.add_column(
        "saved_search",
        sa.Column("seen_post_id", sa.Integer(), nullable=False, server_default="0"),
    )
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("email", sa.String(length=254)))
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        table.drop_column("thread")
    op.create_index("ix_notification_email", "notification", ["email", "event_key", "channel"])
