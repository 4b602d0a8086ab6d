"""search: the full-text index in the same database, and its vocabulary

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("title", "tags", "organisation", "body", "place")


def upgrade() -> None:
    bytewise = sa.String(length=40, collation="C").with_variant(sa.String(length=40), "sqlite")
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", bytewise, nullable=False),
        sa.Column("shown", sa.String(length=40), nullable=False),
        sa.Column("fr", sa.String(length=40), nullable=False),
        sa.Column("en", sa.String(length=40), nullable=False),
        sa.Column("es", sa.String(length=40), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("headlines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("word", name=op.f("uq_search_word_word")),
        sqlite_autoincrement=True,
    )
    for column in ("fr", "en", "es"):
        op.create_index(op.f(f"ix_search_word_{column}"), "search_word", [column])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE post_fts USING fts5({', '.join(COLUMNS)},"
            " tokenize = 'unicode61 remove_diacritics 0')"
        )
        return
    texts = ", ".join(f"{column} text NOT NULL" for column in COLUMNS)
    op.execute(
        f"CREATE TABLE post_fts (post_id integer PRIMARY KEY, {texts}, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_post_fts_words ON post_fts USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE post_fts")
    op.drop_table("search_word")
