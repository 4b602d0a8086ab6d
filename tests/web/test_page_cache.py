"""No shared cache ever shows one person's page to another, a part as a page, or what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from board import clock, create_app, news
from board.accounts.models import Person
from board.database import writing
from board.extensions import db
from board.organisations.rules import Role
from board.posts import services
from board.posts.models import Post
from board.posts.rules import Audience
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person, make_post
from tests.pages import CheckedClient, sign_in, text_of
from tests.search.conftest import place

BASE = "http://127.0.0.1:8000"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#results"}
OTHER_PART = {**PARTIAL, "HX-Target": "section#organisation-list"}
WAYS: list[dict[str, str]] = [
    {},
    {"HX-Request": "true", "HX-Request-Type": "full"},
    {"HX-Request-Type": "full", "HX-History-Restore-Request": "true"},
    PARTIAL,
    {**PARTIAL, "HX-History-Restore-Request": "true"},
    OTHER_PART,
    {**PARTIAL, "HX-Target": "div"},
]


VARY = {"HX-Request", "HX-Request-Type", "HX-Target", "Cookie", "Accept-Encoding"}


def is_part(path: str, ask: dict[str, str]) -> bool:
    """Whether htmx asks for a block that the page has."""
    block = "organisation-list" if "organisations" in path else "results"
    partial = ask.get("HX-Request-Type") == "partial"
    restored = "HX-History-Restore-Request" in ask
    return partial and not restored and ask["HX-Target"].endswith("#" + block)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked."""
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def some_board() -> Post:
    """A board with a person, their organisation, a post for all and one for members."""
    ana = make_person(name="Ana Secrète", email="ana@example.org")
    ours = make_organisation(responsible=ana, slug="nous", name="Nous", verified_at=NOW)
    make_post(by=ours, title="Membrix pour membres", audience=Audience.MEMBERS)
    post = make_post(by=ours, title="Presse à cidre")
    news.commit()
    return post


ADDRESSES = ("/fr/", "/fr/?q=presse", "/fr/organisations/", "/fr/organisations/nous", "/fr/terms",
             "/api/v1/posts", "/en/", "/fr/map")  # fmt: skip


def test_the_same_question_is_answered_without_asking_again(client: CheckedClient) -> None:
    post = some_board()
    for path in (*ADDRESSES, f"/fr/p/{post.uuid}"):
        first = client.get(path)
        assert first.status_code == 200, path
        with statements() as said:
            again = client.get(path)
        assert said == [], path
        assert again.get_data() == first.get_data()
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == "no-cache"
        assert "Set-Cookie" not in again.headers
        same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (same.status_code, same.get_data()) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.get_data()) == (200, b"")
        assert head.headers["ETag"] == first.headers["ETag"]


def test_a_part_is_never_shown_as_a_page_nor_a_page_as_a_part(client: CheckedClient) -> None:
    some_board()
    for path in ("/fr/", "/fr/?q=presse", "/fr/organisations/"):
        tags: dict[str, bool] = {}
        for ask, encoding in product(WAYS, ("", "gzip")):
            answer = client.get(path, headers={**ask, "Accept-Encoding": encoding})
            whole = "<html" in text_of(answer)
            assert whole is not is_part(path, ask), (path, ask)
            assert tags.setdefault(answer.headers["ETag"], whole) is whole
            assert {name.strip() for name in answer.headers["Vary"].split(",")} >= VARY
        for tag, (ask, encoding) in product(tags, product(WAYS, ("", "gzip"))):
            headers = {**ask, "Accept-Encoding": encoding, "If-None-Match": tag}
            answer = client.get(path, headers=headers)
            if answer.status_code == 304:
                own = client.get(path, headers={**ask, "Accept-Encoding": encoding})
                assert own.headers["ETag"] == tag
                assert ("<html" in text_of(own)) is tags[tag]


