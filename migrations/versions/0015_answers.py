"""answers: who answers a post, what was agreed, said and disclosed; what people want to hear of

Revision ID: 0015
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for answers, for what follows from them and for notices."""
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holiday"),
        sa.UniqueConstraint("day", name="uq_holiday_day"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_notification_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint(
            "person_id", "event_key", "channel", name="uq_notification_person_id_event_key_channel"
        ),
        sa.UniqueConstraint("uuid", name="uq_notification_uuid"),
    )
    op.create_index("ix_notification_due_at", "notification", ["due_at"])
    op.create_index("ix_notification_email", "notification", ["email", "event_key", "channel"])
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("rhythm", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_preference_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_preference"),
        sa.UniqueConstraint("person_id", "kind", name="uq_preference_person_id_kind"),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("rhythm", sa.String(length=24), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_post_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (email IS NULL)", name="ck_saved_search_one_of_both"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_saved_search_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("uuid", name="uq_saved_search_uuid"),
    )
    op.create_index("ix_saved_search_email", "saved_search", ["email"])
    op.create_index("ix_saved_search_person_id", "saved_search", ["person_id"])
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("guest_name", sa.String(length=80), nullable=False),
        sa.Column("guest_email", sa.String(length=254), nullable=True),
        sa.Column("guest_folded", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_for_room", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("widget", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name="fk_response_holder_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_response_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_response_person_id"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_response_post_id"),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sa.UniqueConstraint("uuid", name="uq_response_uuid"),
    )
    op.create_index("ix_response_due_at", "response", ["due_at"])
    op.create_index("ix_response_ended_at", "response", ["ended_at"])
    op.create_index("ix_response_guest_folded", "response", ["guest_folded"])
    op.create_index("ix_response_holder_id", "response", ["holder_id"])
    op.create_index("ix_response_organisation_id", "response", ["organisation_id"])
    op.create_index("ix_response_person_id", "response", ["person_id"])
    op.create_index("ix_response_post_id", "response", ["post_id"])
    op.create_index("ix_response_post_state", "response", ["post_id", "state"])
    op.create_index(
        "uq_response_guest",
        "response",
        ["post_id", "guest_folded"],
        unique=True,
        sqlite_where=sa.text(
            "ended_at IS NULL AND confirmed_at IS NOT NULL AND guest_folded IS NOT NULL"
        ),
        postgresql_where=sa.text(
            "ended_at IS NULL AND confirmed_at IS NOT NULL AND guest_folded IS NOT NULL"
        ),
    )
    op.create_index(
        "uq_response_organisation",
        "response",
        ["post_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text(
            "ended_at IS NULL AND confirmed_at IS NOT NULL AND organisation_id IS NOT NULL"
        ),
        postgresql_where=sa.text(
            "ended_at IS NULL AND confirmed_at IS NOT NULL AND organisation_id IS NOT NULL"
        ),
    )
    op.create_index(
        "uq_response_person",
        "response",
        ["post_id", "person_id"],
        unique=True,
        sqlite_where=sa.text(
            "ended_at IS NULL AND confirmed_at IS NOT NULL AND person_id IS NOT NULL AND organisation_id IS NULL"
        ),
        postgresql_where=sa.text(
            "ended_at IS NULL AND confirmed_at IS NOT NULL AND person_id IS NOT NULL AND organisation_id IS NULL"
        ),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("of_side", sa.String(length=24), nullable=False),
        sa.Column("of_person_id", sa.Integer(), nullable=True),
        sa.Column("of_organisation_id", sa.Integer(), nullable=True),
        sa.Column("to_side", sa.String(length=24), nullable=False),
        sa.Column("to_person_id", sa.Integer(), nullable=True),
        sa.Column("to_organisation_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["of_organisation_id"], ["organisation.id"], name="fk_disclosure_of_organisation_id"
        ),
        sa.ForeignKeyConstraint(["of_person_id"], ["person.id"], name="fk_disclosure_of_person_id"),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_disclosure_response_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisation.id"], name="fk_disclosure_to_organisation_id"
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name="fk_disclosure_to_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_disclosure"),
        sa.UniqueConstraint("uuid", name="uq_disclosure_uuid"),
    )
    op.create_index("ix_disclosure_of_organisation_id", "disclosure", ["of_organisation_id"])
    op.create_index("ix_disclosure_of_person_id", "disclosure", ["of_person_id"])
    op.create_index("ix_disclosure_response_id", "disclosure", ["response_id"])
    op.create_index("ix_disclosure_to_organisation_id", "disclosure", ["to_organisation_id"])
    op.create_index("ix_disclosure_to_person_id", "disclosure", ["to_person_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=24), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=True),
        sa.Column("via", sa.String(length=24), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_message_author_id"),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_message_response_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("message_id", name="uq_message_message_id"),
        sa.UniqueConstraint("uuid", name="uq_message_uuid"),
    )
    op.create_index("ix_message_author_id", "message", ["author_id"])
    op.create_index("ix_message_response_id", "message", ["response_id"])
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=24), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(response_id IS NULL) <> (post_id IS NULL)", name="ck_outcome_one_of_both"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_outcome_by_id"),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_outcome_post_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name="fk_outcome_response_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.UniqueConstraint("post_id", name="uq_outcome_post_id"),
        sa.UniqueConstraint("response_id", name="uq_outcome_response_id"),
        sa.UniqueConstraint("uuid", name="uq_outcome_uuid"),
    )
    op.create_index("ix_outcome_by_id", "outcome", ["by_id"])
    op.create_table(
        "response_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("actor", sa.String(length=24), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_response_event_by_id"),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name="fk_response_event_response_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_response_event"),
    )
    op.create_index("ix_response_event_by_id", "response_event", ["by_id"])
    op.create_index("ix_response_event_response_id", "response_event", ["response_id"])
    op.create_table(
        "response_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("needed_from", sa.Date(), nullable=True),
        sa.Column("needed_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="ck_response_line_window",
        ),
        sa.CheckConstraint("quantity >= 1", name="ck_response_line_quantity_positive"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_response_line_line_id"),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name="fk_response_line_response_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_response_line"),
        sa.UniqueConstraint("uuid", name="uq_response_line_uuid"),
    )
    op.create_index("ix_response_line_line_id", "response_line", ["line_id"])
    op.create_index("ix_response_line_response_id", "response_line", ["response_id"])
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("needed_from", sa.Date(), nullable=True),
        sa.Column("needed_until", sa.Date(), nullable=True),
        sa.Column("fulfilled", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "0 <= fulfilled AND fulfilled <= quantity", name="ck_commitment_fulfilled_quantity"
        ),
        sa.CheckConstraint(
            "needed_until IS NULL OR needed_from IS NULL OR needed_from <= needed_until",
            name="ck_commitment_window",
        ),
        sa.CheckConstraint("quantity >= 1", name="ck_commitment_quantity_positive"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_commitment_by_id"),
        sa.ForeignKeyConstraint(
            ["response_line_id"],
            ["response_line.id"],
            name="fk_commitment_response_line_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commitment"),
        sa.UniqueConstraint("uuid", name="uq_commitment_uuid"),
    )
    op.create_index("ix_commitment_response_line_id", "commitment", ["response_line_id"])
    op.add_column("line", sa.Column("first_come_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("post", sa.Column("answers_cap", sa.Integer(), nullable=True))
    op.add_column(
        "post",
        sa.Column("answers_band", sa.String(length=24), server_default="none", nullable=False),
    )


def downgrade() -> None:
    """Forget every answer and notice."""
    op.drop_column("post", "answers_band")
    op.drop_column("post", "answers_cap")
    op.drop_column("line", "first_come_at")
    op.drop_table("commitment")
    op.drop_table("response_line")
    op.drop_table("response_event")
    op.drop_table("outcome")
    op.drop_table("message")
    op.drop_table("disclosure")
    op.drop_table("response")
    op.drop_table("saved_search")
    op.drop_table("preference")
    op.drop_table("notification")
    op.drop_table("holiday")
