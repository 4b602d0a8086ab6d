"""posts and the board's version: what changed since is found without reading everything

Revision ID: 0008
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember at which version a post last changed, a concept did, and a post's row went."""
    zero = {"nullable": False, "server_default": "0"}
    op.add_column("post", sa.Column("changed_in", sa.Integer(), **zero))
    op.create_index("ix_post_changed_in", "post", ["changed_in"])
    op.add_column("board_version", sa.Column("concepts_in", sa.Integer(), **zero))
    op.add_column("board_version", sa.Column("removals_in", sa.Integer(), **zero))


def downgrade() -> None:
    """Forget it: workers then read every post again."""
    op.drop_column("board_version", "removals_in")
    op.drop_column("board_version", "concepts_in")
    op.drop_index("ix_post_changed_in", table_name="post")
    op.drop_column("post", "changed_in")
