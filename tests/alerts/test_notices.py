"""News for one person: one mail after a storm, in their rhythm, with a way to hear less."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from board import bounces, clock, mail, news
from board.accounts import letters as accounts
from board.accounts.models import Person
from board.alerts import notices, services
from board.alerts.jobs import tell_news
from board.alerts.letters import Told
from board.alerts.models import Notification
from board.alerts.notices import Event, Facts, notify, tells
from board.alerts.recipients import Recipient
from board.alerts.rules import STORM, NoticeKind, Quiet, Rhythm, Weight
from board.database import will_write, writing
from board.extensions import db
from tests.conftest import NOW
from tests.factories import make_person
from tests.pages import CheckedClient, csrf, sign_in

KIND = NoticeKind.OUTCOMES


@pytest.fixture(autouse=True)
def teller() -> object:
    """Put this kind of news into the words that it carries; « gone » is nothing to tell."""
    before = notices._tellers.get(KIND)

    def words(_to: Recipient, facts: Facts) -> Told | None:
        if facts["title"] == "gone":
            return None
        return Told(facts["title"], "https://exemple.org/ici", facts.get("text", ""))

    tells(KIND)(words)
    yield
    notices._tellers.pop(KIND)
    if before:
        notices._tellers[KIND] = before


def told(person: Person, key: str, title: str = "Du nouveau", thread: str = "",
         weight: Weight = Weight.USUAL) -> None:  # fmt: skip
    """Owe somebody a piece of news."""
    will_write()
    notify(Recipient.of(person), Event(KIND, key, {"title": title}, thread, weight))
    news.commit()


def later(**delay: float) -> list[mail.Mail]:
    """Let time pass and the job run; return every mail owed so far."""
    clock.fix(clock.now() + timedelta(**delay))
    with writing():
        tell_news()
        news.commit()
    return list(db.session.scalars(select(mail.Mail).order_by(mail.Mail.id)))


def test_a_storm_is_one_mail_and_an_event_is_told_once(app: Flask) -> None:
    person = make_person()
    for n in range(5):
        told(person, f"edit:{n}", f"Changement {n}")
    told(person, "edit:0", "Changement 0, relu")
    assert later(seconds=10) == []
    (one,) = later(seconds=STORM.seconds)
    assert "5 nouvelles" in one.subject
    assert "Changement 0, relu" in one.text
    told(person, "edit:3")
    assert len(later(hours=1)) == 1


def test_a_storm_that_goes_on_is_told_when_it_is_over_or_every_ten_minutes(app: Flask) -> None:
    person = make_person()
    sent: list[int] = []
    for n in range(15):
        told(person, f"edit:{n}", f"Changement {n}", "a")
        sent.append(len(later(minutes=1)))
    assert sent.index(1) == 9
    assert len(later(minutes=2)) == 2
    assert len(later(days=1)) == 2


def test_two_workers_tell_once(app: Flask) -> None:
    told(make_person(), "one")
    clock.fix(clock.now() + STORM)
    together = threading.Barrier(2)

    def tell() -> None:
        with app.app_context(), writing():
            together.wait(10)
            tell_news()
            news.commit()
            db.session.remove()

    workers = [threading.Thread(target=tell) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(later(minutes=5)) == 1


def test_two_conversations_are_two_mails_at_once_and_one_in_a_digest(app: Flask) -> None:
    person, slow = make_person(), make_person()
    services.choose(person=slow, rhythms={KIND: Rhythm.DAILY})
    for who in (person, slow):
        for thread in ("a", "b"):
            told(who, f"said:{thread}", f"Message {thread}", thread)
    assert [one.recipient for one in later(minutes=3)] == [person.email] * 2
    assert [one.recipient for one in later(days=1)][2:] == [slow.email]


def test_nothing_left_to_tell_sends_nothing(app: Flask) -> None:
    told(make_person(), "gone:1", "gone")
    assert later(minutes=3) == []
    assert db.session.scalar(select(Notification.sent_at)) is not None


def test_never_means_never_and_what_waits_is_dropped(app: Flask) -> None:
    person = make_person()
    told(person, "one")
    services.choose(person=person, rhythms={KIND: Rhythm.NEVER})
    told(person, "two")
    assert later(days=9) == []


def test_quiet_hours_are_kept(app: Flask) -> None:
    person = make_person()
    will_write()
    services.be_quiet(person=person, hours=Quiet(11, 18))  # it is noon there
    told(person, "one")
    assert later(hours=5) == []
    assert len(later(hours=2)) == 1


def test_an_address_where_nobody_lives_gets_none(app: Flask) -> None:
    person = make_person()
    will_write()
    bounces.note(person.email or "", taken=False, refused=True)
    told(person, "one")
    assert later(minutes=3) == []


def test_one_click_stops_one_kind_for_one_person(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    told(person, "one")
    (one,) = later(minutes=3)
    url = one.headers["List-Unsubscribe"].strip("<>")
    assert one.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in one.text
    db.session.rollback()
    assert client.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    told(person, "two")
    assert len(later(days=9)) == 1


def test_a_link_that_is_only_read_changes_nothing(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    told(person, "one")
    (one,) = later(minutes=3)
    page = client.get(one.headers["List-Unsubscribe"].strip("<>"), follow_redirects=True)
    assert "Moins souvent" in page.get_data(as_text=True)
    assert "token" not in page.request.url
    told(person, "two")
    assert len(later(minutes=3)) == 2
    client.post(f"/fr/notices/less/{KIND}", data={"do": "less"})
    told(person, "three")
    assert len(later(minutes=3)) == 2
    assert len(later(days=1)) == 3


def test_a_wrong_link_says_so(app: Flask, client: CheckedClient) -> None:
    assert client.post(f"/fr/notices/less/{KIND}?token=wrong").status_code == 410
    assert client.get("/fr/notices/less/nothing?token=wrong").status_code == 404


def test_a_person_chooses_rhythms_and_hours(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    news.commit()
    sign_in(client, person)
    path = "/fr/account/notices"
    chosen = {"hear_answers": "daily", "hear_messages": "never", "hear_outcomes": "weekly",
              "hear_matches": "never",
              "quiet_from": "22", "quiet_until": "7", "csrf_token": csrf(client, path)}  # fmt: skip
    assert client.post(path, data=chosen).status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert page.count("selected") >= 6
    wrong = client.post(path, data=chosen | {"quiet_until": "22", "hear_answers": "hourly"})
    assert wrong.status_code == 422
    assert "pas dans la liste" in wrong.get_data(as_text=True)
    wrong = client.post(path, data=chosen | {"quiet_until": "none"})
    assert "deux heures différentes" in wrong.get_data(as_text=True)
    assert clock.now() == NOW


def test_what_an_address_cannot_take_today_is_one_digest_in_the_morning(app: Flask) -> None:
    person = make_person()
    for n in range(mail.MAILS_A_DAY + 5):
        told(person, f"said:{n}", f"Message {n}", f"conversation {n}")
    sent = later(minutes=3)
    assert len(sent) == mail.MAILS_A_DAY
    told(person, "yes", "C’est oui", "conversation 1", Weight.ALWAYS)
    accounts.ask_change(person, person.email or "")
    news.commit()
    extra = [one.subject for one in later(minutes=5)[len(sent) :]]
    assert "C’est oui" in extra, "what was promised still comes"
    assert len(extra) == 3, "and what an account needs"
    digest = later(hours=19)[-1]
    assert "5 nouvelles" in digest.subject
    assert "Message 24" in digest.text
    assert db.session.scalar(select(Notification.id).where(Notification.sent_at.is_(None))) is None
