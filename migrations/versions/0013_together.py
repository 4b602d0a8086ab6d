"""together: blocked addresses, needs that several share, circles, words set aside

Revision ID: 0013
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

ONE_OF_TWO = "(other_id IS NULL) <> (person_id IS NULL)"
ONE_OF_THREE = (
    "(CASE WHEN other_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN email_folded IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    """Make room for addresses that are blocked, for who joins a need, for circles and words."""
    with op.batch_alter_table("block") as block:
        block.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        block.add_column(sa.Column("email_folded", sa.String(length=254), nullable=True))
        block.drop_constraint(op.f("ck_block_ck_block_one_of_both"), type_="check")
        block.create_check_constraint(op.f("ck_block_one_of_three"), ONE_OF_THREE)
        block.create_unique_constraint(
            "uq_block_organisation_id_email_folded", ["organisation_id", "email_folded"]
        )
    op.create_index("ix_block_email_folded", "block", ["email_folded"])
    _need_join()
    _circles()
    op.create_table(
        "word_set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_word_set_aside"),
        sa.UniqueConstraint("folded", name="uq_word_set_aside_folded"),
    )


def _need_join() -> None:
    op.create_table(
        "need_join",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_need_join_post_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"],
                                name="fk_need_join_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_need_join"),
        sa.UniqueConstraint("post_id", "organisation_id",
                            name="uq_need_join_post_id_organisation_id"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_need_join_quantity")),
    )  # fmt: skip
    op.create_index("ix_need_join_organisation_id", "need_join", ["organisation_id"])


def _circles() -> None:
    op.create_table(
        "circle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.String(length=120), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dismissed_by_id"], ["organisation.id"],
                                name="fk_circle_dismissed_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_circle"),
        sa.UniqueConstraint("uuid", name="uq_circle_uuid"),
        sa.UniqueConstraint("lines", name="uq_circle_lines"),
    )  # fmt: skip
    op.create_table(
        "circle_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("need_line_id", sa.Integer(), nullable=False),
        sa.Column("offer_line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name="fk_circle_party_circle_id",
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"],
                                name="fk_circle_party_organisation_id"),
        sa.ForeignKeyConstraint(["need_line_id"], ["line.id"],
                                name="fk_circle_party_need_line_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["offer_line_id"], ["line.id"],
                                name="fk_circle_party_offer_line_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_circle_party"),
        sa.UniqueConstraint("circle_id", "position", name="uq_circle_party_circle_id_position"),
    )  # fmt: skip
    for column in ("organisation_id", "need_line_id", "offer_line_id"):
        op.create_index(f"ix_circle_party_{column}", "circle_party", [column])


def downgrade() -> None:
    """Forget blocked addresses, who joined a need, circles and words set aside."""
    op.drop_table("word_set_aside")
    op.drop_table("circle_party")
    op.drop_table("circle")
    op.drop_table("need_join")
    op.execute("DELETE FROM block WHERE email_folded IS NOT NULL")
    op.drop_index("ix_block_email_folded", "block")
    with op.batch_alter_table("block") as block:
        block.drop_constraint("uq_block_organisation_id_email_folded", type_="unique")
        block.drop_constraint(op.f("ck_block_one_of_three"), type_="check")
        block.create_check_constraint(op.f("ck_block_ck_block_one_of_both"), ONE_OF_TWO)
        block.drop_column("email_folded")
        block.drop_column("email")
