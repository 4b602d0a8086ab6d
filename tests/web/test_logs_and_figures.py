"""What the operator is told says nothing about anybody; strangers are told nothing."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from board import logs, news
from board.config import Settings
from board.extensions import db
from board.mail import Mail
from tests.factories import make_post
from tests.pages import CheckedClient

TOKEN = "a token that is long enough for the figures of a board"
SECRETS = (
    "camille",
    "example.org",
    "zebrafone",
    "555-0199",
    "Un-mot-de-passe",
    "127.0.0.1",
    "10.9.8.7",
)


@pytest.fixture
def told(app: Flask) -> Iterator[list[str]]:
    """Every line that is logged, as it is written."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logs.JsonLines().format(record))

    handler, root = Kept(), logging.getLogger()
    levels = (root.level, logging.getLogger("board").level)
    root.addHandler(handler)
    root.setLevel("DEBUG")
    logging.getLogger("board").setLevel("DEBUG")
    yield lines
    root.removeHandler(handler)
    root.setLevel(levels[0])
    logging.getLogger("board").setLevel(levels[1])


@pytest.fixture
def with_settings(app: Flask) -> Iterator[Any]:
    """Change settings for the time of a test."""
    kept: Settings = app.config["BOARD"]

    def change(**values: Any) -> None:
        assert values.keys() <= {f.name for f in fields(Settings)}
        app.config["BOARD"] = replace(kept, **values)

    yield change
    app.config["BOARD"] = kept


def test_a_whole_journey_is_logged_without_a_trace_of_the_person(
    app: Flask, client: CheckedClient, told: list[str]
) -> None:
    account = {"name": "Camille", "email": "camille@example.org", "password": "Un-mot-de-passe-9",
               "terms": "y"}  # fmt: skip
    client.post("/fr/sign-up", data=account, environ_base={"REMOTE_ADDR": "10.9.8.7"})
    client.get("/fr/?q=zebrafone+555-0199")
    client.get("/camille@example.org/zebrafone")
    forgot = app.test_client().post("/fr/forgot", data={"email": "camille@example.org"})
    assert forgot.status_code < 400
    letters = db.session.query(Mail).all()
    links = [m for letter in letters for m in re.findall(r"https?://[^/\s]+(/\S+)", letter.text)]
    assert links
    for link in links:
        client.get(link)
    tokens = [part for link in links for part in re.findall(r"[\w-]{20,}", link)]
    assert tokens
    assert any(json.loads(line).get("rule") for line in told)
    for secret in (*SECRETS, *tokens):
        assert not [line for line in told if secret.lower() in line.lower()], secret


def test_a_request_is_one_line_of_json(client: CheckedClient, told: list[str]) -> None:
    post = make_post()
    news.commit()
    client.get(f"/fr/p/{post.uuid}?from=somewhere")
    (line,) = [said for text in told if "rule" in (said := json.loads(text))]
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["rule"] == "/<language:language>/p/<uuid:post_id>"
    assert len(line["request_id"]) == 16
    assert line["duration_ms"] > 0


def test_an_error_is_told_without_its_words(app: Flask, told: list[str]) -> None:
    try:
        raise ValueError("camille@example.org")
    except ValueError:
        logging.getLogger("board.test").exception("unexpected")
    line = json.loads(told[-1])
    assert (line["error"], line["message"]) == ("ValueError", "unexpected")
    assert "test_an_error_is_told" in line["trace"][-1]
    assert "camille" not in told[-1]


def figures(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Read the figures as Prometheus does."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.values()))] = sample.value
    return found


def test_figures_say_what_the_board_does(client: CheckedClient) -> None:
    make_post()
    make_post(published_at=None)
    db.session.add(
        Mail(recipient="a@example.org", language="fr", subject="s", text="t", message_id="m")
    )
    news.commit()
    before = figures(client.get("/metrics").get_data(as_text=True))
    client.get("/fr/")
    client.get("/nowhere-at-all")
    answer = client.get("/metrics")
    assert answer.headers["Cache-Control"] == "no-store"
    after = figures(answer.get_data(as_text=True))
    assert after["babillard_posts", ("published",)] == 1
    assert after["babillard_posts", ("draft",)] == 1
    assert after["babillard_mail_owed", ()] == 1
    name = "babillard_request_duration_seconds_count"
    for labels in (("/<language:language>/", "200", "GET"), ("404", "GET", "none")):
        key = (name, tuple(sorted(labels)))
        assert after[key] == before.get(key, 0) + 1, labels
    assert "nowhere" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_details_are_for_this_machine_or_the_token(
    client: CheckedClient, with_settings: Any, path: str
) -> None:
    def told(**request: Any) -> bool:
        text = client.get(path, **request).get_data(as_text=True)
        return "babillard_posts" in text or "checks" in text

    away = {"REMOTE_ADDR": "203.0.113.9"}
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert told()
    assert not told(environ_base=away)
    assert not told(headers={"X-Forwarded-For": "127.0.0.1"})
    assert not told(headers={"Forwarded": "for=127.0.0.1"})
    assert not told(environ_base=away, headers={"Authorization": "Bearer "})
    assert not told(environ_base=away, headers=bearer)
    with_settings(metrics_token=TOKEN)
    assert told(environ_base=away, headers=bearer)
    assert not told(environ_base=away, headers={"Authorization": f"Bearer {TOKEN}x"})


def test_a_proxy_on_this_machine_makes_nobody_local(
    client: CheckedClient, with_settings: Any
) -> None:
    with_settings(base_url="https://board.example.org")
    public = client.get("/metrics", base_url="https://board.example.org")
    assert public.status_code == 401
    assert client.get("/metrics", base_url="http://127.0.0.1:8000").status_code == 200
    assert client.get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200
    assert client.get("/fr/", base_url="http://127.0.0.1:8000").status_code == 400
    away = {"REMOTE_ADDR": "203.0.113.9"}
    assert (
        client.get("/metrics", base_url="http://127.0.0.1:8000", environ_base=away).status_code
        == 400
    )


def test_what_the_page_cache_answers_is_counted_and_told(
    client: CheckedClient, told: list[str]
) -> None:
    name = ("babillard_kept_answers_total", ("200",))
    before = figures(client.get("/metrics").get_data(as_text=True)).get(name, 0)
    for _ in range(3):
        assert client.get("/fr/terms?camille@example.org").status_code == 200
    after = figures(client.get("/metrics").get_data(as_text=True)).get(name, 0)
    kept = [line for line in map(json.loads, told) if line.get("rule") == "kept"]
    assert after - before == len(kept)
    assert kept, "nothing was kept"
    assert not [line for line in told if "camille" in line]
