"""« À garder à jour »: what waits for an organiser, and each thing one tap away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from board import clock, news
from board.extensions import db
from board.posts.models import Post
from board.posts.rules import Outcome
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.life.helpers import DAY, ends_in
from tests.pages import CheckedClient, csrf
from tests.posts.helpers import at_work, fresh

PATH = "/fr/account/due"
WAITING: dict[str, dict[str, Any]] = {
    "Grue": {"expires_at": ends_in(3), "published_at": NOW - 30 * DAY},
    "Tente": {"expires_at": ends_in(-3), "published_at": NOW - 30 * DAY},
    "Salle": {"confirmed_at": NOW - 95 * DAY},
    "Four": {"confirmed_at": NOW - 130 * DAY},
    "Idée": {"published_at": None},
}
QUIET: dict[str, dict[str, Any]] = {
    "Scie": {}, "Vélo": {"expires_at": ends_in(20)}, "Bus": {"expires_at": ends_in(-40)},
    "Lit": {"confirmed_at": NOW - 95 * DAY, "paused_at": NOW},
    "Pain": {"confirmed_at": NOW - 95 * DAY, "withdrawn_at": NOW},
    "Lait": {"confirmed_at": NOW - 95 * DAY, "met_at": NOW},
}  # fmt: skip


def posts_of(client: CheckedClient, chosen: dict[str, dict[str, Any]]) -> dict[str, Post]:
    """The posts of the signed-in person's organisation."""
    person, organisation = at_work(client)
    made = {title: make_post(by=organisation, author=person, title=title, **values)
            for title, values in chosen.items()}  # fmt: skip
    news.commit()
    return made


def send(client: CheckedClient, path: str, **data: Any) -> Any:
    """Press a button of the page."""
    return client.post(path, data={"csrf_token": csrf(client, "/fr/account/settings"), **data})


def test_the_page_shows_what_waits_and_nothing_else(app: Flask, client: CheckedClient) -> None:
    posts_of(client, WAITING | QUIET)
    page = client.get(PATH).get_data(as_text=True)
    order = [page.index(f">{title}</a>") for title in WAITING]
    assert order == sorted(order)
    assert not [title for title in QUIET if f">{title}</a>" in page]
    home = client.get("/fr/account").get_data(as_text=True)
    assert "5 annonces attendent un mot de vous." in home


def test_nothing_waits(app: Flask, client: CheckedClient) -> None:
    posts_of(client, QUIET)
    assert "Toutes vos annonces sont à jour" in client.get(PATH).get_data(as_text=True)
    assert "attend un mot de vous" not in client.get("/fr/account").get_data(as_text=True)


def test_several_are_confirmed_together(app: Flask, client: CheckedClient) -> None:
    made = posts_of(client, {f"Salle {n}": {"confirmed_at": NOW - 95 * DAY} for n in range(3)})
    ticked = [str(made["Salle 0"].uuid), str(made["Salle 2"].uuid)]
    assert send(client, PATH, post=ticked).headers["Location"] == PATH
    assert [fresh(p).confirmed_at == NOW for p in made.values()] == [True, False, True]
    assert "Merci\u00a0: 2 annonces confirmées." in client.get(PATH).get_data(as_text=True)


def test_ticking_nothing_is_said(app: Flask, client: CheckedClient) -> None:
    posts_of(client, WAITING)
    answer = send(client, PATH, post="rien")
    assert answer.status_code == 422
    assert "Cochez au moins une annonce." in answer.get_data(as_text=True)


def test_others_posts_are_never_confirmed(app: Flask, client: CheckedClient) -> None:
    at_work(client)
    theirs = make_post(by=make_organisation(), confirmed_at=NOW - 95 * DAY)
    news.commit()
    send(client, PATH, post=[str(theirs.uuid)])
    assert fresh(theirs).confirmed_at == NOW - 95 * DAY


@pytest.mark.parametrize("title", ["Grue", "Tente"])
def test_another_last_day_keeps_or_brings_it_back(
    app: Flask, client: CheckedClient, title: str
) -> None:
    post = posts_of(client, WAITING)[title]
    answer = send(client, f"/fr/p/{post.uuid}/extend", expires_on="2026-11-02")
    assert answer.headers["Location"] == PATH
    longer = fresh(post)
    assert longer.expires_at is not None
    assert longer.expires_at.date() == date(2026, 11, 3), "the end of the 2nd, in Montréal"
    assert longer.confirmed_at == NOW
    assert longer.edit_version == 2


@pytest.mark.parametrize(("typed", "said"), [
    ("", "Écrivez une date"), ("demain", "Écrivez une date"),
    ("2026-09-14", "Cette date est passée"), ("2036-01-01", "deux ans au plus"),
    ("9" * 5000, "Écrivez une date"),
])  # fmt: skip
def test_a_wrong_day_is_said_and_kept(
    app: Flask, client: CheckedClient, typed: str, said: str
) -> None:
    post = posts_of(client, WAITING)["Grue"]
    answer = send(client, f"/fr/p/{post.uuid}/extend", expires_on=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert f'value="{typed[:40]}"' in page
    assert fresh(post).expires_at == ends_in(3)


def test_a_standing_post_has_no_end_to_move(app: Flask, client: CheckedClient) -> None:
    post = posts_of(client, WAITING)["Salle"]
    send(client, f"/fr/p/{post.uuid}/extend", expires_on="2026-11-02")
    assert fresh(post).expires_at is None


def test_it_is_over_and_how(app: Flask, client: CheckedClient) -> None:
    made = posts_of(client, WAITING)
    path = f"/fr/p/{made['Salle'].uuid}/end"
    refused = send(client, path)
    assert refused.status_code == 422
    assert "Choisissez comment cela s’est terminé." in refused.get_data(as_text=True)
    assert send(client, path, outcome="met_elsewhere").headers["Location"] == PATH
    assert fresh(made["Salle"]).outcome is Outcome.MET_ELSEWHERE
    send(client, f"/fr/p/{made['Four'].uuid}/end", outcome="did_not_happen")
    assert fresh(made["Four"]).withdrawn_at == NOW


def test_what_moved_on_is_said(app: Flask, client: CheckedClient) -> None:
    post = posts_of(client, WAITING)["Salle"]
    path = f"/fr/p/{post.uuid}/end"
    send(client, path, outcome="met_here")
    send(client, path, outcome="met_elsewhere")
    assert "l’annonce n’en est plus là" in client.get(PATH).get_data(as_text=True)
    assert fresh(post).outcome is Outcome.MET_HERE


def test_the_page_asks_as_little_for_many_as_for_few(app: Flask, client: CheckedClient) -> None:
    def count() -> int:
        asked: list[str] = []
        db.session.rollback()
        listener = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        client.get(PATH)
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(asked)

    made = posts_of(client, WAITING)
    few = count()
    by = made["Salle"].organisation
    for number in range(40):
        make_post(by=by, title=f"Salle {number}", confirmed_at=NOW - 95 * DAY)
    news.commit()
    assert count() == few


def test_a_stranger_sees_nothing_of_it(app: Flask, client: CheckedClient) -> None:
    organisation = make_organisation(responsible=make_person())
    post = make_post(by=organisation, confirmed_at=NOW - 95 * DAY)
    at_work(client)
    assert "Toutes vos annonces sont à jour" in client.get(PATH).get_data(as_text=True)
    assert send(client, f"/fr/p/{post.uuid}/end", outcome="met_here").status_code == 404
    assert clock.now() == NOW
