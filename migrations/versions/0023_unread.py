"""answers: what is new for whom

Revision ID: 0023
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note what is new in conversations."""
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


def downgrade() -> None:
    """Forget it."""
    op.drop_table("unread")
