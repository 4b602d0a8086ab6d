"""widgets: the board on partners' sites, what their owners said of posts, how often each was seen

Revision ID: 0016
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for widgets, for their owners' word and for their counts."""
    op.create_table(
        "widget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("published", sa.JSON(), nullable=True),
        sa.Column("previous", sa.JSON(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"],
                                name="fk_widget_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_widget"),
        sa.UniqueConstraint("uuid", name="uq_widget_uuid"),
    )  # fmt: skip
    op.create_index("ix_widget_organisation_id", "widget", ["organisation_id"])
    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("widget_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("nod", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["widget_id"], ["widget.id"], name="fk_clearance_widget_id"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_clearance_post_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_clearance_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clearance"),
        sa.UniqueConstraint("widget_id", "post_id", name="uq_clearance_widget_id_post_id"),
    )  # fmt: skip
    op.create_index("ix_clearance_post_id", "clearance", ["post_id"])
    op.create_table(
        "widget_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("widget_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("metric", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["widget_id"], ["widget.id"], name="fk_widget_count_widget_id"),
        sa.PrimaryKeyConstraint("id", name="pk_widget_count"),
        sa.UniqueConstraint("widget_id", "day", "host", "metric",
                            name="uq_widget_count_widget_id_day_host_metric"),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away."""
    op.drop_table("widget_count")
    op.drop_index("ix_clearance_post_id", "clearance")
    op.drop_table("clearance")
    op.drop_index("ix_widget_organisation_id", "widget")
    op.drop_table("widget")
