"""answers keep whose site they came from

Revision ID: 0025
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the partner and its site."""
    op.add_column("response", sa.Column("partner", sa.String(length=120)))
    op.add_column("response", sa.Column("partner_site", sa.String(length=253)))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("response", "partner_site")
    op.drop_column("response", "partner")
