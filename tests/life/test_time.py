"""What time brings, over two hundred days, with stops of days in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from board import clock, news
from board.database import will_write, writing
from board.extensions import db
from board.life import jobs as life_jobs
from board.organisations.models import Membership
from board.posts import rules
from board.posts.rules import VISITOR, Freshness
from board.posts.services import confirm
from board.search import current_engine
from board.search.filters import Query
from tests.conftest import NOW
from tests.factories import make_post
from tests.life.helpers import (
    DAY,
    board_version,
    days_of,
    ends_in,
    events,
    go_to,
    group,
    last_mail,
    letters,
    live,
    work,
)


@pytest.fixture(autouse=True)
def _mail_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mails of two hundred days are counted at their end."""
    monkeypatch.setattr("board.mail.KEEP_SENT", timedelta(days=1000))


def test_a_standing_post_asks_its_author_then_everybody_and_is_shown_last(app: Flask) -> None:
    organisation, responsible, writer = group()
    post = make_post(by=organisation, author=writer)
    work(app)
    live(app, 85, 95)
    assert days_of(writer) == [90]
    assert days_of(responsible) == []
    assert rules.freshness(post, clock.now()) is Freshness.TO_CONFIRM
    live(app, 115, 125)
    assert days_of(writer) == [90, 120]
    assert days_of(responsible) == [120]
    assert rules.freshness(post, clock.now()) is Freshness.STALE
    live(app, 150, 200)
    assert len(letters()) == 3


def test_what_was_confirmed_asks_again_ninety_days_later(app: Flask) -> None:
    organisation, _responsible, writer = group()
    post = make_post(by=organisation, author=writer)
    go_to(app, 90)
    will_write()
    confirm(post=post, by=writer)
    work(app)
    live(app, 91, 100)
    live(app, 175, 185)
    assert days_of(writer) == [90, 180]


def test_a_dated_post_warns_ends_and_is_closed(app: Flask) -> None:
    organisation, responsible, writer = group()
    post = make_post(by=organisation, author=writer, expires_at=ends_in(20), title="Grue bleue")
    work(app)
    live(app, 1, 20)
    assert days_of(writer) == [13, 19]
    assert days_of(responsible) == [19]
    assert "5 octobre" in last_mail(writer).text
    go_to(app, 21)
    assert events(post) == {"expired": 1}
    assert not rules.in_lists(post, VISITOR, clock.now())
    assert rules.in_lists_of_closed(post, VISITOR, clock.now())
    assert current_engine().suggest("grue b")
    live(app, 22, 60)
    assert events(post) == {"expired": 1, "closed": 1}
    assert not rules.in_lists_of_closed(post, VISITOR, clock.now())
    assert current_engine().suggest("grue b") == []
    assert current_engine().search(Query(q="grue", closed=True)).total == 0
    assert len(letters()) == 3


def test_after_a_stop_of_days_each_is_told_once_and_only_the_latest(app: Flask) -> None:
    organisation, responsible, writer = group()
    make_post(by=organisation, author=writer, expires_at=ends_in(20))
    make_post(by=organisation, author=writer, expires_at=ends_in(30), title="Tables")
    make_post(by=organisation, author=writer, title="Salle")
    work(app)
    go_to(app, 25)
    assert days_of(writer) == [25]
    text = last_mail(writer).text
    assert "Sont terminées" in text
    assert "Se terminent bientôt" in text
    go_to(app, 130)
    assert days_of(writer) == [25, 130]
    assert "Sont montrées en dernier" in last_mail(writer).text
    assert "Sont-elles toujours vraies" not in last_mail(writer).text
    live(app, 131, 140)
    assert days_of(writer) == [25, 130]
    assert days_of(responsible) == [25, 130]


def test_however_many_posts_one_mail_a_day(app: Flask) -> None:
    organisation, _responsible, writer = group()
    for number in range(25):
        make_post(by=organisation, author=writer, title=f"Chaises {number}",
                  confirmed_at=NOW - (90 - number % 2) * DAY)  # fmt: skip
    work(app)
    for hours in range(0, 12):
        clock.fix(NOW + timedelta(hours=hours))
        work(app)
    assert days_of(writer) == [0]
    assert last_mail(writer).subject == "13 de vos annonces ont besoin de vous"
    assert last_mail(writer).text.count("/still?token=") == 13
    go_to(app, 1)
    assert last_mail(writer).subject == "12 de vos annonces ont besoin de vous"
    assert days_of(writer) == [0, 1]


def test_a_long_list_is_cut_and_leads_to_its_page(app: Flask) -> None:
    organisation, _responsible, writer = group()
    for number in range(30):
        make_post(by=organisation, author=writer, title=f"Chaises {number}",
                  confirmed_at=NOW - 91 * DAY)  # fmt: skip
    work(app)
    mail = last_mail(writer)
    assert mail.text.count("/still?token=") == 20
    assert "Et 10 autres annonces." in mail.text
    assert "http://127.0.0.1:8000/fr/account/due" in mail.text
    live(app, 1, 3)
    assert len(days_of(writer)) == 1


