"""Suggestions by the real search server: in one request, never behind, and whole without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from board import news, search
from board.database import will_write
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from board.search import instep
from board.search.meili import Searcher
from board.search.served import Served
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient
from tests.search.conftest import Server, publish, served

PART = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#suggestions"}


@pytest.fixture
def board_app(sqlite_app: Flask, search_server: Server) -> Iterator[Flask]:
    """The board, searching by the server."""
    with served(sqlite_app, search_server) as app:
        yield app


def titles(typed: str) -> list[str]:
    """The titles that are suggested."""
    ids = search.current_engine().suggest_grouped(typed).posts
    rows = dict(db.session.execute(select(Post.id, Post.title).where(Post.id.in_(ids))).all())
    return [rows[each] for each in ids]


def test_one_request_asks_for_all_three_groups(
    app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("Perceuse à percussion", by=make_organisation(name="Les Perceurs"))
    asked: list[Any] = []
    real = Searcher.search

    def note(self: Searcher, queries: Any) -> Any:
        asked.append([each["indexUid"] for each in queries])
        return real(self, queries)

    monkeypatch.setattr(Searcher, "search", note)
    page = client.get("/fr/suggest?q=perceusse", headers=PART).get_data(as_text=True)
    assert "Perceuse à percussion" in page
    assert asked == [["test-posts", "test-organisations", "test-concepts"]]


def test_the_server_alone_forgives_typing_errors(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("Perceuse à percussion", by=make_organisation(name="Outilthèque du Canal"))
    engine = search.current_engine()
    monkeypatch.setattr("board.search.beginnings.find", lambda *_a, **_k: pytest.fail("not asked"))
    assert titles("perceusse") == ["Perceuse à percussion"]
    found = engine.suggest_grouped("outiltheqe").organisations
    assert db.session.get_one(Organisation, found[0]).name == "Outilthèque du Canal"


def test_what_the_server_has_not_heard_of_is_suggested_as_it_is(
    app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, gone = publish("Tronçonneuse", "Tronc commun")
    monkeypatch.setattr(instep, "pay", lambda _admin: 0)
    will_write()
    old.title, gone.withdrawn_at = "Débroussailleuse", NOW
    by = make_organisation(name="Tronçons et fils")
    make_post(by=by, title="Tronche de vie")
    news.commit()
    page = client.get("/fr/suggest?q=tron", headers=PART).get_data(as_text=True)
    assert "Tronche de vie" in page
    assert "Tronçons et fils" in page
    assert "Débroussailleuse" not in page
    assert "Tronc commun" not in page
    assert titles("debrou") == ["Débroussailleuse"]


def test_without_the_server_the_database_suggests(app: Flask, client: CheckedClient) -> None:
    publish("Perceuse à percussion", by=make_organisation(name="Les Perceurs"))
    nowhere = replace(app.config["BOARD"], meilisearch_url="http://127.0.0.1:1")
    app.extensions["board.search"] = away = Served("sqlite", nowhere)
    for typed in ("perc", "perceusse"):
        page = client.get(f"/fr/suggest?q={typed}", headers=PART).get_data(as_text=True)
        assert "Perceuse à percussion" in page
    assert not away.breaker.lets_through()
    found = away.suggest_grouped("perc")
    assert (len(found.posts), len(found.organisations)) == (1, 1)


def test_the_words_that_were_perhaps_meant_are_a_link_with_the_server_too(
    app: Flask, client: CheckedClient
) -> None:
    publish("Perceuse à percussion")
    page = client.get("/fr/?q=perceusse").get_data(as_text=True)
    assert '<a href="/fr/?q=perceuse">Vouliez-vous dire' in page
    assert "Recherche de secours" not in page
