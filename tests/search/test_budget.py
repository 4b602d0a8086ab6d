"""Searching is limited by what it costs, for all workers together; what is kept is free."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from board import clock, news
from board.accounts import budget
from board.accounts.models import RateWindow
from board.extensions import db
from tests.conftest import NOW
from tests.factories import make_post
from tests.pages import CheckedClient


@pytest.fixture(autouse=True)
def _nobody_owes() -> Iterator[None]:
    budget._owed.clear()
    budget._closed.clear()
    yield
    budget._owed.clear()
    budget._closed.clear()


def rows() -> int:
    """How many counters there are."""
    return db.session.scalar(select(func.count()).select_from(RateWindow)) or 0


@pytest.fixture
def _poor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every search is written down, and any is too much."""
    monkeypatch.setattr(budget, "PART_MS", 0)
    monkeypatch.setattr(budget, "BUDGET_MS", -1)


@pytest.mark.usefixtures("_poor")
def test_a_network_that_spent_its_minute_waits_for_the_next(client: CheckedClient) -> None:
    make_post(title="Chaises")
    news.commit()
    assert client.get("/fr/?q=chaises").status_code == 200
    refused = client.get("/fr/?q=tables")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Attendez" in refused.get_data(as_text=True)
    program = client.get("/api/v1/posts?q=tables")
    assert program.status_code == 429
    assert program.mimetype == "application/problem+json"
    assert "Retry-After" in program.headers
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get("/fr/?q=tables", environ_overrides=elsewhere).status_code == 200
    clock.fix(NOW + timedelta(minutes=1))
    assert client.get("/fr/?q=tables").status_code == 200


@pytest.mark.usefixtures("_poor")
def test_what_is_kept_is_free_even_then(client: CheckedClient) -> None:
    make_post(title="Chaises")
    news.commit()
    client.get("/fr/?q=chaises")
    before = rows()
    assert client.get("/fr/?q=chaises").status_code == 200
    assert rows() == before
    assert client.get("/fr/about").status_code == 200


def test_cheap_searches_write_nothing(app: Flask, client: CheckedClient) -> None:
    make_post(title="Chaises")
    news.commit()
    for n in range(3):
        assert client.get(f"/fr/?page={n + 1}&per_page=1").status_code in {200, 400}
    assert rows() == 0


@pytest.mark.usefixtures("_poor")
def test_what_is_looked_for_while_one_writes_is_counted_too(client: CheckedClient) -> None:
    assert client.get("/fr/publish/similar?sentence=chaises&purpose=need").status_code == 200
    assert client.get("/fr/publish/similar?sentence=tables&purpose=need").status_code == 429


@pytest.mark.usefixtures("_poor")
def test_workers_count_together(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/fr/?q=un")
    spent = db.session.scalar(select(RateWindow.hits)) or 0
    db.session.rollback()
    budget._closed.clear()  # another worker, which knows nothing of the first
    monkeypatch.setattr(budget, "BUDGET_MS", spent)
    client.get("/fr/?q=deux")
    assert client.get("/fr/?q=trois").status_code == 429
