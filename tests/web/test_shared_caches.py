"""A cache that several people share, between the board and them, never shows what is gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from werkzeug.test import TestResponse

from board import news
from board.database import writing
from board.extensions import db
from board.posts import services
from board.posts.models import Post
from tests.conftest import NOW
from tests.factories import make_person, make_post
from tests.pages import CheckedClient
from tests.search.conftest import place
from tests.web.shared_cache import SharedCache
from tests.widgets.helpers import make_widget

AFTER = (0, 1, 29, 31, 61, 599, 3_600, 80_000, 700_000)
LATER = [31, 61, 599, 80_000]


@pytest.fixture
def post(client: CheckedClient) -> Post:
    """A post with a place and dates, which will be withdrawn."""
    day = NOW.date() + timedelta(days=9)
    line = {"needed_from": day, "needed_until": day}
    made = make_post(title="Presse à cidre", place=place("Montréal"), lines=[line])
    news.commit()
    return made


@pytest.fixture
def paths(post: Post) -> list[str]:
    """Every sort of public address that shows it."""
    slug, one = post.organisation.slug, f"/fr/p/{post.uuid}"
    widget = make_widget(by=post.organisation)
    forms = ("atom", "rss", "json", "ics")
    return [
        *(f"/fr/feed.{form}" for form in forms),
        *(f"/fr/organisations/{slug}/feed.{form}" for form in forms),
        *("/sitemap.xml", "/sitemap-1.xml", "/sitemap-pages.xml"),
        *(f"/embed/{widget.uuid}", f"/embed/{widget.uuid}.json", f"/embed/p/{post.uuid}"),
        f"/oembed?url=http://127.0.0.1:8000{one}",
        *(one, f"{one}/picture.png", f"{one}/poster.pdf"),
        *("/fr/", "/fr/?q=presse", f"/fr/organisations/{slug}"),
        *("/api/v1/posts", "/fr/map", "/fr/map/points"),
    ]


def withdraw(post: Post) -> None:
    """Take the post off the board."""
    with writing():
        services.withdraw(post=db.session.merge(post), by=make_person())
        news.commit()


def shows(post: Post, path: str, answer: tuple[int, bytes]) -> bool:
    """Whether an answer still shows the post: its words, or a picture or paper of it."""
    status, body = answer
    if path.endswith((".png", ".pdf")):
        return status == 200
    gone = b"deleted-entry" in body or b'"gone"' in body  # named, without its words
    named = str(post.uuid).encode() in body and not gone and path.startswith("/sitemap")
    return named or b"Presse" in body or b'"total":1' in body.replace(b" ", b"")


@pytest.mark.parametrize("strict", [True, False])
def test_no_shared_cache_shows_a_withdrawn_post(
    client: CheckedClient, post: Post, paths: list[str], strict: bool
) -> None:
    answers = True

    def board(path: str, headers: dict[str, str]) -> TestResponse | None:
        return client.get(path, headers=headers) if answers else None

    first = SharedCache(board)
    for path in paths:
        is_of_it = path not in {"/sitemap.xml", "/sitemap-pages.xml"}
        assert shows(post, path, first.get(path, 0)) is is_of_it, path
    withdraw(post)
    for answers, wait in product((True, False), AFTER if strict else LATER):
        cache = SharedCache(board, strict, dict(first.copies))
        for path in paths:
            assert not shows(post, path, cache.get(path, wait)), (path, wait, answers)


def test_this_cache_shows_what_it_is_allowed_to(client: CheckedClient, post: Post) -> None:
    kept = {"Cache-Control": "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"}
    up = [True]

    def ask(path: str, headers: dict[str, str]) -> TestResponse | None:
        answer = client.get(path, headers=headers) if up[0] else None
        if answer is not None:
            answer.headers.update(kept)
        return answer

    cache = SharedCache(ask)
    assert shows(post, "/fr/feed.atom", cache.get("/fr/feed.atom", 0))
    withdraw(post)
    for wait in (59, 599):
        assert shows(post, "/fr/feed.atom", cache.get("/fr/feed.atom", wait))
    up[0] = False
    assert shows(post, "/fr/feed.atom", cache.get("/fr/feed.atom", 80_000))
    up[0] = True
    assert not shows(post, "/fr/feed.atom", cache.get("/fr/feed.atom", 80_000))


def test_what_did_not_change_is_asked_for_again_without_being_sent(
    client: CheckedClient, post: Post
) -> None:
    said: list[int] = []

    def ask(path: str, headers: dict[str, str]) -> TestResponse:
        answer = client.get(path, headers=headers)
        said.append(answer.status_code)
        return answer

    cache = SharedCache(ask)
    first = cache.get("/fr/feed.atom", 0)
    assert [cache.get("/fr/feed.atom", at) for at in (1, 100)] == [first, first]
    assert said == [200, 304, 304]
