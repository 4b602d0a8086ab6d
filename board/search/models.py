"""The words of public posts, counted: what typos are read against and suggestions come from."""

from __future__ import annotations

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
