"""A photo is as visible as its post: to the same people, as long, in no copy that outlives it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from board import news
from board.clock import now
from board.photos.models import Upload
from board.posts import rules
from board.posts.models import Post
from board.posts.rules import Audience
from tests.factories import make_organisation, make_person
from tests.pages import CheckedClient, sign_in
from tests.photos.helpers import address, page_of, photos_of, sent, with_photos

STATES: dict[str, dict[str, Any]] = {
    "draft": {},
    "published": {"published_at": True},
    "members": {"published_at": True, "audience": Audience.MEMBERS},
    "paused": {"published_at": True, "paused_at": True},
    "met": {"published_at": True, "met_at": True},
    "submitted": {"submitted_at": True},
    "declined": {"submitted_at": True, "declined_at": True},
    "withdrawn": {"published_at": True, "withdrawn_at": True},
    "withdrawn, members": {
        "published_at": True, "withdrawn_at": True, "audience": Audience.MEMBERS
    },
    "hidden": {"published_at": True, "hidden_at": True},
}  # fmt: skip


def put(post: Post, state: str) -> None:
    """Bring a post into a state."""
    for name, value in STATES[state].items():
        setattr(post, name, now() if value is True else value)
    news.commit()


def visitor(app: Flask) -> CheckedClient:
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    return browser


def reader(app: Flask, who: str) -> CheckedClient:
    """A browser of somebody who does not write for the post's organisation."""
    browser = visitor(app)
    if who != "visitor":
        person = make_person()
        verified = now() if who == "member" else None
        make_organisation(responsible=person, verified_at=verified)
        news.commit()
        sign_in(browser, person)
    return browser


@pytest.mark.parametrize("state", STATES)
def test_a_photo_answers_as_its_post_does(app: Flask, client: CheckedClient, state: str) -> None:
    post, (photo,) = with_photos(client, "Des chaises")
    put(post, state)
    for who in ("visitor", "stranger", "member"):
        browser = reader(app, who)
        expected = browser.get(f"/fr/p/{post.uuid}").status_code
        for name in ("400.jpg", "400.webp"):
            answer = browser.get(address(photo, name))
            assert answer.status_code == expected, (who, name)
    expected_of_editors = client.get(f"/fr/p/{post.uuid}").status_code
    assert client.get(address(photo)).status_code == expected_of_editors == 200


@pytest.mark.parametrize("state", STATES)
def test_no_copy_is_kept_of_what_is_not_for_everybody(
    app: Flask, client: CheckedClient, state: str
) -> None:
    post, (photo,) = with_photos(client, "Des chaises")
    put(post, state)
    everyone = rules.page(post, rules.VISITOR) is rules.Page.SHOWN
    for browser in (visitor(app), reader(app, "member"), client):
        answer = browser.get(address(photo))
        said = answer.headers["Cache-Control"]
        if answer.status_code == 200 and everyone and browser is not client:
            assert "max-age=300" in said
            assert "must-revalidate" in said
        if not everyone:
            assert "public" not in said
            assert "max-age" not in said
    anonymous = visitor(app).get(address(photo)).headers["Cache-Control"]
    assert ("public" in anonymous) == everyone
    if everyone:
        assert "s-maxage=0" in anonymous
        assert "private" in client.get(address(photo)).headers["Cache-Control"]


def test_an_old_copy_is_asked_for_anew_and_dies_with_the_post(
    app: Flask, client: CheckedClient
) -> None:
    post, (photo,) = with_photos(client, "Des chaises", published_at=now())
    browser = visitor(app)
    mark = browser.get(address(photo)).headers["ETag"]
    again = browser.get(address(photo), headers={"If-None-Match": mark})
    assert (again.status_code, again.get_data()) == (304, b"")
    other = browser.get(address(photo, "400.webp"), headers={"If-None-Match": mark})
    assert other.status_code == 200
    post = photos_of(post)[0].post
    put(post, "withdrawn")
    gone = browser.get(address(photo), headers={"If-None-Match": mark})
    assert gone.status_code == 410
    assert "public" not in gone.headers["Cache-Control"]


