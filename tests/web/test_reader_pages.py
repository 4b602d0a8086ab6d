"""A signed-in reader's page comes from what is kept for their sort, with nobody else in it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from board import news
from board.accounts.models import OpenSession, Person
from board.accounts.session import current_person
from board.database import begin_writing
from board.extensions import db
from board.organisations.models import Membership
from board.posts import services
from board.posts.models import Post
from board.posts.rules import Audience
from board.search import views as board_views
from board.web import page_cache
from board.web.reader_pages import NAME, TAKEN, TOKEN, Known, shell
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, csrf, sign_in, text_of
from tests.web.test_page_cache import BASE, PARTIAL, statements


def member(app: Flask, name: str, slug: str) -> FlaskClient:
    """A browser of somebody who acts for a verified organisation, its first pages seen."""
    person = make_person(name=name, email=f"{slug}@example.org")
    make_organisation(responsible=person, slug=slug, name=slug.title(), verified_at=NOW)
    news.commit()
    return browser_of(app, person)


def browser_of(app: Flask, person: Person) -> FlaskClient:
    """A browser of this person, with a token."""
    browser = app.test_client()
    sign_in(browser, person)
    csrf(browser, "/fr/account")
    return browser


def some_posts() -> Post:
    """A post for everybody and one for members."""
    ours = make_organisation(slug="tous", name="Tous", verified_at=NOW)
    make_post(by=ours, title="Membrix pour membres", audience=Audience.MEMBERS)
    post = make_post(by=ours, title="Presse à cidre")
    news.commit()
    return post


def test_readers_of_a_sort_share_a_page_and_each_finds_their_own_name(app: Flask) -> None:
    some_posts()
    ana, bea = member(app, "Ana <b>Secrète", "ana"), member(app, "Béa Discrète", "bea")
    first = text_of(ana.get("/fr/"))
    with statements() as said:
        hers, again = ana.get("/fr/"), bea.get("/fr/")
    assert said == []
    assert text_of(hers) == first
    assert "Ana &lt;b&gt;Secrète" in first
    assert "Membrix" in first
    assert "Béa Discrète" in text_of(again)
    assert "Secrète" not in text_of(again)
    for answer in (hers, again):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers
        assert "Cookie" in answer.headers["Vary"]
        assert NAME not in text_of(answer)
        assert TOKEN not in text_of(answer)
        assert "Set-Cookie" not in answer.headers
    assert csrf(ana, "/fr/") != csrf(bea, "/fr/")


def test_the_token_of_a_kept_page_opens_its_forms_and_no_other_readers(app: Flask) -> None:
    some_posts()
    ana, bea = member(app, "Ana", "ana"), member(app, "Béa", "bea")
    token = csrf(ana, "/fr/")
    stolen = bea.post("/fr/sign-out", data={"csrf_token": token}, base_url=BASE)
    assert stolen.status_code == 403
    out = ana.post("/fr/sign-out", data={"csrf_token": token}, base_url=BASE)
    assert out.status_code == 303
    assert "Se connecter" in text_of(ana.get("/fr/"))
    assert "Béa" in text_of(bea.get("/fr/"))


def test_who_is_no_member_any_more_sees_no_post_for_members(app: Flask) -> None:
    some_posts()
    ana, bea = member(app, "Ana", "ana"), member(app, "Béa", "bea")
    assert all("Membrix" in text_of(who.get("/fr/")) for who in (ana, bea, ana))
    person = db.session.query(Person).filter_by(name="Ana").one()
    begin_writing()
    db.session.execute(
        update(Membership).where(Membership.person_id == person.id).values(ended_at=NOW)
    )
    db.session.commit()
    assert "Membrix" not in text_of(ana.get("/fr/"))
    assert "Ana" in text_of(ana.get("/fr/"))
    assert "Membrix" in text_of(bea.get("/fr/"))


@pytest.mark.parametrize("how", ["row", "epoch", "time"])
def test_a_session_that_ended_elsewhere_is_over_at_once(app: Flask, how: str) -> None:
    some_posts()
    ana = member(app, "Ana Secrète", "ana")
    assert "Secrète" in text_of(ana.get("/fr/"))
    begin_writing()
    db.session.execute(
        {
            "row": delete(OpenSession),
            "epoch": update(Person).values(session_epoch=Person.session_epoch + 1),
            "time": update(OpenSession).values(expires_at=NOW),
        }[how]
    )
    db.session.commit()
    after = text_of(ana.get("/fr/"))
    assert "Secrète" not in after
    assert "Membrix" not in after


def test_what_is_withdrawn_is_gone_from_kept_pages_of_readers(app: Flask) -> None:
    post = some_posts()
    ana = member(app, "Ana", "ana")
    assert "Presse" in text_of(ana.get("/fr/"))
    begin_writing()
    services.withdraw(post=db.session.merge(post), by=make_person())
    news.commit()
    assert "Presse" not in text_of(ana.get("/fr/"))


def test_a_message_is_shown_once_and_kept_for_nobody(app: Flask) -> None:
    some_posts()
    ana, bea = member(app, "Ana", "ana"), member(app, "Béa", "bea")
    with ana.session_transaction(base_url=BASE) as held:
        held["_flashes"] = [("success", "Coucou Ana")]
    shown = [text_of(who.get("/fr/")) for who in (ana, bea, ana)]
    assert ["Coucou" in one for one in shown] == [True, False, False]


def test_a_part_of_the_page_is_never_shown_as_the_page(app: Flask) -> None:
    some_posts()
    ana = member(app, "Ana", "ana")
    for _ in range(2):
        assert "<html" in text_of(ana.get("/fr/"))
        assert "<html" not in text_of(ana.get("/fr/", headers=PARTIAL))


def test_moderators_and_unconfirmed_readers_have_pages_of_their_own(app: Flask) -> None:
    some_posts()
    boss = make_person(name="Boss", email="boss@example.org", moderator_at=NOW)
    new = make_person(name="Neuf", email="neuf@example.org", confirmed_at=None)
    news.commit()
    for name, person, moderates in (("Boss", boss, True), ("Neuf", new, False)) * 2:
        page = text_of(browser_of(app, person).get("/fr/"))
        assert name in page
        assert (">Modération</a>" in page) is moderates
        assert ("Membrix" in page) is moderates
        assert ("Confirmez votre adresse" in page) is not moderates


def test_a_cookie_that_nobody_signed_opens_nothing(app: Flask, client: CheckedClient) -> None:
    some_posts()
    member(app, "Ana", "ana").get("/fr/")
    name = app.config["SESSION_COOKIE_NAME"]
    for value in ("", "x", "eyJfdXNlcl9pZCI6IngifQ.x.y"):
        answer = client.get("/fr/", headers={"Cookie": f"{name}={value}"})
        assert answer.status_code == 200
        assert "Membrix" not in text_of(answer)
        assert "Se connecter" in text_of(answer)


def test_nothing_asks_who_one_reader_is_while_the_page_of_a_sort_is_made(app: Flask) -> None:
    with app.test_request_context("/fr/", headers={"Cookie": "babillard=x"}):
        request.environ[TAKEN] = object()
        with pytest.raises(RuntimeError):
            current_person()


def test_pieces_and_what_is_put_between_them_are_the_page() -> None:
    page = f"<p>{NAME}</p><form>{TOKEN}</form>{NAME}é".encode()
    kept = shell("200 OK", [("Content-Length", "1"), ("Vary", "Cookie")], page)
    headers, body = kept.of(Known(None, "A & B", "t"))
    assert body.decode() == "<p>A &amp; B</p><form>t</form>A &amp; Bé"
    assert dict(headers) == {"Vary": "Cookie", "Content-Length": str(len(body))}


def test_what_stands_in_for_a_better_answer_is_kept_for_no_reader(
    app: Flask, monkeypatch: Any
) -> None:
    some_posts()
    ana = member(app, "Ana", "ana")
    around = board_views.around

    def passing(*asked: Any) -> Any:
        page_cache.is_passing()
        return around(*asked)

    monkeypatch.setattr(board_views, "around", passing)
    assert "Ana" in text_of(ana.get("/fr/"))
    assert app.extensions["board.page_cache"]._readers._shells == {}


def test_what_is_kept_for_readers_is_bounded(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr("board.web.reader_pages.MOST_BYTES", 200_000)
    some_posts()
    ana = member(app, "Ana", "ana")
    for n in range(12):
        ana.get(f"/fr/?q=chose{n}")
    readers = app.extensions["board.page_cache"]._readers
    assert 0 < sum(made.size for _moment, made in readers._shells.values()) <= 200_000
