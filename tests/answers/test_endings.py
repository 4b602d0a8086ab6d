"""« Comment cela s’est-il passé ? »: both sides are asked once, one button says it, once."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from board import clock, news
from board.accounts.models import Person
from board.answers import deciding, jobs, services, yearly
from board.answers.holds import Wanted
from board.answers.models import OutcomeAsked, Response
from board.answers.rules import State
from board.answers.services import Answerer, Said
from board.database import will_write, writing
from board.extensions import db
from board.organisations.models import Membership
from board.posts import services as posts
from board.posts.models import Post
from board.posts.rules import Outcome
from tests.answers.helpers import answered, line_of, link_in, loan, mails, need
from tests.conftest import NOW
from tests.pages import CheckedClient, text_of

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 9, 20), date(2026, 9, 22)
ASKED = "Comment s’est passé"


def agreed(post: Post, editor: Person, **values: object) -> Response:
    """An answer to which its editor said yes."""
    one = answered(post, **values)  # type: ignore[arg-type]
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    return one


def work(at: object) -> None:
    """Let the worker ask, twice: nobody is asked twice."""
    clock.fix(at)  # type: ignore[arg-type]
    for _ in range(2):
        with writing():
            jobs.ask_how_it_ended()
            news.commit()
    db.session.expire_all()


def asked(email: str | None) -> list[str]:
    """The links of the mails that ask somebody how it ended."""
    return [link_in(one) for one in mails(email) if one.subject.startswith(ASKED)]


def follow(client: CheckedClient, link: str) -> str:
    """Open a mail's link, and return the clean address that it leads to."""
    answer = client.get(link)
    assert answer.status_code == 303
    return urlsplit(answer.headers["Location"]).path


def say(client: CheckedClient, link: str, outcome: str) -> int:
    """Press the one button of a mail's page."""
    path = follow(client, link)
    page = text_of(client.get(path))
    assert page.split("<main")[1].count("<button") == 1
    return client.post(path, data={"outcome": outcome}).status_code