def test_a_photo_without_words_is_its_editors_only(app: Flask, client: CheckedClient) -> None:
    post, (photo, decorative) = with_photos(client, None, "", published_at=now())
    assert visitor(app).get(address(photo)).status_code == 404
    assert visitor(app).get(address(decorative)).status_code == 200
    assert client.get(address(photo)).headers["Cache-Control"] == "private, no-store"
    page = visitor(app).get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert str(photo.uuid) not in page
    assert str(decorative.uuid) in page
    assert "Une photo attend" not in page
    assert "Une photo attend" in client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)


def test_a_picture_is_of_one_type_and_nothing_in_it_runs(app: Flask, client: CheckedClient) -> None:
    _post, (photo,) = with_photos(client, "Des chaises", published_at=now())
    for name, media_type in (("400.jpg", "image/jpeg"), ("400.webp", "image/webp")):
        answer = visitor(app).get(address(photo, name))
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert {"sandbox", "default-src 'none'"} <= {p.strip() for p in policy.split(";")}
        assert "Set-Cookie" not in answer.headers


def test_only_the_addresses_of_a_photo_answer(app: Flask, client: CheckedClient) -> None:
    _post, (photo, other) = with_photos(client, "a", "b", published_at=now())
    browser = visitor(app)
    base = f"/photos/{photo.uuid}"
    for path in (
        f"{base}/{other.digest}/400.jpg",
        f"{base}/{'0' * 64}/400.jpg",
        f"{base}/{photo.digest}/800.jpg",
        f"{base}/{photo.digest}/400.svg",
        f"{base}/{photo.digest}/400.png",
        f"{base}/{photo.digest}/99999999999999999999.jpg",
        f"{base}/..%2f..%2fsecret-key/400.jpg",
        f"/photos/{'0' * 8}-0000-4000-8000-000000000000/{photo.digest}/400.jpg",
        f"{base}/x/400.jpg",
    ):
        assert browser.get(path).status_code == 404, path
    assert browser.post(f"{base}/{photo.digest}/400.jpg").status_code == 405


def test_the_page_shows_them_in_order_with_their_proportions_and_tells_machines(
    app: Flask, client: CheckedClient
) -> None:
    post, (a, b) = with_photos(client, "Des <chaises> & co", "Une table", published_at=now())
    page = visitor(app).get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert page.index(str(a.uuid)) < page.index(str(b.uuid))
    assert 'alt="Des &lt;chaises&gt; &amp; co"' in page
    assert f'width="{a.width}" height="{a.height}"' in page
    assert page.count('loading="eager"') == 2, "a page printed at once has its photos"
    assert f'"image": ["http://127.0.0.1:8000{address(a)}"' in page
    assert f"{address(a, '400.webp')} {a.width}w" in page
    assert str(a.uuid) not in visitor(app).get("/fr/").get_data(as_text=True)


def test_a_photo_of_a_closed_post_is_not_for_search_engines(
    app: Flask, client: CheckedClient
) -> None:
    post, (photo,) = with_photos(client, "Des chaises", published_at=now())
    assert "X-Robots-Tag" not in visitor(app).get(address(photo)).headers
    put(photos_of(post)[0].post, "met")
    assert visitor(app).get(address(photo)).headers["X-Robots-Tag"] == "noindex"


def test_what_shows_a_photo_costs_as_many_statements_with_six(
    app: Flask, client: CheckedClient
) -> None:
    from sqlalchemy import event

    from board.extensions import db

    counts = []
    for alts in (["a"], ["a", "b", "c", "d", "e", "f"]):
        post, _photos = with_photos(client, *alts, published_at=now())
        browser = visitor(app)
        seen: list[int] = []
        browser.get(f"/fr/p/{post.uuid}")

        def count(*_: Any, seen: list[int] = seen) -> None:
            seen.append(1)

        event.listen(db.engine, "before_cursor_execute", count)
        browser.get(f"/fr/p/{post.uuid}")
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_each_actor_before_the_page_of_photos(app: Flask, client: CheckedClient) -> None:
    post, (photo,) = with_photos(client, "a")
    data = sent(client, post) | {"do": f"remove-{photo.uuid}"}
    stranger = reader(app, "member")
    assert visitor(app).get(page_of(post)).status_code == 303
    assert visitor(app).post(page_of(post), data=data).status_code == 403
    assert stranger.get(page_of(post)).status_code == 404
    assert client.post(page_of(post), data=data | {"csrf_token": "x"}).status_code == 403
    assert [one.id for one in photos_of(post)] == [photo.id]
    assert isinstance(photo, Upload)
