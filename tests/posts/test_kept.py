"""A session ends while somebody types: the words come back to the same browser, once, in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from board import clock, news
from board.accounts import passwords, services
from board.accounts.models import KeptForm, Person
from board.accounts.rules import FORM_MAX, MOST_FORMS_OF_ONE
from board.database import will_write
from board.extensions import db
from board.posts.models import Post
from tests.accounts.helpers import PASSWORD, enter
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient
from tests.posts.helpers import edit_path, fields, fresh, send, typed

BODY = "Trois paragraphes que personne ne veut récrire. " * 150


def ana(email: str = "ana@exemple.org") -> Person:
    """Somebody with a password, committed."""
    person = make_person(email=email, password_hash=passwords.hash_password(PASSWORD))
    news.commit()
    return person


def working(client: CheckedClient) -> tuple[Person, Post]:
    """Ana, signed in by the form, with a post of her organisation."""
    person = ana()
    post = make_post(by=make_organisation(responsible=person), title="Chaises pliantes")
    news.commit()
    assert enter(client).status_code == 303
    return person, post


def close_elsewhere(person: Person) -> None:
    """Every session of the person is closed on another device."""
    will_write()
    services.close_sessions(person=person)
    db.session.commit()
    will_write(False)


def kept_rows() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(KeptForm.id))) or 0


def test_what_was_typed_comes_back_after_signing_in(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Cent chaises", body=BODY, lines__0__quantity="une centaine")
    close_elsewhere(person)
    over = send(client, post, mine)
    page = over.get_data(as_text=True)
    assert over.status_code == 403 and "Rien n’est perdu" in page
    assert fresh(post).title == "Chaises pliantes"
    assert f'action="/fr/sign-in?next={edit_path(post)}"' in page
    door = {"email": "ana@exemple.org", "password": PASSWORD}
    signed = client.post(f"/fr/sign-in?next={edit_path(post)}", data=door)
    assert signed.location == edit_path(post)
    page = client.get(signed.location).get_data(as_text=True)
    assert "Voici ce que vous aviez écrit" in page
    back = fields(page)
    assert back["title"] == "Cent chaises" and back["body"] == BODY.strip()
    assert back["lines-0-quantity"] == "une centaine"
    assert send(client, post, back | {"lines-0-quantity": "100"}).status_code == 303
    assert fresh(post).title == "Cent chaises" and kept_rows() == 0
    assert "Voici ce que" not in client.get(edit_path(post)).get_data(as_text=True)


def test_a_line_that_was_being_added_comes_back_too(client: CheckedClient) -> None:
    person, post = working(client)
    page = send(client, post, typed(client, post), "add-line").get_data(as_text=True)
    mine = fields(page) | {"lines-1-title": "Nappes à carreaux"}
    close_elsewhere(person)
    assert send(client, post, mine, "add-line").status_code == 403
    enter(client)
    assert fields(client.get(edit_path(post)).get_data(as_text=True))["lines-1-title"] == (
        "Nappes à carreaux"
    )


def test_a_form_whose_token_has_aged_keeps_its_words(client: CheckedClient) -> None:
    _person, post = working(client)
    old = typed(client, post, title="Écrit avant")
    client.post("/fr/sign-out", data={"csrf_token": old["csrf_token"]})
    enter(client)
    answer = send(client, post, old)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403 and "rien n’est perdu" in page
    assert f'href="{edit_path(post)}"' in page
    assert fields(client.get(edit_path(post)).get_data(as_text=True))["title"] == "Écrit avant"
    assert fresh(post).title == "Chaises pliantes"


def test_somebody_else_in_the_same_browser_neither_saves_nor_sees_it(
    client: CheckedClient,
) -> None:
    _person, post = working(client)
    ana_typed = typed(client, post, title="Le secret d’Ana")
    client.post("/fr/sign-out", data={"csrf_token": ana_typed["csrf_token"]})
    ana("bob@exemple.org")
    enter(client, "bob@exemple.org")
    assert send(client, post, ana_typed).status_code == 403
    bobs = client.get(edit_path(post))
    assert bobs.status_code == 404 and "secret" not in bobs.get_data(as_text=True)
    page = client.get("/fr/account/settings").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/fr/sign-out", data={"csrf_token": token})
    enter(client)
    back = client.get(edit_path(post)).get_data(as_text=True)
    assert fields(back)["title"] == "Le secret d’Ana"


def test_another_browser_never_sees_it(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Ici seulement")
    close_elsewhere(person)
    send(client, post, mine)
    other = client.application.test_client()
    assert isinstance(other, CheckedClient)
    enter(other)
    assert "Ici seulement" not in other.get(edit_path(post)).get_data(as_text=True)


def test_a_cookie_planted_before_signing_in_reads_nothing_after(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Ma prose")
    close_elsewhere(person)
    send(client, post, mine)
    here = client.application.config["BOARD"].base_url
    with client.session_transaction(base_url=here) as session:
        planted = session["kept"]
    enter(client)
    assert "Ma prose" in client.get(edit_path(post)).get_data(as_text=True)
    thief = client.application.test_client()
    assert isinstance(thief, CheckedClient)
    enter(thief)
    with thief.session_transaction(base_url=here) as session:
        session["kept"] = planted
    assert "Ma prose" not in thief.get(edit_path(post)).get_data(as_text=True)


def test_it_waits_two_hours_and_is_then_erased(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Trop tard")
    close_elsewhere(person)
    send(client, post, mine)
    enter(client)
    clock.fix(NOW + timedelta(hours=2))
    assert "Trop tard" not in client.get(edit_path(post)).get_data(as_text=True)
    clock.fix(NOW + timedelta(hours=2, seconds=1))
    other = client.application.test_client()
    other.post("/fr/organisations/new", data={"name": "Autre chose"})
    (row,) = db.session.scalars(select(KeptForm))
    assert row.page == "organisations/new"


def test_neither_the_cookie_nor_the_row_gives_the_other_away(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Canari")
    close_elsewhere(person)
    answer = send(client, post, mine)
    assert len(answer.headers["Set-Cookie"]) < 1000
    (row,) = db.session.scalars(select(KeptForm))
    here = client.application.config["BOARD"].base_url
    with client.session_transaction(base_url=here) as session:
        assert session["kept"] not in (row.digest, row.fields)
    names = {name for name, _value in json.loads(row.fields)}
    assert "title" in names and "csrf_token" not in names


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_never_kept(client: CheckedClient, site: str) -> None:
    _person, post = working(client)
    data = {"title": "Planté", "csrf_token": "x"}
    answer = client.post(edit_path(post), data=data, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403 and kept_rows() == 0


def test_too_much_is_not_kept_and_the_page_says_so(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, body="x" * FORM_MAX)
    close_elsewhere(person)
    answer = send(client, post, mine)
    assert answer.status_code == 403
    assert "rien n’a été enregistré" in answer.get_data(as_text=True)
    assert kept_rows() == 0


def test_one_browser_keeps_five_pages_and_one_network_is_slowed(client: CheckedClient) -> None:
    posts = [make_post() for _ in range(MOST_FORMS_OF_ONE + 2)]
    news.commit()
    for post in posts:
        assert client.post(edit_path(post), data={"title": "Un"}).status_code == 403
    assert kept_rows() == MOST_FORMS_OF_ONE
    for _ in range(60):
        client.application.test_client().post(edit_path(posts[0]), data={"title": "Deux"})
    late = client.application.test_client().post(edit_path(posts[0]), data={"title": "Trois"})
    assert "rien n’a été enregistré" in late.get_data(as_text=True)
    assert all("Trois" not in one for one in db.session.scalars(select(KeptForm.fields)))


def test_reading_without_a_session_asks_and_writes_nothing(client: CheckedClient) -> None:
    post = make_post()
    news.commit()
    answer = client.get(edit_path(post))
    assert answer.status_code == 303 and "Set-Cookie" not in answer.headers
    assert kept_rows() == 0


def test_words_for_a_post_withdrawn_meanwhile_wait_for_it(client: CheckedClient) -> None:
    _person, post = working(client)
    mine = typed(client, post, title="Corrigé pendant ce temps")
    token = {"csrf_token": mine["csrf_token"]}
    client.post(f"/fr/p/{post.uuid}/withdraw", data=token)
    answer = send(client, post, mine)
    assert "gardé deux heures" in client.get(answer.location).get_data(as_text=True)
    client.post(f"/fr/p/{post.uuid}/publish", data=token)
    back = fields(client.get(edit_path(post)).get_data(as_text=True))
    assert back["title"] == "Corrigé pendant ce temps"


def test_the_saved_words_are_one_link_away(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Pas sûre")
    close_elsewhere(person)
    send(client, post, mine)
    enter(client)
    assert f"{edit_path(post)}?saved=1" in client.get(edit_path(post)).get_data(as_text=True)
    page = client.get(f"{edit_path(post)}?saved=1").get_data(as_text=True)
    assert fields(page)["title"] == "Chaises pliantes"


def test_a_first_sentence_whose_token_has_aged_comes_back(client: CheckedClient) -> None:
    ana()
    enter(client)
    sent = {"purpose": "offer", "sentence": "Nous prêtons des tentes", "csrf_token": "old"}
    assert client.post("/fr/publish", data=sent).status_code == 403
    page = client.get("/fr/publish").get_data(as_text=True)
    assert "Nous prêtons des tentes" in page


def test_what_is_asked_while_one_types_never_takes_the_page_away(client: CheckedClient) -> None:
    person, post = working(client)
    mine = typed(client, post, title="Cent chaises")
    client.get("/fr/")
    close_elsewhere(person)
    asks = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for path, target, do in ((f"/fr/p/{post.uuid}/preview", "article#preview", ""),
                             (edit_path(post), "div#lines", "add-line")):  # fmt: skip
        said = client.post(path, data=mine | {"do": do}, headers=asks | {"HX-Target": target})
        assert said.status_code == 403
        assert said.headers["HX-Retarget"] == "#live-said"
        text = said.get_data(as_text=True)
        assert text.startswith("Vous n’êtes plus connecté")
        assert "<" not in text
    # A form of a session that was replaced in another tab: the same quiet line.
    assert enter(client).status_code == 303
    aged = client.post(f"/fr/p/{post.uuid}/preview", data=mine | {"csrf_token": "of-before"},
                       headers=asks | {"HX-Target": "article#preview"})  # fmt: skip
    assert aged.status_code == 403
    assert aged.headers["HX-Retarget"] == "#live-said"
