"""The two ways in which one plan is asked: SQLite's FTS5 and PostgreSQL's tsvector."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    select,
    table,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.engine import Connection

from board.search.documents import COLUMNS, Document
from board.search.plan import Group, Match, Phrase, Tier

GAP = 20
LAST_POSITION = 16_000
LEVELS = (("title",), ("title", "tags"), ("title", "tags", "organisation"), COLUMNS)
STEPS = len(LEVELS)
WEIGHTS = {"title": 10.0, "tags": 6.0, "organisation": 4.0, "body": 1.0, "place": 3.0}
_LETTERS = {"title": "A", "tags": "B", "organisation": "C", "place": "D", "body": "D"}


class Ask(NamedTuple):
    """A match in some columns, but not by another; what is found has that place in an order."""

    place: int
    match: Match
    columns: Sequence[str] = COLUMNS
    unless: Match | None = None


def by_level(tiers: Sequence[Tier]) -> list[Ask]:
    """Ask for tiers; in each, first what the columns that say most have together."""
    return [
        Ask(tier.number * STEPS + level, tier.match, columns)
        for tier in tiers
        for level, columns in enumerate(LEVELS)
    ]


class Dialect(ABC):
    """What differs between the two databases."""

    key: str
    _inside: str

    def __init__(self) -> None:
        self.table = table("post_fts", column(self.key, Integer), *map(column, COLUMNS))
        self.post_id = self.table.c[self.key]

    @abstractmethod
    def expression(self, match: Match) -> str:
        """Write a match in the words of this database; every word is quoted."""

    @abstractmethod
    def matches(self, match: Match) -> ColumnElement[bool]:
        """A row of the index matches."""

    @abstractmethod
    def in_titles(self, match: Match) -> ColumnElement[bool]:
        """A row matches by its title alone."""

    @abstractmethod
    def score(self, match: Match) -> ColumnElement[float]:
        """How well it does; more is better."""

    @abstractmethod
    def among(self, post_id: Any, ids: Collection[int]) -> ColumnElement[bool]:
        """An id is one of many, given as one value."""

    @abstractmethod
    def _given(self, ids: list[int]) -> Any:
        """Many ids as the driver takes them as one value."""

    @abstractmethod
    def insert(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Write documents."""

    def old(self, connection: Connection, ids: Collection[int]) -> list[Any]:
        """Return the columns that are held for these posts."""
        held = ", ".join((self.key, *COLUMNS))
        asked = f"SELECT {held} FROM post_fts WHERE {self._inside} ORDER BY {self.key}"  # noqa: S608
        return list(connection.exec_driver_sql(asked, (self._given(sorted(ids)),)))

    def delete(self, connection: Connection, ids: Collection[int]) -> None:
        """Forget rows."""
        connection.execute(
            text(f"DELETE FROM post_fts WHERE {self.key} = :id"),  # noqa: S608
            [{"id": post_id} for post_id in sorted(ids)],
        )

    @abstractmethod
    def matches_in(self, match: Match, columns: Sequence[str]) -> ColumnElement[bool]:
        """A row matches by these columns together."""

    def places(self, connection: Connection, asked: Sequence[Ask]) -> dict[int, int]:
        """Return the place of each post that is found, the first of those it is found at."""
        selects = [
            select(literal(ask.place, Integer).label("place"), self.post_id.label("post_id")).where(
                self.matches_in(ask.match, ask.columns),
                true() if ask.unless is None else not_(self.matches(ask.unless)),
            )
            for ask in asked
        ]
        every = union_all(*selects).subquery()
        first = select(every.c.post_id, func.min(every.c.place)).group_by(every.c.post_id)
        return {row[0]: row[1] for row in connection.execute(first)}

    def rows(self, asked: Sequence[Ask]) -> Any:
        """A select of (place, post id), the first of those it is found at."""
        selects = [
            select(literal(ask.place, Integer).label("place"), self.post_id.label("post_id")).where(
                self.matches_in(ask.match, ask.columns)
            )
            for ask in asked
        ]
        every = union_all(*selects).subquery()
        place = func.min(every.c.place).label("place")
        return select(place, every.c.post_id).group_by(every.c.post_id).subquery()