def test_after_its_last_day_both_sides_are_asked_once_and_the_first_word_counts(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = loan()
    one = agreed(post, editor, n=12, first=FIRST, last=LAST)
    assert one.person is not None
    work(NOW + 7 * DAY)
    assert asked(one.person.email) == []
    work(NOW + 8 * DAY)
    (hers,), (theirs,) = asked(one.person.email), asked(editor.email)
    path = follow(client, hers)
    assert "Chaises pliantes\u00a0: 12" in text_of(client.get(path))
    db.session.refresh(one)
    assert one.state is State.COMMITTED, "to look changes nothing"
    assert client.post(path, data={"outcome": "no_longer_needed"}).status_code == 422
    assert client.post(path).status_code == 422
    assert say(client, hers, "met_here") == 303
    db.session.refresh(one)
    assert (one.state, one.lines[0].commitments[0].fulfilled) == (State.DONE, 12)
    path = follow(client, theirs)
    page = text_of(client.get(path))
    assert "C’est déjà dit" in page
    assert "<button" not in page.split("<main")[1]
    client.post(path, data={"outcome": "did_not_happen"})
    said = db.session.query(OutcomeAsked).one()
    assert (said.code, said.by_id) == (Outcome.MET_HERE, one.person_id)


def test_a_guest_is_asked_and_what_did_not_happen_is_free_again(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    will_write()
    wanted = (Wanted(post.lines[0], 2, FIRST, LAST),)
    services.answer(post=post, by=Answerer("fr", name="Léa", email="lea@example.org"),
                    said=Said(wanted, agrees=True))  # fmt: skip
    one = db.session.query(Response).one()
    one.confirmed_at = NOW
    news.commit()
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    assert line_of(post).committed == 2
    work(NOW + 9 * DAY)
    (link,) = asked("lea@example.org")
    assert say(client, link, "did_not_happen") == 303
    db.session.refresh(one)
    assert one.state is State.RELEASED
    assert line_of(post).committed == 0
    assert client.get(urlsplit(link).path).status_code == 410, "the link served"


def test_a_closing_says_it_for_the_editors_and_whoever_helped_is_asked(app: Flask) -> None:
    post, editor = need()
    one = agreed(post, editor)
    assert one.person is not None
    will_write()
    posts.mark_met(post=post, by=editor, outcome=Outcome.MET_HERE)
    news.commit()
    work(NOW + timedelta(hours=1))
    assert asked(one.person.email) == []
    work(NOW + 2 * DAY)
    assert len(asked(one.person.email)) == 1
    assert asked(editor.email) == []


def test_of_a_post_that_ended_editors_are_asked_once_for_all_who_came(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need(quantity=9)
    helpers = [agreed(post, editor) for _ in range(3)]
    will_write()
    post.expires_at = NOW + DAY
    news.commit()
    work(NOW + 3 * DAY)
    (link,) = asked(editor.email)
    assert say(client, link, "met_here") == 303
    db.session.expire_all()
    assert post.outcome is Outcome.MET_HERE
    assert {one.state for one in helpers} == {State.DONE}
    assert helpers[0].person is not None
    (late,) = asked(helpers[0].person.email)
    assert "C’est déjà dit" in text_of(client.get(follow(client, late)))


def test_what_an_editor_pressed_is_said_and_nobody_is_asked(app: Flask) -> None:
    post, editor = loan()
    one, two = (agreed(post, editor, first=FIRST, last=LAST) for _ in range(2))
    will_write()
    deciding.complete(response=one, by=editor)
    deciding.miss(response=two, by=editor)
    news.commit()
    work(NOW + 9 * DAY)
    assert asked(editor.email) == []
    codes = [row.code for row in db.session.query(OutcomeAsked).order_by(OutcomeAsked.id)]
    assert codes == [Outcome.MET_HERE, Outcome.DID_NOT_HAPPEN]


@pytest.mark.parametrize("pressed", [True, False])
def test_what_is_full_and_nobody_closed_is_asked_about_once_and_counts_as_met(
    app: Flask, pressed: bool
) -> None:
    post, editor = need(quantity=1)
    one = agreed(post, editor)
    if pressed:
        will_write()
        deciding.complete(response=one, by=editor)
        news.commit()
    work(NOW + 13 * DAY)
    assert asked(editor.email) == []
    assert not yearly.may_again(post)
    work(NOW + 15 * DAY)
    work(NOW + 60 * DAY)
    assert len(asked(editor.email)) == 1
    assert yearly.may_again(post)
    assert list(yearly.to_ask()) == []
    clock.fix(NOW + 355 * DAY)
    assert list(yearly.to_ask()) == [post.id]
    with writing():
        assert yearly.ask(post.id)
        news.commit()
    assert any("comme l’an dernier" in mail.subject for mail in mails(editor.email))


def test_a_full_post_is_asked_about_after_its_last_day_and_not_where_nobody_helped(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need(quantity=1, needed_from=FIRST, needed_until=LAST)
    one = agreed(post, editor)
    will_write()
    deciding.complete(response=one, by=editor)
    alone, other = need(quantity=1)
    alone.expires_at = NOW + DAY
    news.commit()
    work(NOW + 7 * DAY)
    assert asked(editor.email) == []
    work(NOW + 8 * DAY)
    (link,) = asked(editor.email)
    assert asked(other.email) == []
    assert say(client, link, "did_not_happen") == 303
    db.session.expire_all()
    assert not yearly.may_again(post)


def test_a_link_opens_nothing_for_whoever_left_nor_any_other_page(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = loan()
    one = agreed(post, editor, first=FIRST, last=LAST)
    work(NOW + 9 * DAY)
    (link,) = asked(editor.email)
    path = follow(client, link)
    other = app.test_client()
    assert other.get(path).status_code == 410
    assert other.get(path + "?token=abc").status_code == 303
    assert other.get(path).status_code == 410
    assert client.get(f"/fr/p/{post.uuid}/outcome").status_code == 410
    will_write()
    db.session.query(Membership).update({"ended_at": NOW})
    news.commit()
    assert client.get(path).status_code == 410
    assert client.post(path, data={"outcome": "met_here"}).status_code == 410
    db.session.refresh(one)
    assert one.state is State.COMMITTED
