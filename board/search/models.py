"""The words of public posts, counted, and what the worker last saw of the search server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from board.extensions import Model
from board.search.text import LONGEST_WORD

_BYTEWISE = String(LONGEST_WORD, collation="C").with_variant(String(LONGEST_WORD), "sqlite")


class SearchWord(Model):
    """A word of at least one public post; it goes when the last of them goes."""

    __tablename__ = "search_word"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(_BYTEWISE, unique=True)
    shown: Mapped[str] = mapped_column(String(LONGEST_WORD))
    fr: Mapped[str] = mapped_column(String(LONGEST_WORD), index=True)
    en: Mapped[str] = mapped_column(String(LONGEST_WORD), index=True)
    es: Mapped[str] = mapped_column(String(LONGEST_WORD), index=True)
    documents: Mapped[int]
    headlines: Mapped[int]


class SearchServer(Model):
    """An index of the search server as the worker last found it; with a problem nobody asks it.

    `seen_at` is when it was looked at; of a problem that lasts, when that was first seen.
    `told_until` is the end of the lease of the one worker that tells it what changed.
    """

    __tablename__ = "search_server"

    index_uid: Mapped[str] = mapped_column(String(60), primary_key=True)
    problem: Mapped[str | None] = mapped_column(String(200))
    seen_at: Mapped[datetime | None]
    told_until: Mapped[datetime | None]
