"""sessions: each open session is a row that can be closed; what was typed outlives one

Revision ID: 0009
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for open sessions and for forms that wait for their author."""
    op.create_table(
        "open_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_open_session_person_id",
                                ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_open_session"),
        sa.UniqueConstraint("digest", name="uq_open_session_digest"),
        sa.UniqueConstraint("uuid", name="uq_open_session_uuid"),
    )  # fmt: skip
    op.create_index("ix_open_session_person_id", "open_session", ["person_id"])
    op.create_index("ix_open_session_expires_at", "open_session", ["expires_at"])
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_form"),
        sa.UniqueConstraint("digest", "page", name="uq_kept_form_digest_page"),
    )
    op.create_index("ix_kept_form_expires_at", "kept_form", ["expires_at"])


def downgrade() -> None:
    """Go back to sessions that only their cookie knows."""
    op.drop_table("kept_form")
    op.drop_table("open_session")
