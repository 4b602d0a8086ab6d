"""The words of public posts: counted as posts come and go, looked up, and kept by each worker."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from board import database, news
from board.database import is_writing
from board.extensions import db
from board.search.models import SearchWord
from board.search.text import Stems, stems

CHUNK = 400
Counts = Counter[str]


class Known(NamedTuple):
    """A word of the vocabulary."""

    word: str
    shown: str
    fr: str
    en: str
    es: str
    documents: int
    headlines: int


_columns = [getattr(SearchWord, name) for name in Known._fields]
_stamp_statement = select(
    func.count(SearchWord.id),
    func.max(SearchWord.id),
    select(SearchWord.word).order_by(SearchWord.id.desc()).limit(1).scalar_subquery(),
)
_ADD = (
    "UPDATE search_word SET documents = documents + {0}, headlines = headlines + {0}"
    " WHERE word = {0}"
)

# Written out: it is on the way of every search, and building it cost more than its answer.
_FAMILY = "SELECT {} FROM search_word WHERE {} ORDER BY id LIMIT {}"


def change(documents: Counts, headlines: Counts, shown: Mapping[str, str]) -> None:
    """Add to the counts (negative numbers take away); a word that nobody has any more goes."""
    changed = sorted({word for counts in (documents, headlines) for word, n in counts.items() if n})
    if not changed:
        return
    known = _which_exist(changed)
    more = [(documents[w], headlines[w], w) for w in changed if w in known]
    if more:
        connection = db.session.connection()
        connection.exec_driver_sql(_ADD.format(_hole(connection)), more)
    new = [_row(w, documents, headlines, shown) for w in changed if w not in known]
    if new:
        db.session.connection().execute(_upsert(), new)
    for chunk in _chunks([word for word in changed if documents[word] < 0]):
        db.session.execute(
            delete(SearchWord)
            .where(SearchWord.word.in_(chunk), SearchWord.documents <= 0)
            .execution_options(synchronize_session=False)
        )


def look_up(words: Collection[str]) -> dict[str, Known]:
    """Return those of the words that public posts hold."""
    if not words:
        return {}
    rows = db.session.execute(select(*_columns).where(SearchWord.word.in_(sorted(words))))
    return {row.word: Known(*row) for row in rows}


def family(words: Collection[str], also: Collection[str] = ()) -> dict[str, Known]:
    """Return the words themselves, `also`, and all that share a stem with one of the words."""
    held = {"word": sorted({*words, *also})}
    for language, found in zip(Stems._fields, zip(*map(stems, words), strict=True), strict=True):
        held[language] = sorted(set(found))
    connection = db.session.connection()
    hole = _hole(connection)
    either = " OR ".join(
        f"{name} IN ({', '.join([hole] * len(values))})" for name, values in held.items()
    )
    statement = _FAMILY.format(", ".join(Known._fields), either, CHUNK)
    values = tuple(value for each in held.values() for value in each)
    return {row[0]: Known(*row) for row in connection.exec_driver_sql(statement, values)}


def beginning_with(prefix: str, limit: int) -> list[Known]:
    """Return words of titles and concepts that begin so, the most frequent first."""
    statement = (
        select(*_columns)
        .where(SearchWord.word >= prefix, SearchWord.word < prefix + chr(0x10FFFF))
        .where(SearchWord.headlines > 0)
        .order_by(SearchWord.headlines.desc(), SearchWord.word)
        .limit(limit)
    )
    return [Known(*row) for row in db.session.execute(statement)]


class Vocabulary:
    """Every word, sorted, as this worker last read it; newer words are added when there are any."""

    def __init__(self) -> None:
        self._stamp: tuple[Any, ...] = (0, None, None)
        self._version: news.Version | None = None
        self._sorted: list[str] = []

    def words(self) -> list[str]:
        """Return all the words there are now."""
        if self._version is None or self._version != news.version():
            stamp = tuple(db.session.execute(_stamp_statement).one())
            if stamp != self._stamp:
                self._read(stamp)
            self._version = None if is_writing() else news.version()
        return self._sorted

    def forget(self) -> None:
        """Read everything again the next time: this worker changed it."""
        self._stamp, self._version = (0, None, None), None

    def has_beginning(self, prefix: str) -> bool:
        """Whether some word begins so (as last read)."""
        i = bisect_left(self._sorted, prefix)
        return i < len(self._sorted) and self._sorted[i].startswith(prefix)

    def _read(self, stamp: tuple[Any, ...]) -> None:
        count, _newest, _word = stamp
        last = self._stamp[1]
        if last is not None:
            new = db.session.scalars(select(SearchWord.word).where(SearchWord.id > last)).all()
            if len(self._sorted) + len(new) == count:
                self._sorted = sorted((*self._sorted, *new))
                self._stamp = stamp
                return
        self._sorted = sorted(db.session.scalars(select(SearchWord.word)))
        self._stamp = stamp


def _hole(connection: Connection) -> str:
    """Return how this database's driver writes a value to come."""
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _which_exist(words: list[str]) -> set[str]:
    """Ask for thousands of words as one value, told as one: this is on the way of every write."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        asked = (
            "SELECT json_group_array(word) FROM search_word"
            " WHERE word IN (SELECT value FROM json_each(?))"
        )
        return set(json.loads(connection.exec_driver_sql(asked, (json.dumps(words),)).scalar_one()))
    asked = "SELECT coalesce(array_agg(word), '{}') FROM search_word WHERE word = ANY(%s)"
    return set(connection.exec_driver_sql(asked, (words,)).scalar_one())


def _chunks(words: list[str]) -> Iterable[list[str]]:
    return (words[i : i + CHUNK] for i in range(0, len(words), CHUNK))


def _row(
    word: str, documents: Counts, headlines: Counts, shown: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "word": word,
        "shown": shown.get(word, word)[:40],
        **stems(word)._asdict(),
        "documents": documents[word],
        "headlines": headlines[word],
    }


def _upsert() -> Any:
    """Insert words; another transaction may have just inserted the same."""
    statement = database.insert(SearchWord)
    return statement.on_conflict_do_update(
        index_elements=[SearchWord.word],
        set_={
            "documents": SearchWord.documents + statement.excluded.documents,
            "headlines": SearchWord.headlines + statement.excluded.headlines,
        },
    )
