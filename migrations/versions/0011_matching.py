"""matching: pairs of lines, what each side did with them, who is kept apart

Revision ID: 0011
Revises: 0004_life
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0004_life"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for pairs, for what people do with them and for who is kept apart."""
    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=False),
        sa.Column("offer_line_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("engine_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_line_id"], ["line.id"], name="fk_match_need_line_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["offer_line_id"], ["line.id"], name="fk_match_offer_line_id",
                                ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match"),
        sa.UniqueConstraint("need_line_id", "offer_line_id",
                            name="uq_match_need_line_id_offer_line_id"),
    )  # fmt: skip
    op.create_index("ix_match_offer_line_id", "match", ["offer_line_id"])
    op.create_table(
        "match_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=False),
        sa.Column("offer_line_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("need_concept", sa.String(length=60), nullable=True),
        sa.Column("offer_concept", sa.String(length=60), nullable=True),
        sa.Column("kilometres", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_line_id"], ["line.id"], name="fk_match_view_need_line_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["offer_line_id"], ["line.id"], name="fk_match_view_offer_line_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"],
                                name="fk_match_view_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_match_view"),
        sa.UniqueConstraint("need_line_id", "offer_line_id", "organisation_id",
                            name="uq_match_view_need_line_id_offer_line_id_organisation_id"),
    )  # fmt: skip
    op.create_index("ix_match_view_offer_line_id", "match_view", ["offer_line_id"])
    op.create_index("ix_match_view_organisation_id", "match_view", ["organisation_id"])
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(other_id IS NULL) <> (person_id IS NULL)", name="ck_block_one_of_both"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"],
                                name="fk_block_organisation_id"),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name="fk_block_other_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_block_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
        sa.UniqueConstraint("organisation_id", "other_id", name="uq_block_organisation_id_other_id"),
        sa.UniqueConstraint("organisation_id", "person_id",
                            name="uq_block_organisation_id_person_id"),
    )  # fmt: skip
    op.create_index("ix_block_other_id", "block", ["other_id"])
    op.create_index("ix_block_person_id", "block", ["person_id"])


def downgrade() -> None:
    """Forget pairs and what people did with them."""
    op.drop_table("block")
    op.drop_table("match_view")
    op.drop_table("match")
