"""What every test of the search asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from board import news, search
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Reader
from board.search.engine import Results
from board.search.filters import parse
from board.taxonomy.models import Concept, Place
from tests.factories import make_organisation, make_post

MEMBER = Reader(is_member=True)
VISITOR = Reader()
Find = Callable[..., Results]


@pytest.fixture
def find(app: Flask) -> Find:
    """Search by the arguments of an address."""

    def ask(q: str = "", *, reader: Reader = VISITOR, **args: Any) -> Results:
        values = MultiDict(
            (name.rstrip("_"), str(value))
            for name, each in {"q": q, **args}.items()
            for value in (each if isinstance(each, list) else [each])
        )
        return search.current_engine().search(parse(values), reader=reader)

    return ask


def publish(*titles: str, by: Organisation | None = None, **values: Any) -> list[Post]:
    """Publish posts whose words are their title alone, and commit."""
    by = by or make_organisation(name="Zxorganisme")
    values.setdefault("lines", [{"title": "zxligne"}])
    posts = [make_post(title=title, by=by, **values) for title in titles]
    news.commit()
    return posts


def titles(results: Results) -> list[str]:
    """The titles that were found, in order."""
    ids = [hit.post_id for hit in results.hits]
    rows = dict(db.session.execute(select(Post.id, Post.title).where(Post.id.in_(ids))).all())
    return [rows[post_id] for post_id in ids]


def concept(key: str) -> int:
    """The id of a concept."""
    return db.session.scalars(select(Concept.id).where(Concept.key == key)).one()


def place(name: str) -> Place:
    """The largest place of that name."""
    found = db.session.scalars(
        select(Place).where(Place.name == name).order_by(Place.population.desc(), Place.id)
    ).first()
    assert found is not None, name
    return found


def ids(posts: Iterable[Post]) -> set[int]:
    """The ids of posts."""
    return {post.id for post in posts}


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that the database is asked."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
