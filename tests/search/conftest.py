"""What every test of the search asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from board import news, search
from board.database import writing
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Reader
from board.search import instep
from board.search.engine import Results
from board.search.filters import parse
from board.search.indexes import CONCEPTS, ORGANISATIONS, POSTS
from board.search.meili import Admin
from board.search.served import Served
from board.search.server_documents import documents
from board.taxonomy.models import Concept, Place
from tests.factories import make_organisation, make_post
from tests.servers import Meilisearch

MEMBER = Reader(is_member=True)
VISITOR = Reader()
Find = Callable[..., Results]


class Server(NamedTuple):
    """Where a search server answers, and its admin key."""

    url: str
    key: str


@pytest.fixture(scope="session")
def search_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real search server for the run, or the one that the environment names."""
    if url := os.environ.get("BABILLARD_TEST_MEILISEARCH_URL"):
        yield Server(url, os.environ.get("BABILLARD_TEST_MEILISEARCH_KEY", ""))
        return
    try:
        server = Meilisearch(tmp_path_factory.mktemp("meilisearch"))
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    server.start()
    yield Server(server.url, server.key)
    server.kill()


@contextmanager
def served(app: Flask, server: Server) -> Iterator[Flask]:
    """Let an application search by a server for a while; each commit is told to it at once."""
    before, engine = app.config["BOARD"], app.extensions["board.search"]
    app.config["BOARD"] = replace(before, meilisearch_url=server.url, meilisearch_key=server.key,
                                  meilisearch_index="test")  # fmt: skip
    app.extensions["board.search"] = Served("sqlite", app.config["BOARD"])
    instep.listen()
    with app.app_context(), writing():
        admin = instep.admin()
        _empty(admin)
        instep.note(None)

    def tell(_news: news.News) -> None:
        instep.pay(admin)

    news.is_told(tell)
    try:
        yield app
    finally:
        news._after_commit.remove(tell)
        app.config["BOARD"], app.extensions["board.search"] = before, engine


def _empty(admin: Admin) -> None:
    """Make the indexes the first time, then forget what the last test told of posts and names."""
    if admin.count(instep.uid_of(POSTS)) is None:
        instep.set_up(admin)
    instep.keep_search_key(admin)  # another server's tests may have kept theirs in this folder
    for index in (POSTS, ORGANISATIONS):
        admin.remove(instep.uid_of(index), [i for i, _v in admin.versions(instep.uid_of(index))])
    known = documents(CONCEPTS)
    if dict(admin.versions(instep.uid_of(CONCEPTS))) != {
        row["id"]: row["version"] for row in known
    }:
        admin.put(instep.uid_of(CONCEPTS), known)


CONTRACT = {
    "test_words", "test_marks", "test_lists", "test_filters", "test_index", "test_suggest_grouped",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The search server runs the tests of the contract; pages and maps need it no third time."""
    items[:] = [
        item
        for item in items
        if not isinstance(item, pytest.Function)
        or getattr(item, "callspec", None) is None
        or item.callspec.params.get("board_app") != "meilisearch"
        or item.path.stem in CONTRACT
    ]


@pytest.fixture(params=["sqlite", "postgresql", "meilisearch"])
def board_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with each engine in turn: the embedded one on both databases, the server."""
    if request.param != "meilisearch":
        yield request.getfixturevalue(f"{request.param}_app")
        return
    server: Server = request.getfixturevalue("search_server")
    with served(request.getfixturevalue("sqlite_app"), server) as app:
        yield app
        engine = app.extensions["board.search"]
        assert engine.breaker.is_closed, "the embedded engine answered in the server's place"


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
