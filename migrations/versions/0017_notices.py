"""mail and notices: headers of a mail, addresses that mail comes back from, quiet hours

Revision ID: 0017
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a mail carry headers, an address pause, a person sleep."""
    op.add_column("mail", sa.Column("headers", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "paused_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paused_address"),
        sa.UniqueConstraint("email", name="uq_paused_address_email"),
    )
    op.create_table(
        "quiet_hours",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_hour", sa.Integer(), nullable=False),
        sa.Column("last_hour", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "first_hour BETWEEN 0 AND 23 AND last_hour BETWEEN 0 AND 23",
            name="ck_quiet_hours_hours",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_quiet_hours_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_quiet_hours"),
    )


def downgrade() -> None:
    """Forget the pauses and the headers."""
    op.drop_table("quiet_hours")
    op.drop_table("paused_address")
    op.drop_column("mail", "headers")
