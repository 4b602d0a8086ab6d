"""notices: guests have them too, what no choice holds back, when one looked for news last

Revision ID: 0022
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0023"
branch_labels = None
depends_on = None

ONE_OF_BOTH = "(person_id IS NULL) <> (email IS NULL)"


def upgrade() -> None:
    """Let notices reach an address, and looks follow a rhythm; what waits stays."""
    with op.batch_alter_table("notification") as table:
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("email", sa.String(length=254)))
        table.add_column(sa.Column("language", sa.String(length=8)))
        table.add_column(
            sa.Column("weight", sa.String(length=24), nullable=False, server_default="usual")
        )
        table.add_column(
            sa.Column("in_digest", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_unique_constraint(
            "uq_notification_email_event_key_channel", ["email", "event_key", "channel"]
        )
        table.create_check_constraint(op.f("ck_notification_one_of_both"), ONE_OF_BOTH)
    op.execute(sa.text("UPDATE notification SET in_digest = (thread = '')"))
    with op.batch_alter_table("preference") as table:
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("email", sa.String(length=254)))
        table.create_unique_constraint("uq_preference_email_kind", ["email", "kind"])
        table.create_check_constraint(op.f("ck_preference_one_of_both"), ONE_OF_BOTH)
    op.add_column("saved_search", sa.Column("looked_at", sa.DateTime(timezone=True)))
    op.create_table(
        "match_look",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_match_look_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_match_look"),
    )


def downgrade() -> None:
    """Forget what only guests were owed, and the looks."""
    op.drop_table("match_look")
    op.drop_column("saved_search", "looked_at")
    for name in ("preference", "notification"):
        op.execute(sa.text(f"DELETE FROM {name} WHERE person_id IS NULL"))  # noqa: S608
    with op.batch_alter_table("preference") as table:
        table.drop_constraint(op.f("ck_preference_one_of_both"), type_="check")
        table.drop_constraint("uq_preference_email_kind", type_="unique")
        table.drop_column("email")
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("notification") as table:
        table.drop_constraint(op.f("ck_notification_one_of_both"), type_="check")
        table.drop_constraint("uq_notification_email_event_key_channel", type_="unique")
        for column in ("email", "language", "weight", "in_digest"):
            table.drop_column(column)
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
