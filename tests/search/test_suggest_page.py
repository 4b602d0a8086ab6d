"""The list under the search field, and the board's « Vouliez-vous dire … ? »."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from board import news
from board.posts.rules import Audience, Purpose
from board.search.engine import Suggested
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, sign_in
from tests.search.conftest import concept, counted, publish

PART = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#suggestions"}


def suggestions(client: CheckedClient, q: str, **args: Any) -> str:
    """The list as it is sent."""
    answer = client.get("/fr/suggest", query_string={"q": q, **args}, headers=PART)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def links(page: str) -> list[str]:
    """Where the options lead."""
    return [html.unescape(each) for each in re.findall(r'role="option"[^>]* href="([^"]+)"', page)]


def some_posts() -> None:
    """Something of each group that goes on from « cha »."""
    by = make_organisation(slug="chaland", name="Le Chaland")
    lines = [{"title": "Chaises", "category_id": concept("chairs")}]
    make_post(by=by, title="Chaises pliantes", lines=lines, purpose=Purpose.NEED)
    make_post(by=by, title="Chaises de jardin", lines=lines)
    news.commit()


def test_posts_organisations_and_categories_are_grouped(client: CheckedClient) -> None:
    some_posts()
    page = suggestions(client, "cha")
    for title in ("Annonces", "Organisations", "Catégories"):
        assert f">{title}</li>" in page
    assert page.index("Chaises de jardin") < page.index("Chaises pliantes")
    assert "Besoin · Le Chaland" in page
    assert "/fr/organisations/chaland" in links(page)
    assert "/fr/?category=chairs" in links(page)
    assert 'data-said="4 suggestions"' in page or 'data-said="5 suggestions"' in page
    for path in links(page):
        assert client.get(path).status_code == 200


def test_a_category_keeps_the_other_filters_and_drops_the_letters(client: CheckedClient) -> None:
    some_posts()
    page = suggestions(client, "cha", purpose="need", sort="relevance", page="1")
    (path,) = [each for each in links(page) if "category" in each]
    assert parse_qs(urlsplit(path).query) == {"category": ["chairs"], "purpose": ["need"]}
    assert "1 annonce" in page
    near = suggestions(client, "cha", place="Gaspé", radius_km="10")
    assert not [each for each in links(near) if "category" in each], "nothing there: not proposed"
    on_map = suggestions(client, "cha", map="1")
    assert "/fr/map?category=chairs" in links(on_map)


def test_the_language_filter_is_not_the_language_of_the_page(client: CheckedClient) -> None:
    some_posts()
    category = [each for each in links(suggestions(client, "cha", language="fr")) if "cat" in each]
    assert [parse_qs(urlsplit(each).query)["language"] for each in category] == [["fr"]]
    board = client.get("/en/?language=fr&purpose=need").get_data(as_text=True)
    addresses = {
        html.unescape(each) for each in re.findall(r'href="(/[^"]*language=fr[^"]*)"', board)
    }
    assert "/en/?language=fr" in addresses
    assert "/es/?language=fr&purpose=need" in addresses
    assert "/en/map?purpose=need&language=fr" in addresses
    assert not [each for each in addresses if client.get(each).status_code != 200]


def test_a_category_that_nothing_carries_is_not_suggested(client: CheckedClient) -> None:
    publish("Autre chose")
    assert not links(suggestions(client, "chaises"))


def test_a_stale_answer_of_an_engine_shows_nothing_hidden(
    app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, unlisted = make_organisation(name="Montrée"), make_organisation(unlisted_at=NOW)
    hidden = make_post(title="Cachée", hidden_at=NOW, by=shown)
    mine = make_post(title="Des membres", audience=Audience.MEMBERS, by=shown)
    news.commit()
    stale = Suggested(
        (hidden.id, mine.id, 10**6), (unlisted.id, shown.id, 10**6), (concept("drill"), 10**6)
    )
    monkeypatch.setattr(app.extensions["board.search"], "suggest_grouped", lambda *_a, **_k: stale)
    page = suggestions(client, "cac")
    assert "Cachée" not in page
    assert "Des membres" not in page
    assert links(page) == [f"/fr/organisations/{shown.slug}"]


def test_a_member_is_suggested_what_is_public_too(client: CheckedClient) -> None:
    person = make_person()
    by = make_organisation(responsible=person)
    make_post(by=by, title="Chaises des membres", audience=Audience.MEMBERS)
    make_post(by=by, title="Chaises publiques")
    news.commit()
    sign_in(client, person)
    page = suggestions(client, "cha")
    assert "Chaises publiques" in page
    assert "Chaises des membres" not in page
    answer = client.get("/fr/suggest?q=cha", headers=PART)
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_title_hides_its_contacts(client: CheckedClient) -> None:
    publish("Chaises, écrire à jo@example.org")
    assert "jo@example.org" not in suggestions(client, "cha")


def test_a_visitors_suggestions_are_kept_until_the_board_changes(client: CheckedClient) -> None:
    some_posts()
    first = client.get("/fr/suggest?q=cha", headers=PART)
    assert "Set-Cookie" not in first.headers
    with counted() as said:
        again = client.get(
            "/fr/suggest?q=cha", headers={**PART, "If-None-Match": first.headers["ETag"]}
        )
    assert again.status_code == 304
    assert not [each for each in said if "post_fts" in each]
    publish("Chariot")
    assert "Chariot" in suggestions(client, "cha")


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 300, "q=cha&kind=gold", "q=cha&zut=1", "q=cha&category=nowhere"]
)
def test_what_cannot_be_understood_is_refused(client: CheckedClient, query: str) -> None:
    for headers in (PART, {}):
        answer = client.get("/fr/suggest?" + query, headers=headers)
        expected = {400} if headers or "nowhere" not in query else {302}
        assert answer.status_code in expected
        assert 'id="suggestions" class="suggestions" role="listbox"' not in answer.get_data(
            as_text=True
        )


@pytest.mark.parametrize("q", ["", "c", '"', "*", "AND OR", "\\", "%", "é" * 150, "<b>cha"])
def test_any_letters_are_only_letters(client: CheckedClient, q: str) -> None:
    some_posts()
    assert "<b>" not in suggestions(client, q)


def test_without_its_script_the_address_leads_to_the_search(client: CheckedClient) -> None:
    answer = client.get("/fr/suggest?q=chaises&purpose=need")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/fr/?q=chaises&purpose=need"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/fr/?q=perceusse&purpose=offer", "Vouliez-vous dire «\u00a0perceuse\u00a0»\u00a0?"),
        ("/en/?q=perceusse&purpose=offer", "Did you mean “perceuse”?"),
        ("/es/?q=perceusse&purpose=offer", "¿Quiso decir «perceuse»?"),
    ],
)
def test_the_words_that_were_perhaps_meant_are_a_link(
    client: CheckedClient, path: str, words: str
) -> None:
    publish("Perceuse à percussion")
    page = client.get(path).get_data(as_text=True)
    link = f'<a href="{path[:4]}?q=perceuse&amp;purpose=offer">{words}</a>'
    assert link in page
    assert "Vouliez" not in client.get("/fr/?q=perceuse").get_data(as_text=True)
