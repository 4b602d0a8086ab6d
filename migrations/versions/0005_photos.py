"""photos: a post has a few, each with what it says to who does not see it

Revision ID: 0005
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for photos."""
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_upload_post_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_upload_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
        sa.UniqueConstraint("uuid", name="uq_upload_uuid"),
        sa.UniqueConstraint("post_id", "digest", name="uq_upload_post_id_digest"),
    )
    op.create_index("ix_upload_by_id", "upload", ["by_id"])
    op.create_index("ix_upload_digest", "upload", ["digest"])


def downgrade() -> None:
    """Forget the photos."""
    op.drop_table("upload")
