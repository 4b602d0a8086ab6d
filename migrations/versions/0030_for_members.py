"""what is for members is in no search index: matching finds it in the database, and fast

Revision ID: 0030_for_members
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030_for_members"
down_revision = "0030"
branch_labels = None
depends_on = None

INDEX = "ix_post_for_members"


def upgrade() -> None:
    """Keep a small index of these posts alone."""
    only = sa.text("audience = 'members'")
    op.create_index(
        INDEX, "post", ["ranked_at", "id"], sqlite_where=only, postgresql_where=only
    )


def downgrade() -> None:
    """Walk all posts again."""
    op.drop_index(INDEX, table_name="post")