def test_what_is_packed_is_what_is_plain(client: CheckedClient) -> None:
    some_board()
    plain = client.get("/fr/", headers={"Accept-Encoding": "identity"})
    packed = client.get("/fr/", headers={"Accept-Encoding": "br, gzip"})
    refused = client.get("/fr/", headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert text_of(packed) == text_of(plain) == text_of(refused)
    assert len({a.headers["ETag"] for a in (plain, packed)}) == 2


def test_nobody_reads_the_page_of_another(app: Flask, client: CheckedClient) -> None:
    post = some_board()
    bea = make_person(name="Béa Discrète", email="bea@example.org")
    make_membership(
        bea, make_organisation(slug="elles", name="Elles", verified_at=NOW), Role.EDITOR
    )
    news.commit()
    from board.accounts.models import Person

    people = {p.name: app.test_client() for p in db.session.query(Person).order_by(Person.id)}
    for name, browser in people.items():
        found = db.session.query(Person).filter_by(name=name).one()
        sign_in(browser, found)
    nobody = app.test_client()
    tags: set[str] = set()
    for _round, path in product(range(2), (*ADDRESSES, f"/fr/p/{post.uuid}")):
        public = nobody.get(path)
        assert "Secrète" not in text_of(public)
        assert "Discrète" not in text_of(public)
        assert "Membrix" not in text_of(public), path
        tags.add(public.headers["ETag"])
        for name, browser in people.items():
            own = browser.get(path, headers={"If-None-Match": ", ".join(tags)})
            if path.startswith("/api/"):
                assert "Membrix" not in text_of(own)
                continue
            assert own.status_code == 200, (path, name)
            assert own.headers["Cache-Control"] == "private, no-store"
            assert "ETag" not in own.headers
            assert name in text_of(own), path
            for other in people.keys() - {name}:
                assert other not in text_of(own)
        asked = nobody.get(path, headers={"Authorization": "Bearer x"})
        assert "ETag" not in asked.headers or path.startswith("/api/")


def test_who_signs_in_and_out_in_one_browser_sees_what_is_theirs(
    app: Flask, client: CheckedClient
) -> None:
    some_board()
    ana = db.session.query(Person).one()
    before = client.get("/fr/")
    sign_in(client, ana)
    mine = client.get("/fr/", headers={"If-None-Match": before.headers["ETag"]})
    assert mine.status_code == 200
    assert "Ana Secrète" in text_of(mine)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
    after = client.get("/fr/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 304
    assert "Ana Secrète" not in text_of(client.get("/fr/"))


def test_a_withdrawn_post_is_gone_in_every_worker(app: Flask, client: CheckedClient) -> None:
    post = some_board()
    other = create_app(app.config["BOARD"])
    other.testing = True
    elsewhere = other.test_client()
    paths = ("/fr/", "/fr/organisations/nous", "/api/v1/posts", f"/fr/p/{post.uuid}")
    tags = {}
    with other.app_context():
        for path in paths:
            kept = elsewhere.get(path, base_url=BASE)
            assert "Presse" in text_of(kept)
            tags[path] = kept.headers["ETag"]
    with writing():
        services.withdraw(post=db.session.merge(post), by=make_person())
        news.commit()
    with other.app_context():
        for path in paths:
            for headers in ({}, {"If-None-Match": tags[path]}):
                answer = elsewhere.get(path, base_url=BASE, headers=headers)
                assert answer.status_code == (410 if "/p/" in path else 200), path
                assert "Presse" not in text_of(answer), path
        db.session.remove()
        db.engine.dispose()


def test_what_ends_by_itself_ends_at_its_instant(client: CheckedClient) -> None:
    make_post(title="Éphémère", expires_at=NOW + timedelta(hours=2))
    make_post(title="Fanée", published_at=NOW - timedelta(days=120) + timedelta(hours=1))
    news.commit()
    first = client.get("/fr/")
    stale = client.get("/fr/?freshness=stale")
    assert "Éphémère" in text_of(first)
    assert "Fanée" not in text_of(stale)
    clock.fix(NOW + timedelta(hours=1))
    assert "Fanée" in text_of(client.get("/fr/?freshness=stale"))
    clock.fix(NOW + timedelta(hours=2))
    again = client.get("/fr/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "Éphémère" not in text_of(again)


def test_days_are_counted_anew_at_local_midnight(client: CheckedClient) -> None:
    make_post(title="Chaises", published_at=NOW - timedelta(hours=2))
    news.commit()
    first = client.get("/fr/")
    assert "confirmé aujourd’hui" in text_of(first)
    clock.fix(NOW.replace(hour=3, minute=59) + timedelta(days=1))
    assert client.get("/fr/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    clock.fix(NOW.replace(hour=4, minute=0) + timedelta(days=1))
    again = client.get("/fr/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "confirmé hier" in text_of(again)


@pytest.mark.parametrize(
    "path", ["/fr/sign-in", "/fr/publish", "/fr/nothing", "/readyz", "/fr/?kind=x"]
)
def test_only_what_says_so_is_kept(client: CheckedClient, path: str) -> None:
    for _ in range(2):
        answer = client.get(path, headers={"If-None-Match": 'W/"x"'})
        assert answer.status_code != 304
        assert "ETag" not in answer.headers


def test_another_host_gets_nothing_kept(client: CheckedClient) -> None:
    some_board()
    client.get("/fr/")
    assert client.get("/fr/", headers={"Host": "evil.example.org"}).status_code == 400


def test_what_is_kept_is_bounded(app: Flask, client: CheckedClient, monkeypatch: Any) -> None:
    monkeypatch.setattr("board.web.page_cache.MOST_BYTES", 200_000)
    some_board()
    for n in range(40):
        client.get(f"/fr/?q=chose{n}")
    assert sum(len(k.body) for k in app.extensions["board.page_cache"]._pages.values()) <= 200_000


@pytest.mark.parametrize("posts", [2, 20])
def test_statements_are_few_and_independent_of_the_cards(
    client: CheckedClient, posts: int, monkeypatch: Any
) -> None:
    # On a slow machine a search may be dear enough to be written down: that is another test's.
    monkeypatch.setattr("board.accounts.budget._owe", lambda *_: None)
    ours = make_organisation(slug="nous", name="Nous")
    made = [make_post(by=ours, title=f"Chaise {n}", lines=[{}, {}]) for n in range(posts)]
    for n in range(posts):
        make_organisation(name=f"Groupe {n}")
    news.commit()
    client.get("/fr/about")
    db.session.rollback()
    most = {"/fr/": 2, "/fr/?q=chaise": 8, "/api/v1/posts": 3, "/fr/organisations/nous": 9,
            "/fr/organisations/": 4, f"/fr/p/{made[0].uuid}": 6}  # fmt: skip
    for path, few in most.items():
        with statements() as said:
            assert client.get(path).status_code == 200
        db.session.rollback()
        assert len(said) <= few, (path, len(said), said)


def test_a_card_that_is_kept_says_what_is_true_now(client: CheckedClient) -> None:
    post = make_post(title="Chaises <b>", lines=[{"quantity": 4}], place=place("Montréal"))
    news.commit()
    plain = text_of(client.get("/fr/"))
    assert "Chaises &lt;b&gt;" in plain
    assert "<mark>Chaises</mark>" in text_of(client.get("/fr/?q=chaises"))
    with statements() as said:
        near = text_of(client.get("/fr/?near=45.5,-73.57&radius_km=50"))
    assert "à moins de 1 km" in near or " · à " in near
    assert not [one for one in said if "post.title" in one]
    assert "[far-" not in plain + near
    assert "Chairs" not in plain
    post.lines[0].committed = 3
    news.commit()
    assert "reste 1 sur 4" in text_of(client.get("/fr/"))
    assert "reste 1" not in text_of(client.get("/en/"))
