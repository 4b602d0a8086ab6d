"""life: the steps that time brings, and who was told of them

Revision ID: 0004_life
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_life"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was noted and nobody told yet."""
    op.create_table(
        "post_step",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("about", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_post_step_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "step", "about", name="pk_post_step"),
    )
    op.create_table(
        "post_notice",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(24), nullable=False),
        sa.Column("about", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_post_notice_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_post_notice_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "post_id", "notice", "about", name="pk_post_notice"),
    )
    op.create_index("ix_post_notice_post_id", "post_notice", ["post_id"])
    op.create_table(
        "reminder",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_reminder_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "day", name="pk_reminder"),
    )


def downgrade() -> None:
    """Forget what was noted."""
    op.drop_table("reminder")
    op.drop_index("ix_post_notice_post_id", table_name="post_notice")
    op.drop_table("post_notice")
    op.drop_table("post_step")
