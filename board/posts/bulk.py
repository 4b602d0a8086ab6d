"""Posts put up many at a time: what `services` does for one, said in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Insert, Table, insert

from board import news
from board.clock import now
from board.extensions import db
from board.folding import fold
from board.posts.models import Line, Post, PostEvent, PostRevision, PostTag
from board.posts.rules import Event
from board.posts.values import LineValues, PostValues, end_of, snapshot
from board.taxonomy.rules import Catalogue, Form, Scheme

Row = dict[str, Any]
_INSERT = insert(Post.__table__).returning(Post.external_id, Post.id)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to put up, as rows that lack only its id: made before the transaction."""

    external_id: str
    post: Row
    lines: tuple[Row, ...]
    tags: tuple[Row, ...]
    snapshot: Row


def ready(
    values: PostValues, body_html: str, external_id: str, *, timezone: str, known: Catalogue
) -> NewPost:
    """Make the rows of a post: its words, its details as everybody may read them, its name there.

    Every line has its uuid already.
    """
    at = now()
    categories, concepts = _ids(known)
    return NewPost(
        external_id,
        _post(values, at, timezone) | {"body_html": body_html, "external_id": external_id},
        tuple(_lines(values, at, categories)),
        tuple(_tags(values, concepts)),
        snapshot(values),
    )


def publish(posts: Sequence[NewPost], *, organisation_id: int) -> dict[str, int]:
    """Put posts up in the name of an organisation; return the id of each external id.

    The news is noted: indexes and versions follow at the commit.
    """
    at = now()
    rows = [one.post | {"organisation_id": organisation_id} for one in posts]
    ids = {str(key): post_id for key, post_id in db.session.connection().execute(_INSERT, rows)}
    written = [(ids[one.external_id], one) for one in posts]
    insert_rows(Line, (row | {"post_id": key} for key, one in written for row in one.lines))
    insert_rows(PostTag, (row | {"post_id": key} for key, one in written for row in one.tags))
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
        db.session.connection().execute(_insert(model.__table__), values)


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


def _post(values: PostValues, at: datetime, timezone: str) -> Row:
    return {
        "uuid": uuid4(),
        "created_at": at,
        "purpose": values.purpose,
        "title": values.title,
        "sentence": "",
        "body_md": values.body,
        "language": values.language,
        "place_id": values.place_id,
        "timezone": timezone,
        "audience": values.audience,
        "published_at": at,
        "confirmed_at": at,
        "ranked_at": at,
        "expires_at": end_of(values.expires_on, timezone),
    }


def _lines(values: PostValues, at: datetime, categories: Mapping[str, int]) -> Iterator[Row]:
    for position, line in enumerate(values.lines):
        row = {name: getattr(line, name) for name in LineValues.__slots__}
        del row["category"], row["closed"]
        yield row | {
            "created_at": at,
            "position": position,
            "category_id": categories.get(line.category or ""),
        }


def _tags(values: PostValues, concepts: Mapping[str, int]) -> Iterator[Row]:
    tags = {fold(tag)[:60]: tag for tag in reversed(values.tags)}
    for folded, text in reversed(tags.items()):
        yield {"text": text, "folded": folded, "concept_id": concepts.get(folded)}


def _revision(post_id: int, one: NewPost, at: datetime) -> Row:
    row = {"post_id": post_id, "edit_version": 1, "created_at": at}
    return row | {"snapshot": one.snapshot}


@lru_cache(maxsize=2)
def _ids(known: Catalogue) -> tuple[dict[str, int], dict[str, int]]:
    """The categories by their keys, and the concepts in use by every word (as `queries` tells)."""
    terms = known.by_id.values()
    categories = {term.key: term.id for term in terms if term.scheme == Scheme.CATEGORY}
    words: dict[str, int] = {}
    for form in (Form.ALTERNATIVE, Form.PREFERRED):
        for term in sorted(terms, key=lambda one: -one.id):
            named = (label for label in term.labels if label.form is form and not term.retired)
            words |= {fold(label.text): term.id for label in named}
    return categories, words
