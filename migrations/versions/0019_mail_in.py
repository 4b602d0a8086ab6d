"""answers: the address that answers a mail of a conversation

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let people answer by mail; a message says that it came with files that were not kept."""
    op.create_table(
        "reply_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name="fk_reply_address_response_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_reply_address_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reply_address"),
    )
    op.create_index("ix_reply_address_person_id", "reply_address", ["person_id"])
    op.create_index("ix_reply_address_response_id", "reply_address", ["response_id"])
    op.add_column(
        "message",
        sa.Column("had_files", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Forget the addresses."""
    op.drop_column("message", "had_files")
    op.drop_table("reply_address")
