"""answers: posts that are begun again a year later

Revision ID: 0023_again
Revises: 0023_figures
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_again"
down_revision = "0023_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember who was asked, what was begun again, and whether its helpers were told."""
    op.create_table(
        "relaunch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_relaunch_post_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["post.id"], name="fk_relaunch_copy_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_relaunch"),
        sa.UniqueConstraint("post_id", name="uq_relaunch_post_id"),
    )
    op.create_index("ix_relaunch_copy_id", "relaunch", ["copy_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("relaunch")
