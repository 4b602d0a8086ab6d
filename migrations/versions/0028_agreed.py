"""answers: which conditions were agreed to, a clock for what is under study, the fullest days

Revision ID: 0028
Revises: 0023_again
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0023_again"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever agreed before agreed to the conditions as they are now."""
    at = sa.DateTime(timezone=True)
    op.add_column("response", sa.Column("conditions_asked_at", at, nullable=True))
    op.add_column("response", sa.Column("word_at", at, nullable=True))
    op.add_column("response", sa.Column("reminded_at", at, nullable=True))
    op.add_column("response_line", sa.Column("agreed_to", sa.String(500), nullable=True))
    op.add_column("line", sa.Column("fullest", sa.JSON(), nullable=True))
    op.execute("UPDATE response SET word_at = replied_at")
    op.execute(
        "UPDATE response_line SET agreed_to = (SELECT line.conditions FROM line"
        " WHERE line.id = response_line.line_id) WHERE response_id IN"
        " (SELECT id FROM response WHERE agreed_at IS NOT NULL)"
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("line", "fullest")
    op.drop_column("response_line", "agreed_to")
    op.drop_column("response", "reminded_at")
    op.drop_column("response", "word_at")
    op.drop_column("response", "conditions_asked_at")