def test_reminders_wait_for_the_morning(app: Flask) -> None:
    organisation, _responsible, writer = group()
    make_post(by=organisation, author=writer, confirmed_at=NOW - 95 * DAY)
    clock.fix(NOW.replace(hour=11, minute=59))
    work(app)
    assert letters() == []
    clock.fix(NOW.replace(hour=12))
    work(app)
    assert len(letters()) == 1


def test_a_mail_comes_in_the_persons_language_as_text_and_as_html(app: Flask) -> None:
    organisation, responsible, _writer = group(author=False)
    responsible.language = "en"
    make_post(by=organisation, confirmed_at=NOW - 95 * DAY)
    work(app)
    mail = last_mail(responsible)
    assert (mail.language, mail.subject) == ("en", "One of your posts needs you")
    assert "Are they still true?" in mail.text
    assert mail.html is not None
    assert 'lang="en"' in mail.html
    assert "/en/p/" in mail.html


def test_who_left_is_not_told_and_the_responsible_is_instead(app: Flask) -> None:
    organisation, responsible, writer = group()
    make_post(by=organisation, author=writer)
    work(app)
    will_write()
    seat = db.session.query(Membership).filter_by(person_id=writer.id).one()
    seat.ended_at = NOW
    work(app)
    go_to(app, 90)
    assert days_of(writer) == []
    assert days_of(responsible) == [90]


@pytest.mark.parametrize("what", [
    {"paused_at": NOW}, {"met_at": NOW}, {"withdrawn_at": NOW}, {"hidden_at": NOW},
    {"published_at": None},
])  # fmt: skip
def test_what_is_not_open_asks_nothing(app: Flask, what: dict[str, Any]) -> None:
    organisation, _responsible, writer = group()
    make_post(by=organisation, author=writer, **what)
    make_post(by=organisation, author=writer, expires_at=ends_in(95), **what)
    work(app)
    live(app, 88, 122)
    assert letters() == []


def test_a_short_life_is_not_warned_of_what_its_author_just_chose(app: Flask) -> None:
    organisation, _responsible, writer = group()
    make_post(by=organisation, author=writer, expires_at=ends_in(5))
    work(app)
    live(app, 1, 8)
    assert days_of(writer) == [4]


def test_what_ends_in_seven_days_or_tomorrow_warns_nobody_on_the_day_it_is_published(
    app: Flask,
) -> None:
    organisation, responsible, writer = group()
    make_post(by=organisation, author=writer, expires_at=ends_in(7))
    make_post(by=organisation, author=responsible, expires_at=ends_in(1))
    live(app, 0, 9)
    assert days_of(writer) == [6]
    assert days_of(responsible) == [6], "the nearest warning of what others wrote still comes"


def test_caches_move_when_time_changes_what_is_public(app: Flask) -> None:
    organisation, _responsible, writer = group()
    make_post(by=organisation, author=writer, expires_at=ends_in(0))
    make_post(by=organisation, author=writer, title="Salle", confirmed_at=NOW - 119 * DAY)
    work(app)
    seen = [board_version()]
    for hours in (1, 12, 24, 25):
        clock.fix(NOW + timedelta(hours=hours))
        work(app)
        seen.append(board_version())
    assert seen[1] == seen[0], "nothing happened in this hour"
    assert seen[2] > seen[1], "midnight, and an end"
    assert seen[3] > seen[2], "a post became stale"
    assert seen[4] == seen[3]


def test_midnight_alone_moves_the_board_once(app: Flask) -> None:
    work(app)
    clock.fix(NOW.replace(hour=3, minute=59) + DAY)
    work(app)
    before = board_version()
    clock.fix(NOW.replace(hour=4) + DAY)
    work(app)
    work(app)
    assert board_version() == before + 1


def test_two_workers_at_once_tell_each_person_once(app: Flask) -> None:
    organisation, responsible, writer = group()
    for number in range(5):
        make_post(by=organisation, author=writer, title=f"Chaises {number}",
                  confirmed_at=NOW - 121 * DAY)  # fmt: skip
    news.commit()
    db.session.rollback()
    together = threading.Barrier(2)

    def remind() -> None:
        with app.app_context(), writing():
            together.wait(10)
            life_jobs.remind()
            news.commit()

    workers = [threading.Thread(target=remind) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(days_of(writer)) == 1
    assert len(days_of(responsible)) == 1


def test_what_an_address_cannot_take_today_is_told_another_day(app: Flask) -> None:
    from board import mail

    organisation, _responsible, writer = group()
    make_post(by=organisation, author=writer, confirmed_at=NOW - 95 * DAY)
    for _ in range(mail.MAILS_A_DAY):
        will_write()
        mail.owe(to=writer.email or "", subject="x", text="x", language="fr")
    work(app)
    assert len(letters(writer)) == mail.MAILS_A_DAY
    go_to(app, 2)
    assert len(letters(writer)) == mail.MAILS_A_DAY + 1
