"""accounts: the mails of one address are counted, exported and erased by it

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find the mails of one address without reading them all."""
    op.create_index("ix_mail_recipient", "mail", ["recipient", "created_at"])


def downgrade() -> None:
    """Go back to reading them all."""
    op.drop_index("ix_mail_recipient", table_name="mail")
