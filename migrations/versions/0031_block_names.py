"""matching: a block keeps the name that whoever is blocked gave with their answer

Revision ID: 0031_block_names
Revises: 0030_begun
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_block_names"
down_revision = "0030_begun"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who was blocked before is named by the address that was typed."""
    name = sa.Column("name", sa.String(80), nullable=False, server_default="")
    op.add_column("block", name)


def downgrade() -> None:
    """Forget the names."""
    op.drop_column("block", "name")