def _joined(match: Match, either: str, both: str, phrase: Any) -> str:
    def group(alternatives: Group) -> str:
        return "(" + either.join(phrase(each) for each in alternatives) + ")"

    return either.join("(" + both.join(map(group, conj)) + ")" for conj in match)


class Fts5(Dialect):
    """SQLite: a virtual table beside the data."""

    key = "rowid"
    _inside = "rowid IN (SELECT value FROM json_each(?))"

    def expression(self, match: Match) -> str:
        """Words in double quotes; `+` puts them side by side."""
        return _joined(match, " OR ", " AND ", _fts5_phrase)

    def matches(self, match: Match) -> ColumnElement[bool]:
        """MATCH takes its words as one bound value."""
        asked = bindparam(None, self.expression(match), String)
        return literal_column("post_fts").op("MATCH", is_comparison=True)(asked)

    def in_titles(self, match: Match) -> ColumnElement[bool]:
        """FTS5 can be asked about one column."""
        return self.matches_in(match, ("title",))

    def matches_in(self, match: Match, columns: Sequence[str]) -> ColumnElement[bool]:
        """FTS5 can be asked about some columns."""
        asked = bindparam(None, self._in_columns(match, columns), String)
        return literal_column("post_fts").op("MATCH", is_comparison=True)(asked)

    def places(self, connection: Connection, asked: Sequence[Ask]) -> dict[int, int]:
        """Written out: SQLAlchemy takes longer to build it than SQLite to answer it."""
        selects = (
            f"SELECT {ask.place} AS place, rowid AS post_id FROM post_fts WHERE post_fts MATCH ?"  # noqa: S608
            for ask in asked
        )
        statement = (
            f"SELECT post_id, min(place) FROM ({' UNION ALL '.join(selects)}) GROUP BY post_id"  # noqa: S608
        )
        values = tuple(self._written(ask) for ask in asked)
        return {row[0]: row[1] for row in connection.exec_driver_sql(statement, values)}

    def _written(self, ask: Ask) -> str:
        held = self._in_columns(ask.match, ask.columns)
        return held if ask.unless is None else f"({held}) NOT ({self.expression(ask.unless)})"

    def _in_columns(self, match: Match, columns: Sequence[str]) -> str:
        held = self.expression(match)
        return held if columns == COLUMNS else "{" + " ".join(columns) + "} : (" + held + ")"

    def score(self, match: Match) -> ColumnElement[float]:  # noqa: ARG002
        """FTS5's bm25 is better when smaller."""
        weights = ", ".join(str(WEIGHTS[name]) for name in COLUMNS)
        return literal_column(f"-bm25(post_fts, {weights})")

    def among(self, post_id: Any, ids: Collection[int]) -> ColumnElement[bool]:
        """One JSON value, however many ids."""
        given = func.json_each(json.dumps(sorted(ids))).table_valued("value")
        inside: ColumnElement[bool] = post_id.in_(select(given.c.value))
        return inside

    def _given(self, ids: list[int]) -> str:
        return json.dumps(ids)

    def insert(self, connection: Connection, documents: Sequence[Document]) -> None:
        """The post's id is the row's."""
        names = ", ".join(COLUMNS)
        values = ", ".join(f":{name}" for name in COLUMNS)
        connection.execute(
            text(f"INSERT INTO post_fts (rowid, {names}) VALUES (:id, {values})"),  # noqa: S608
            [{"id": each.post_id, **_texts(each)} for each in documents],
        )


