"""board_version: what the board counts of itself, read together with where it stands

Revision ID: 0023_figures
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_figures"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep a few figures beside the version: pages that show them ask nothing more."""
    op.add_column(
        "board_version",
        sa.Column("figures", sa.String(length=200), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_column("board_version", "figures")
