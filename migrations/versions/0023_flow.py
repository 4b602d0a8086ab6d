"""answers: what is new for whom, posts begun again a year later, what the board counts of itself

Revision ID: 0023
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note what is new in conversations, what was begun again, and the board's own figures."""
    op.create_table(
        "unread",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_unread_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_unread_response_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "response_id", name="pk_unread"),
    )
    op.create_index("ix_unread_response_id", "unread", ["response_id"])
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
    op.add_column(
        "board_version",
        sa.Column("figures", sa.String(length=200), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("board_version", "figures")
    op.drop_table("relaunch")
    op.drop_table("unread")
