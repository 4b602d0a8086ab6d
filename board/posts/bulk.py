"""Posts put up many at a time: what `services` does for one, said in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from board import news
from board.clock import now
from board.extensions import db
from board.folding import fold
from board.posts import queries
from board.posts.models import Line, Post, PostEvent, PostRevision, PostTag
from board.posts.rules import Event
from board.posts.values import LineValues, PostValues, end_of, snapshot

Row = dict[str, Any]
WORDS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to put up: its words, its details as everybody may read them, its name elsewhere."""

    values: PostValues
    body_html: str
    external_id: str


def publish(posts: Sequence[NewPost], *, organisation_id: int, timezone: str) -> dict[str, int]:
    """Put posts up in the name of an organisation; return the id of each external id.

    Every line has its uuid already. The news is noted: indexes and versions follow at the commit.
    """
    at = now()
    table = Post.__table__
    statement = insert(table).returning(table.c.external_id, table.c.id)  # type: ignore[arg-type]
    rows = [_post(one, at, timezone) | {"organisation_id": organisation_id} for one in posts]
    ids = {str(key): post_id for key, post_id in db.session.execute(statement, rows)}
    written = [(ids[one.external_id], one.values) for one in posts]
    categories = _ids_of_categories(posts)
    concepts = _ids_of_tags(posts)
    insert_rows(Line, (row for key, one in written for row in _lines(key, one, at, categories)))
    insert_rows(PostTag, (row for key, one in written for row in _tags(key, one, concepts)))
    insert_rows(
        PostEvent, ({"post_id": key, "event": Event.PUBLISHED, "at": at} for key in ids.values())
    )
    insert_rows(PostRevision, (_revision(key, one, at) for key, one in written))
    news.note("post", ids.values())
    return ids


def insert_rows(model: type[Any], rows: Iterable[Row]) -> None:
    """Write rows by one statement; through the table, for the mapper would sort them by gaps."""
    values = list(rows)
    if values:
        db.session.execute(insert(model.__table__), values)


def _post(one: NewPost, at: datetime, timezone: str) -> Row:
    values = one.values
    return {
        "uuid": uuid4(),
        "created_at": at,
        "purpose": values.purpose,
        "title": values.title,
        "sentence": "",
        "body_md": values.body,
        "body_html": one.body_html,
        "language": values.language,
        "place_id": values.place_id,
        "timezone": timezone,
        "audience": values.audience,
        "published_at": at,
        "confirmed_at": at,
        "ranked_at": at,
        "expires_at": end_of(values.expires_on, timezone),
        "external_id": one.external_id,
    }


def _lines(
    post_id: int, values: PostValues, at: datetime, categories: dict[str, int]
) -> Iterator[Row]:
    for position, line in enumerate(values.lines):
        row = {name: getattr(line, name) for name in LineValues.__slots__}
        del row["category"], row["closed"]
        yield row | {
            "post_id": post_id,
            "created_at": at,
            "position": position,
            "category_id": categories.get(line.category or ""),
        }


def _tags(post_id: int, values: PostValues, concepts: dict[str, int]) -> Iterator[Row]:
    tags = {fold(tag)[:60]: tag for tag in reversed(values.tags)}
    for folded, text in reversed(tags.items()):
        yield {
            "post_id": post_id,
            "text": text,
            "folded": folded,
            "concept_id": concepts.get(folded),
        }


def _revision(post_id: int, values: PostValues, at: datetime) -> Row:
    row = {"post_id": post_id, "edit_version": 1, "created_at": at}
    return row | {"snapshot": snapshot(values)}


def _ids_of_categories(posts: Sequence[NewPost]) -> dict[str, int]:
    keys = sorted({line.category for one in posts for line in one.values.lines if line.category})
    found: dict[str, int] = {}
    for some in _some(keys):
        found |= {key: row.id for key, row in queries.categories_by_key(some).items()}
    return found


def _ids_of_tags(posts: Sequence[NewPost]) -> dict[str, int]:
    words = sorted({fold(tag)[:60] for one in posts for tag in one.values.tags})
    found: dict[str, int] = {}
    for some in _some(words):
        found |= queries.concepts_called(some)
    return found


def _some(words: list[str]) -> Iterator[list[str]]:
    return (words[at : at + WORDS_AT_ONCE] for at in range(0, len(words), WORDS_AT_ONCE))
