"""a « yes » of the reserve knows the offer that it began: it is asked again if nothing comes of it

Revision ID: 0030_begun
Revises: 0030_for_members
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030_begun"
down_revision = "0030_for_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was said before knows none, and stands."""
    with op.batch_alter_table("private_view") as view:
        view.add_column(sa.Column("draft_id", sa.Integer(), nullable=True))
        view.create_foreign_key(
            "fk_private_view_draft_id_post", "post", ["draft_id"], ["id"], ondelete="CASCADE"
        )
        view.create_index("ix_private_view_draft_id", ["draft_id"])


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("private_view") as view:
        view.drop_index("ix_private_view_draft_id")
        view.drop_constraint("fk_private_view_draft_id_post", type_="foreignkey")
        view.drop_column("draft_id")
