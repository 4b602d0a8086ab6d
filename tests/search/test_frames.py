"""What is kept around the cards says what is true now, to each sort of reader."""

from __future__ import annotations

from typing import Any

from flask import Flask

from board import news
from board.database import begin_writing
from board.extensions import db
from board.organisations.models import Organisation
from board.posts import services
from board.posts.rules import Audience
from board.search import views
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, csrf, sign_in, text_of


def count_of(monkeypatch: Any) -> list[str]:
    """Collect each drawing of what stands around the cards."""
    drawn: list[str] = []
    around = views.around

    def counting(*asked: Any) -> Any:
        drawn.append("drawn")
        return around(*asked)

    monkeypatch.setattr(views, "around", counting)
    return drawn


def test_a_change_of_cards_alone_draws_nothing_else_anew(
    client: CheckedClient, monkeypatch: Any
) -> None:
    ours = make_organisation(name="Nous")
    first = make_post(by=ours, title="Chaises", published_at=NOW)
    make_post(by=ours, title="Tables", published_at=NOW)
    news.commit()
    drawn = count_of(monkeypatch)
    for title in ("Bancs <b>", "Poufs"):
        begin_writing()
        first.title = title
        news.commit()
        page = text_of(client.get("/fr/"))
        assert page.count('<article class="card') == 2
    assert "Poufs" in page
    assert "Bancs" not in page
    assert len(drawn) == 1
    assert "Poufs" in text_of(client.get("/en/"))
    assert len(drawn) == 2


def test_numbers_and_names_around_the_cards_follow(client: CheckedClient) -> None:
    ours = make_organisation(name="Nous Autres")
    make_post(by=ours, title="Chaises")
    second = make_post(by=ours, title="Tables")
    news.commit()
    assert "2 annonces" in text_of(client.get("/fr/"))
    begin_writing()
    services.withdraw(post=second, by=make_person())
    news.commit()
    one = text_of(client.get("/fr/"))
    assert "1 annonce<" in one
    assert "Tables" not in one
    begin_writing()
    db.session.get_one(Organisation, ours.id).name = "Vous Autres"
    news.commit()
    renamed = text_of(client.get("/fr/"))
    assert "Vous Autres" in renamed
    assert "Nous Autres" not in renamed


def test_visitors_and_members_have_frames_of_their_own(app: Flask, client: CheckedClient) -> None:
    ana = make_person(name="Ana Secrète", email="ana@example.org")
    ours = make_organisation(responsible=ana, name="Nous", verified_at=NOW)
    post = make_post(by=ours, title="Chaises")
    make_post(by=ours, title="Membrix", audience=Audience.MEMBERS)
    news.commit()
    browser = app.test_client()
    sign_in(browser, ana)
    csrf(browser, "/fr/account")
    for _ in range(3):
        begin_writing()
        services.confirm(post=post, by=ana)
        news.commit()
        visitor, member = text_of(client.get("/fr/")), text_of(browser.get("/fr/"))
        assert "Secrète" not in visitor
        assert "Membrix" not in visitor
        assert "Ana Secrète" in member
        assert "Membrix" in member
        assert "[posts-" not in visitor + member
