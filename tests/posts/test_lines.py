"""Lines come and go on the form: what is taken off can come back, and the focus follows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, g

from board.posts import words
from board.posts.rules import Basis, Outcome, Purpose
from tests.conftest import NOW
from tests.pages import CheckedClient, parse
from tests.posts.helpers import edit_path, fields, fresh, my_post, send, typed


def focused(html: str) -> list[str | None]:
    """Where a browser puts the focus."""
    return [e.get("id") for e in parse(html).iter() if "autofocus" in e.attrib]


def pressed(client: CheckedClient, post: Any, data: dict[str, str], do: str) -> str:
    answer = send(client, post, data, do)
    assert answer.status_code == 200
    html: str = answer.get_data(as_text=True)
    return html


def test_a_removed_line_comes_back_with_its_words(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Tables"}, {"title": "Chaises"}])
    data = typed(
        client, post, lines__1__title="Chaises droites", lines__1__effort="2 h",
        lines__1__quantity="une douzaine", lines__1__closed="y", lines__1__conditions="Un\nDeux",
    )  # fmt: skip
    page = pressed(client, post, data, "remove-1")
    assert "Élément retiré\u00a0: «\u00a0Chaises droites\u00a0»" in page and "Annuler" in page
    assert focused(page) == ["restore-1"]
    assert 'data-news="L’élément est retiré."' in page
    back = pressed(client, post, fields(page), "restore-1")
    assert fields(back) | {"csrf_token": ""} == data | {"csrf_token": ""}
    assert focused(back) == ["lines-1-title"]


def test_a_removed_line_waits_while_other_things_are_done(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Tables"}, {"title": "Chaises"}])
    page = pressed(client, post, typed(client, post), "remove-0")
    assert 'id="line-1"' in page and "Chaises" in page
    page = pressed(client, post, fields(page), "add-line")
    assert focused(page) == ["lines-2-title"]
    refused = send(client, post, fields(page) | {"title": ""})
    assert refused.status_code == 422
    back = fields(pressed(client, post, fields(refused.get_data(as_text=True)), "restore-0"))
    assert back["lines-0-title"] == "Tables" and back["lines-0-uuid"] == str(post.lines[0].uuid)


def test_saving_takes_the_line_off(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Tables"}, {"title": "Chaises"}])
    page = pressed(client, post, typed(client, post, lines__0__quantity="rien"), "remove-0")
    assert send(client, post, fields(page)).status_code == 303
    assert [line.title for line in fresh(post).lines] == ["Chaises"]


def test_a_line_without_words_goes_at_once_and_the_focus_to_its_neighbour(
    client: CheckedClient,
) -> None:
    post = my_post(client)
    page = pressed(client, post, typed(client, post), "add-line")
    gone = pressed(client, post, fields(page), "remove-1")
    assert "Élément retiré" not in gone and focused(gone) == ["lines-0-title"]


def test_a_promised_line_keeps_the_focus_and_stays(client: CheckedClient) -> None:
    line = {"quantity": 10, "committed": 4, "basis": Basis.GIFT}
    post = my_post(client, lines=[line])
    page = pressed(client, post, typed(client, post), "remove-0")
    assert focused(page) == ["remove-0"] and "s’est engagé" in page
    marked = typed(client, post) | {"lines-0-removed": "y"}
    assert send(client, post, marked).status_code == 422 and len(fresh(post).lines) == 1


def test_folded_days_are_written_as_people_do(client: CheckedClient) -> None:
    line = {"needed_from": date(2026, 12, 14), "needed_until": date(2026, 12, 15)}
    post = my_post(client, lines=[line])
    page = client.get(edit_path(post)).get_data(as_text=True)
    assert "du 14\u00a0décembre au 15\u00a0décembre" in page.replace(" décembre", "\u00a0décembre")
    assert "2026-12-14 –" not in page
    data = typed(client, post, lines__0__needed_from="demain", expires_on="2026-12-20")
    page = send(client, post, data).get_data(as_text=True)
    assert "demain – 2026-12-15" in page and "jusqu’au 20" in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "28 novembre 2026, 1 h 29"),
        ("en", "November 28, 2026, 1:29 AM"),
        ("es", "28 de noviembre de 2026, 1:29"),
    ],
)
def test_an_instant_is_written_as_people_do(app: Flask, language: str, said: str) -> None:
    at = datetime(2026, 11, 28, 6, 29, 39, tzinfo=UTC)
    with app.test_request_context(f"/{language}/"):
        g.language = language
        assert str(words.moment(at)) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("purpose", "said"),
    [(Purpose.NEED, "il ne reste rien à trouver ici"), (Purpose.OFFER, "rien à prendre ici")],
)
def test_what_is_complete_says_so_in_the_words_of_its_purpose(
    client: CheckedClient, purpose: Purpose, said: str
) -> None:
    post = my_post(client, purpose=purpose, published_at=NOW, met_at=NOW, outcome=Outcome.MET_HERE)
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert said in page
    links = [p for p in parse(page).iter("p") if "Voir ses annonces" in "".join(p.itertext())]
    assert [p.get("class") for p in links] == ["no-print"], "a link leads nowhere on paper"


def test_one_that_is_left_is_said_in_the_singular_of_each_language(app: Flask) -> None:
    with app.test_request_context("/es/"):
        g.language = "es"
        assert words.quantity_words(Purpose.OFFER, 40, 1, None) == "queda 1 de 40"
        assert words.quantity_words(Purpose.OFFER, 40, 2, None) == "quedan 2 de 40"
        assert words.quantity_words(Purpose.NEED, 40, 1, None) == "falta 1 de 40"


def test_what_the_author_wrote_has_its_own_language_and_a_draft_is_discarded(
    client: CheckedClient,
) -> None:
    lines = [{"title": "Chairs", "effort": "Mondays"}, {"title": "Tables", "conditions": "Clean"}]
    post = my_post(client, language="en", lines=lines)
    html = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    said = {
        "".join(each.itertext()) for each in parse(html).iter("span") if each.get("lang") == "en"
    }
    assert {"Chairs", "Mondays", "Tables", "Clean"} <= said
    assert 'id="post"' in html and "sheet-offer is-closed" not in html, "a draft is not over"
    assert "Jeter le brouillon" in html and "Retirer l’annonce" not in html
    token = {"csrf_token": typed(client, post)["csrf_token"]}
    after = client.post(f"/fr/p/{post.uuid}/withdraw", data=token, follow_redirects=True)
    page = after.get_data(as_text=True)
    assert "Brouillon jeté" in page
    assert "Vous avez jeté ce brouillon" in page and "retiré cette annonce" not in page
    assert "freshness-unpublished" in page, "no check mark beside what nobody has confirmed"
    steps = client.get(f"/fr/p/{post.uuid}/history").get_data(as_text=True)
    assert "<b>Brouillon jeté</b>" in steps and "<b>Retirée</b>" not in steps
    assert "brouillon jeté" in client.get("/fr/account").get_data(as_text=True)
