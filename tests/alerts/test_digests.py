"""One digest for each person and morning, with all kinds that are due; each can be heard less."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Flask

from board import clock, mail, news
from board.accounts.models import Person
from board.alerts import queries, services
from board.alerts.jobs import tell_matches, tell_news, tell_searches
from board.alerts.models import SavedSearch
from board.alerts.rules import NoticeKind, Quiet, Rhythm
from board.answers import services as answers
from board.answers.models import Response
from board.answers.rules import Actor
from board.database import will_write, writing
from board.extensions import db
from tests.answers.helpers import need, proposed
from tests.conftest import NOW
from tests.factories import make_post
from tests.matching.helpers import need as needs
from tests.matching.helpers import offer, work
from tests.pages import CheckedClient

# NOW is a Tuesday at noon in Montréal.
MORNING, MONDAY = NOW + timedelta(hours=19), NOW + timedelta(days=5, hours=19)
DAILY = (NoticeKind.ANSWERS, NoticeKind.MESSAGES, NoticeKind.MATCHES)


def at(moment: datetime, to: Person) -> list[mail.Mail]:
    """Let the worker do all its work at an instant; return every mail to somebody so far."""
    clock.fix(moment)
    for job in (tell_searches, tell_news, tell_matches):
        with writing():
            job()
            news.commit()
    db.session.rollback()
    rows = db.select(mail.Mail).where(mail.Mail.recipient == to.email)
    return list(db.session.scalars(rows.order_by(mail.Mail.id)))


def busy_day() -> tuple[Person, Response]:
    """An editor who hears daily of everything gets an answer, a message, a pair and a find."""
    post, editor = need()
    needs(post.organisation)
    for kind in DAILY:
        services.choose(person=editor, rhythms={kind: Rhythm.DAILY})
    db.session.add(SavedSearch(person=editor, query="q=gratin", name="gratin",
                               rhythm=Rhythm.DAILY, confirmed_at=clock.now()))  # fmt: skip
    news.commit()
    assert at(NOW, editor) == []
    response = proposed(post)
    will_write()
    answers.say(response=response, side=Actor.ANSWERER, author=response.person, body="Alors ?")
    offer(title="Perceuse d’ici")
    clock.fix(NOW + timedelta(minutes=1))
    make_post(title="Gratin pour trente")
    news.commit()
    work()
    return editor, response


def test_all_kinds_that_are_due_are_one_mail_a_day(app: Flask, client: CheckedClient) -> None:
    editor, _response = busy_day()
    assert at(NOW + timedelta(hours=1), editor) == []
    (one,) = at(MORNING, editor)
    assert one.subject == "4 nouvelles pour vous"
    for said in ("répond", "Alors", "Gratin pour trente", "Perceuse d’ici"):
        assert said in one.text, one.text
    assert one.text.count("Bonjour,") == 1
    lesser = re.findall(r"/notices/less/(\w+)\?", one.text)
    assert sorted(lesser) == ["answers", "matches", "messages", "searches"]
    assert len(at(MORNING + timedelta(hours=8), editor)) == 1
    assert len(at(MONDAY, editor)) == 1, "no empty digest"
    stop = one.headers["List-Unsubscribe"].strip("<>")
    page = client.get(stop, follow_redirects=True).get_data(as_text=True)
    assert "Les messages des conversations" in page and "gratin" in page
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    rhythms = queries.rhythms_of(editor.id)
    assert {rhythms[kind] for kind in DAILY} == {Rhythm.NEVER}
    assert rhythms[NoticeKind.OUTCOMES] is Rhythm.AT_ONCE, "what it did not tell goes on"


def test_what_is_due_weekly_joins_the_digest_of_its_day_after_quiet_hours(app: Flask) -> None:
    editor, response = busy_day()
    services.choose(person=editor, rhythms={NoticeKind.MATCHES: Rhythm.WEEKLY})
    services.be_quiet(person=editor, hours=Quiet(5, 9))
    news.commit()
    assert at(MORNING, editor) == []
    (one,) = at(MORNING + timedelta(hours=2), editor)
    assert "Perceuse" not in one.text and "Gratin" in one.text
    clock.fix(MONDAY - timedelta(hours=12))
    will_write()
    answers.say(response=response, side=Actor.ANSWERER, author=response.person, body="Encore moi")
    news.commit()
    assert len(at(MONDAY, editor)) == 1
    two = at(MONDAY + timedelta(hours=2), editor)
    assert len(two) == 2
    assert "Perceuse d’ici" in two[-1].text and "Encore moi" in two[-1].text


def test_a_daily_search_speaks_in_the_morning_though_nothing_was_published_before(
    app: Flask,
) -> None:
    _post, editor = need()
    db.session.add(SavedSearch(person=editor, query="q=gratin", name="gratin",
                               rhythm=Rhythm.DAILY, confirmed_at=clock.now()))  # fmt: skip
    news.commit()
    assert at(MORNING, editor) == []
    clock.fix(MORNING + timedelta(hours=3))
    make_post(title="Gratin pour trente")
    news.commit()
    assert at(MORNING + timedelta(hours=4), editor) == []
    assert len(at(MORNING + timedelta(days=1), editor)) == 1