class Tsvector(Dialect):
    """PostgreSQL: a table with a vector that we write ourselves, so that both split words alike."""

    key = "post_id"
    _inside = "post_id = ANY(%s)"

    def __init__(self) -> None:
        super().__init__()
        self.words: ColumnElement[Any] = literal_column("post_fts.words")

    def expression(self, match: Match) -> str:
        """Words in single quotes; `<->` puts them side by side."""
        return _joined(match, " | ", " & ", _tsquery_phrase)

    def matches(self, match: Match) -> ColumnElement[bool]:
        """The GIN index answers it."""
        return self.words.op("@@", is_comparison=True)(self._asked(match))

    def in_titles(self, match: Match) -> ColumnElement[bool]:
        """A title's words carry the letter A."""
        in_title = func.ts_filter(self.words, literal_column("'{a}'::\"char\"[]"))
        return and_(self.matches(match), in_title.op("@@", is_comparison=True)(self._asked(match)))

    def matches_in(self, match: Match, columns: Sequence[str]) -> ColumnElement[bool]:
        """Each word says in which columns it counts (the text and the place share a letter)."""
        letters = "".join(dict.fromkeys(_LETTERS[name] for name in columns))
        return self.words.op("@@", is_comparison=True)(self._asked(match, letters))

    def score(self, match: Match) -> ColumnElement[float]:
        """The weights of (body, place), organisation, tags and title."""
        weights: ColumnElement[Any] = literal_column("'{0.1, 0.35, 0.6, 1.0}'::float4[]")
        return func.ts_rank(weights, self.words, self._asked(match))

    def among(self, post_id: Any, ids: Collection[int]) -> ColumnElement[bool]:
        """One array, however many ids."""
        given = bindparam(None, sorted(ids), ARRAY(Integer))
        inside: ColumnElement[bool] = post_id == func.any(cast(given, ARRAY(Integer)))
        return inside

    def _given(self, ids: list[int]) -> list[int]:
        return ids

    def insert(self, connection: Connection, documents: Sequence[Document]) -> None:
        """A reader of the same post may have written it at the same time: the last one stays."""
        names = ", ".join(COLUMNS)
        values = ", ".join(f":{name}" for name in COLUMNS)
        kept = ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS, "words"))
        connection.execute(
            text(
                f"INSERT INTO post_fts (post_id, {names}, words)"  # noqa: S608
                f" VALUES (:id, {values}, CAST(:words AS tsvector))"
                f" ON CONFLICT (post_id) DO UPDATE SET {kept}"
            ),
            [{"id": e.post_id, "words": vector(e), **_texts(e)} for e in documents],
        )

    def _asked(self, match: Match, letters: str = "") -> ColumnElement[Any]:
        asked = _joined(match, " | ", " & ", lambda phrase: _tsquery_phrase(phrase, letters))
        return cast(literal(asked, String), TSQUERY)


def dialect_of(name: str) -> Dialect:
    """Return the dialect of a database."""
    return Fts5() if name == "sqlite" else Tsvector()


def vector(document: Document) -> str:
    """Write a tsvector: words with their positions and weights, a gap between the columns."""
    places: dict[str, list[str]] = {}
    position = 1
    columns = document.columns()
    for name, letter in _LETTERS.items():
        for word in columns[name]:
            places.setdefault(word, []).append(f"{min(position, LAST_POSITION)}{letter}")
            position += 1
        position += GAP
    return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())


def _texts(document: Document) -> dict[str, str]:
    return {name: " ".join(words) for name, words in document.columns().items()}


def _fts5_phrase(phrase: Phrase) -> str:
    return " + ".join(f'"{term.text}"{" *" * term.prefix}' for term in phrase)


def _tsquery_phrase(phrase: Phrase, letters: str = "") -> str:
    ends = [":" * bool(letters or term.prefix) + "*" * term.prefix + letters for term in phrase]
    pieces = (f"'{term.text}'{end}" for term, end in zip(phrase, ends, strict=True))
    return "(" + " <-> ".join(pieces) + ")"
