"""What is new is counted on every page, for each person alone, until they saw it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from board import clock, news
from board.accounts import unread as counts
from board.accounts.models import Person
from board.answers import deciding, services, unread
from board.answers.models import Response
from board.answers.rules import Actor
from board.database import will_write
from board.extensions import db
from board.organisations.models import Membership
from tests.answers.helpers import answered, need
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person
from tests.pages import CheckedClient, csrf, sign_in, text_of
from tests.web.test_page_cache import statements

ASKS = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "b#unread-wide"}
NUMBERS = re.compile(r'class="unread" id="unread-\w+" data-count="([^"]*)"')


def count(person: Person) -> int:
    """How much is new for somebody."""
    return counts.count_for(person.id)


def say(response: Response, side: Actor, author: Person) -> None:
    """Somebody says something."""
    will_write()
    services.say(response=response, side=side, author=author, body="Bonjour")
    news.commit()


def shown(client: CheckedClient, path: str) -> set[str]:
    """The numbers that a page shows, in each of its places."""
    return set(NUMBERS.findall(text_of(client.get(path))))


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    yield
    clock.fix(None)


def test_each_side_has_what_the_other_did_until_somebody_looks_after_it(app: Flask) -> None:
    post, editor = need()
    colleague = make_person()
    make_membership(colleague, post.organisation)
    one = answered(post)
    assert one.person is not None
    assert [count(who) for who in (editor, colleague, one.person)] == [1, 1, 0]
    say(one, Actor.EDITOR, editor)
    assert [count(who) for who in (editor, colleague, one.person)] == [0, 0, 1]
    say(one, Actor.ANSWERER, one.person)
    assert [count(who) for who in (editor, colleague, one.person)] == [1, 1, 0]
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    assert [count(who) for who in (editor, colleague, one.person)] == [0, 0, 1]


def test_whoever_left_is_told_of_nothing(app: Flask) -> None:
    post, editor = need()
    mine = make_organisation(responsible=(helper := make_person()))
    one = answered(post, by=helper, organisation=mine)
    say(one, Actor.EDITOR, editor)
    answered(post)
    assert (count(editor), count(helper)) == (1, 1)
    will_write()
    db.session.query(Membership).update({"ended_at": NOW})
    news.commit()
    assert (count(editor), count(helper)) == (0, 0)


def test_the_count_stands_on_kept_pages_and_on_others(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    other = app.test_client()
    assert isinstance(other, CheckedClient)
    sign_in(client, editor)
    sign_in(other, make_person())
    for browser in (client, other):
        csrf(browser, "/fr/account/")
        assert shown(browser, "/fr/") == {"0"}
    one = answered(post)
    for path in ("/fr/", "/fr/", "/fr/account/", "/fr/terms", f"/fr/p/{post.uuid}", "/fr/nothing"):
        assert shown(client, path) == {"1"}, path
        assert shown(other, path) == {"0"}, path
    with statements() as said:
        asked = client.get("/fr/account/unread", headers=ASKS)
    assert NUMBERS.findall(text_of(asked)) == ["1", "1", "1"]
    assert "HX-Retarget" not in asked.headers
    assert shown(client, "/fr/account/unread") == {"1"}
    assert len([s for s in said if "unread" in s]) == 1
    page = text_of(client.get("/fr/account/inbox"))
    assert "Nouveau" in page
    assert f"/fr/answers/{one.uuid}" in page
    assert "Nouveau" in text_of(client.get(f"/fr/p/{post.uuid}/answers"))


def test_a_visitor_is_told_nothing_and_sent_nowhere(app: Flask, client: CheckedClient) -> None:
    answer = client.get("/fr/account/unread", headers=ASKS)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert "HX-Redirect" not in answer.headers
    for path in ("/fr/account/unread", "/fr/"):
        assert "data-count" not in text_of(client.get(path))


def test_to_look_changes_nothing_and_the_button_says_seen(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    one = answered(post)
    sign_in(client, editor)
    path = f"/fr/answers/{one.uuid}"
    page = text_of(client.get(path))
    assert 'hx-trigger="load"' in page
    assert shown(client, path) == {"1"}
    until = re.search(r'name="until" value="([^"]+)"', page)
    assert until
    token = csrf(client, path)
    clock.fix(NOW + timedelta(minutes=1))
    assert one.person is not None
    say(one, Actor.ANSWERER, one.person)
    data = {"csrf_token": token, "until": until[1], "quietly": "1"}
    assert client.post(f"{path}/seen", data=data).status_code == 200
    assert shown(client, path) == {"1"}, "what came after the page was made is still new"
    answer = client.post(f"{path}/seen", data={"csrf_token": token})
    assert answer.headers["Location"].endswith("/fr/account/inbox")
    assert shown(client, path) == {"0"}
    assert 'id="seen"' not in text_of(client.get(path))


def test_a_stranger_sees_nobodys_news(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    one = answered(post)
    sign_in(client, make_person())
    token = csrf(client, "/fr/account/")
    path = f"/fr/answers/{one.uuid}/seen"
    assert client.post(path, data={"csrf_token": token}).status_code == 404
    assert str(one.uuid) not in text_of(client.get("/fr/account/inbox"))


def test_more_than_a_hundred_is_said_so(app: Flask) -> None:
    post, editor = need(quantity=None)
    will_write()
    for _ in range(counts.MOST + 3):
        one = Response(post=post, person=make_person(), moved_at=NOW, confirmed_at=NOW)
        db.session.add(one)
        db.session.flush()
        unread.mark(one, Actor.EDITOR)
    news.commit()
    assert counts.in_words(count(editor)) == "99+"
