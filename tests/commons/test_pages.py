"""The pages that say what the board is: anybody reads them, in each language."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask

from board.extensions import db
from tests.factories import make_person
from tests.pages import CheckedClient, parse, sign_in

PAGES = ["about", "terms", "privacy", "accessibility", "open-data"]


@pytest.mark.parametrize("language", ["fr", "en", "es"])
@pytest.mark.parametrize("page", PAGES)
def test_anybody_reads_it(client: CheckedClient, page: str, language: str) -> None:
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert client.post(f"/{language}/{page}").status_code == 405


def test_a_signed_in_person_reads_it_too(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    sign_in(client, ana)
    assert all(client.get(f"/fr/{page}").status_code == 200 for page in PAGES)


def test_privacy_names_who_is_responsible_when_the_settings_do(
    app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "pas encore nommé" in client.get("/fr/privacy").get_data(as_text=True)
    named = dataclasses.replace(
        app.config["BOARD"], responsible_person="Ana B.", responsible_email="ana@example.org"
    )
    monkeypatch.setitem(app.config, "BOARD", named)
    page = client.get("/fr/privacy").get_data(as_text=True)
    assert "Ana B." in page
    assert "mailto:ana@example.org" in page


def test_the_example_of_open_data_answers(client: CheckedClient) -> None:
    tree = parse(client.get("/fr/open-data").get_data(as_text=True))
    links = [a.get("href", "") for a in tree.iter("a")]
    example = next(link for link in links if link.startswith("/api/v1/posts"))
    answer = client.get(example)
    assert answer.status_code == 200
    assert "items" in answer.get_json()


def test_the_licence_is_linked(client: CheckedClient) -> None:
    for page in ("terms", "open-data"):
        assert 'rel="license"' in client.get(f"/fr/{page}").get_data(as_text=True)
