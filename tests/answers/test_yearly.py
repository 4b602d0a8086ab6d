"""« Relancer comme l’an dernier ? »: asked once; one press, a draft; who helped comes first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from board import clock, news
from board.accounts.models import Person
from board.answers import deciding, jobs, queries, yearly, years
from board.answers.models import Response
from board.answers.rules import State
from board.database import will_write, writing
from board.extensions import db
from board.mail import Mail
from board.posts import services as posts
from board.posts.models import Post
from board.posts.rules import Outcome
from tests.answers.helpers import answered, link_in, mails, need
from tests.answers.test_pages import guest_sends, only
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person
from tests.pages import CheckedClient, csrf, sign_in, text_of

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 10, 3), date(2026, 10, 4)  # a Saturday
ASKED = "comme l’an dernier"


def met(**line: object) -> tuple[Post, Person, Response]:
    """A need for one week-end, met by an organisation."""
    post, editor = need(needed_from=FIRST, needed_until=LAST, **line)
    helper = make_person()
    mine = make_organisation(responsible=helper, name="Cuisine collective")
    one = answered(post, by=helper, organisation=mine)
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    deciding.complete(response=one, by=editor)
    posts.mark_met(post=post, by=editor, outcome=Outcome.MET_HERE)
    news.commit()
    return post, editor, one


def work(at: datetime) -> None:
    """Let the worker ask, twice."""
    clock.fix(at)
    for _ in range(2):
        with writing():
            jobs.ask_to_begin_again()
            news.commit()
    db.session.expire_all()


def asked(person: Person) -> list[str]:
    """The links of the mails that ask somebody whether to begin again."""
    return [link_in(one) for one in mails(person.email) if ASKED in one.subject]


def up(post: Post, by: Person) -> Post:
    """The draft of the year after, published."""
    will_write()
    copy = yearly.again(post=post, by=by)
    news.commit()
    will_write()
    posts.publish(post=copy, by=by)
    news.commit()
    return copy


@pytest.mark.parametrize(
    ("day", "comes"),
    [(date(2026, 10, 3), date(2027, 10, 2)), (date(2026, 12, 25), date(2027, 12, 25)),
     (date(2026, 9, 7), date(2027, 9, 6)), (date(2024, 5, 4), date(2027, 5, 1))],
)  # fmt: skip
def test_a_day_comes_back_on_its_weekday_and_a_feast_on_its_own(day: date, comes: date) -> None:
    feasts = {date(2026, 12, 25): "Noël", date(2027, 12, 25): "Noël",
              date(2026, 9, 7): "Fête du travail", date(2027, 9, 6): "Fête du travail"}  # fmt: skip
    assert years.comes_back(day, date(2026, 12, 31), feasts) == comes


def test_its_author_is_asked_once_eleven_months_on(app: Flask) -> None:
    post, editor, _one = met()
    unmet, _editor = need(needed_from=FIRST)
    assert unmet.met_at is None
    work(datetime(2027, 8, 30, 14, tzinfo=NOW.tzinfo))
    assert asked(editor) == []
    work(datetime(2027, 9, 4, 14, tzinfo=NOW.tzinfo))
    (link,) = asked(editor)
    assert link == f"/fr/p/{post.uuid}/again"
    work(datetime(2027, 9, 20, 14, tzinfo=NOW.tzinfo))
    assert len(asked(editor)) == 1


def test_when_its_author_left_whoever_answers_for_the_organisation_is_asked(app: Flask) -> None:
    post, editor, _one = met()
    other = make_person()
    make_membership(other, post.organisation).role = "responsible"  # type: ignore[assignment]
    post.author_id = None
    news.commit()
    work(datetime(2027, 9, 4, 14, tzinfo=NOW.tzinfo))
    assert len(asked(other)) == len(asked(editor)) == 1


def test_one_press_makes_a_draft_a_year_later_and_only_one(
    app: Flask, client: CheckedClient
) -> None:
    post, editor, _one = met()
    clock.fix(NOW + 355 * DAY)
    sign_in(client, editor)
    path = f"/fr/p/{post.uuid}/again"
    page = text_of(client.get(path))
    assert "Cuisine collective" in page
    assert "samedi\u00a02" in page
    assert db.session.query(Post).count() == 1
    answer = client.post(path, data={"csrf_token": csrf(client, path)})
    copy = db.session.query(Post).order_by(Post.id.desc()).first()
    assert copy is not None
    assert answer.headers["Location"].endswith(f"/fr/p/{copy.uuid}/edit")
    assert (copy.published_at, copy.copied_from_id) == (None, post.id)
    line = copy.lines[0]
    assert (line.needed_from, line.needed_until) == (FIRST + 364 * DAY, LAST + 364 * DAY)
    assert line.committed == 0
    again = client.post(path, data={"csrf_token": csrf(client, "/fr/account/")})
    assert "C’est déjà relancé" in text_of(again)
    assert db.session.query(Post).count() == 2


def test_what_was_not_met_is_not_begun_again(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    sign_in(client, editor)
    assert client.get(f"/fr/p/{post.uuid}/again").status_code == 404


def test_who_helped_is_told_once_when_it_is_up_and_stands_first_in_the_reserve(
    app: Flask,
) -> None:
    post, editor, one = met(quantity=9)
    assert one.person is not None
    clock.fix(NOW + 355 * DAY)
    before = len(mails(one.person.email))
    copy = up(post, editor)
    told = mails(one.person.email)[before:]
    assert len(told) == 1
    assert "Maison du Canal relance" in told[0].subject
    assert str(copy.uuid) in told[0].text
    will_write()
    copy.title = "Repas de quartier, encore"
    news.commit()
    assert len(mails(one.person.email)) == before + 1
    will_write()
    deciding.take_answers(post=copy, cap=1, first_come=())
    news.commit()
    clock.fix(NOW + 355.5 * DAY)
    first = answered(copy)
    waits = answered(copy, reserve=True)
    clock.fix(NOW + 356 * DAY)
    again = answered(copy, by=one.person, organisation=one.organisation, reserve=True)
    assert (first.state, waits.state, again.state) == (
        State.RECEIVED, State.RESERVE, State.RESERVE)  # fmt: skip
    assert [queries.count_before(who) for who in (waits, again)] == [1, 0]
    assert yearly.helped_before([first, waits, again]) == {again.id}


def test_editors_read_who_helped_the_year_before(app: Flask, client: CheckedClient) -> None:
    post, editor, one = met(quantity=9)
    clock.fix(NOW + 355 * DAY)
    copy = up(post, editor)
    answered(copy, by=one.person, organisation=one.organisation)
    answered(copy)
    sign_in(client, editor)
    page = text_of(client.get(f"/fr/p/{copy.uuid}/answers"))
    assert page.count("A aidé l’an dernier") == 1


def guest_helps(app: Flask, client: CheckedClient) -> tuple[Post, Person]:
    """A need that Paul met without an account."""
    post, editor = need(needed_from=FIRST, needed_until=LAST)
    guest_sends(client, post)
    browser = app.test_client()
    browser.post(browser.get(link_in(mails("paul@exemple.org")[0])).location)
    will_write()
    deciding.accept(response=only(), by=editor, quantities={})
    news.commit()
    return post, editor


def guest_helped(app: Flask, client: CheckedClient) -> tuple[Post, Person]:
    """What a guest helped with is done, and met."""
    post, editor = guest_helps(app, client)
    will_write()
    deciding.complete(response=only(), by=editor)
    posts.mark_met(post=post, by=editor, outcome=Outcome.MET_HERE)
    news.commit()
    return post, editor


def forget_guests(at: datetime) -> None:
    """Let the worker forget whom it is time to forget."""
    clock.fix(at)
    with writing():
        jobs.ask_how_it_ended()
        news.commit()
        jobs.purge()
        news.commit()
    db.session.expire_all()


def test_who_helped_without_an_account_is_forgotten_and_the_page_says_so(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = guest_helped(app, client)
    sign_in(client, editor)
    path = f"/fr/p/{post.uuid}/again"
    page = text_of(client.get(path))
    assert "Paul" in page and "oubliés 90" not in page, "still kept"
    forget_guests(NOW + 355 * DAY)
    sign_in(client, editor)
    page = text_of(client.get(path))
    assert "Paul" not in page and "oubliés 90" in page
    up(post, editor)
    assert "paul@exemple.org" not in {one.recipient for one in db.session.scalars(db.select(Mail))
                                      if ASKED in one.subject}  # fmt: skip


def test_a_guest_whose_address_is_kept_hears_of_the_year_after(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = guest_helped(app, client)
    copy = up(post, editor)
    assert any(str(copy.uuid) in one.text for one in mails("paul@exemple.org"))


def test_a_guest_is_forgotten_though_nobody_ever_said_how_it_ended(
    app: Flask, client: CheckedClient
) -> None:
    guest_helps(app, client)
    forget_guests(NOW + 30 * DAY)
    forget_guests(NOW + 100 * DAY)
    assert only().guest_email == "paul@exemple.org"
    forget_guests(NOW + 125 * DAY)
    assert only().guest_email is None and only().state is State.COMMITTED


def test_what_had_no_days_promises_none(app: Flask, client: CheckedClient) -> None:
    post, editor, _one = met()
    will_write()
    for line in post.lines:
        line.needed_from = line.needed_until = None
    post.expires_at = None
    news.commit()
    clock.fix(NOW + 355 * DAY)
    sign_in(client, editor)
    page = text_of(client.get(f"/fr/p/{post.uuid}/again"))
    assert "n’avait pas de dates" in page and "avancent" not in page
