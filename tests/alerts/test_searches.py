"""Kept searches: with an account or an address, told once, of what is public only."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update

from board import clock, mail, news
from board.accounts.models import Person
from board.alerts import services
from board.alerts.jobs import forget, tell_searches
from board.alerts.models import SavedSearch
from board.alerts.rules import MOST_SEARCHES, Quiet
from board.database import will_write, writing
from board.extensions import db
from board.posts.rules import Audience
from tests.factories import make_person, make_post
from tests.pages import CheckedClient, csrf, sign_in


def mails() -> list[mail.Mail]:
    """Return every mail owed so far."""
    db.session.rollback()
    return list(db.session.scalars(select(mail.Mail).order_by(mail.Mail.id)))


def later(**delay: float) -> list[mail.Mail]:
    """Let time pass and the job run; return every mail owed so far."""
    clock.fix(clock.now() + timedelta(**delay))
    with writing():
        tell_searches()
        news.commit()
    return mails()


def publish(title: str, **values: object) -> None:
    """Publish a post a minute from now."""
    clock.fix(clock.now() + timedelta(minutes=1))
    make_post(title=title, **values)  # type: ignore[arg-type]
    news.commit()


def keep(client: CheckedClient, person: Person, query: str, rhythm: str = "at_once") -> None:
    """Keep a search as its form does."""
    path = f"/fr/follow?{query}"
    sign_in(client, person)
    answer = client.post(path, data={"rhythm": rhythm, "csrf_token": csrf(client, path)})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def test_the_board_offers_to_keep_what_it_shows(app: Flask, client: CheckedClient) -> None:
    page = client.get("/fr/?q=chaises&kind=tool&page=1").get_data(as_text=True)
    assert 'href="/fr/follow?q=chaises&amp;kind=tool"' in page
    page = client.get("/fr/follow?q=chaises&kind=tool").get_data(as_text=True)
    assert "chaises" in page
    assert "Votre adresse courriel" in page


def test_a_person_hears_once_of_what_fits_and_is_new(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    publish("Chaises d’avant")
    keep(client, person, "q=chaises")
    assert later(minutes=5) == []
    publish("Chaises empilables")
    publish("Perceuse", lines=[{"title": "Perceuse"}])
    publish("Chaises de membres", audience=Audience.MEMBERS)
    (one,) = later(minutes=5)
    assert "Chaises empilables" in one.text
    assert not re.search("avant|Perceuse|membres", one.text)
    assert "Une nouvelle annonce" in one.subject
    assert len(later(minutes=5)) == 1


def test_several_searches_are_one_mail_in_their_rhythm(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    for query, rhythm in (("q=chaises", "daily"), ("purpose=offer", "daily"), ("", "weekly")):
        keep(client, person, query, rhythm)
    publish("Chaises")
    assert later(minutes=5) == []
    (one,) = later(days=1)
    assert one.text.count("Chaises") == 2
    assert len(later(days=7)) == 2


def test_a_daily_search_without_news_looks_once_and_speaks_in_the_morning_only(
    app: Flask, client: CheckedClient
) -> None:
    person = make_person()
    keep(client, person, "q=chaises", "daily")
    publish("Perceuse", lines=[{"title": "Perceuse"}])
    assert later(hours=19) == []  # the next day, a little after seven: nothing that fits
    publish("Chaises du matin")
    for _ in range(3):
        assert later(hours=5) == [], "it had its look of the day"
    (one,) = later(hours=9)
    assert "Chaises du matin" in one.text
    (kept,) = db.session.scalars(select(SavedSearch))
    assert kept.told_at == clock.now()


def test_a_search_keeps_the_quiet_hours_of_its_person(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    keep(client, person, "q=chaises", "at_once")
    will_write()
    services.be_quiet(person=person, hours=Quiet(12, 14))
    publish("Chaises")
    assert later(hours=1) == []
    assert len(later(hours=1)) == 1


def test_what_an_address_cannot_take_today_is_told_with_the_next(
    app: Flask, client: CheckedClient
) -> None:
    person = make_person()
    keep(client, person, "q=chaises", "at_once")
    publish("Chaises")
    for _ in range(mail.MAILS_A_DAY):
        mail.owe(to=person.email or "", subject="x", text="x", language="fr")
    news.commit()
    assert len(later(minutes=5)) == mail.MAILS_A_DAY
    publish("Chaises encore")
    assert later(days=1)[-1].subject.startswith("2 nouvelles")


def test_a_guest_confirms_by_a_link_that_says_nothing_of_theirs(
    app: Flask, client: CheckedClient
) -> None:
    sent = client.post(
        "/fr/follow?q=gratin", data={"rhythm": "at_once", "email": "Ana@Exemple.org"}
    )
    assert sent.status_code == 200
    (asked,) = mails()
    assert asked.recipient == "ana@exemple.org"
    assert "gratin" not in asked.text + asked.subject
    url = re.search(r"http\S+", asked.text)
    assert url
    publish("Gratin pour trente")
    assert len(later(minutes=5)) == 1
    page = client.get(url[0], follow_redirects=True)
    assert "gratin" in page.get_data(as_text=True)
    assert len(later(minutes=5)) == 1
    assert client.post("/fr/follow/confirm").status_code == 303
    assert client.get(url[0], follow_redirects=True).status_code == 410
    publish("Gratin de la fête")
    told = later(minutes=5)[1]
    assert "de la fête" in told.text
    stop = told.headers["List-Unsubscribe"].strip("<>")
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    publish("Gratin du soir")
    assert len(later(minutes=5)) == 2
    assert db.session.scalar(select(SavedSearch.id)) is None


def test_what_nobody_confirms_is_forgotten(app: Flask, client: CheckedClient) -> None:
    client.post("/fr/follow?q=gratin", data={"rhythm": "daily", "email": "ana@exemple.org"})
    clock.fix(clock.now() + timedelta(days=4))
    with writing():
        forget()
        news.commit()
    assert db.session.scalar(select(SavedSearch.id)) is None


def test_bad_input_keeps_what_was_typed(app: Flask, client: CheckedClient) -> None:
    wrong = client.post("/fr/follow?q=chaises", data={"rhythm": "hourly", "email": "ana@"})
    assert wrong.status_code == 422
    assert 'value="ana@"' in wrong.get_data(as_text=True)
    assert client.get("/fr/follow?kind=gold").status_code == 400
    flood = [client.post("/fr/follow", data={"rhythm": "daily", "email": "ana@exemple.org"})
             for _ in range(7)]  # fmt: skip
    assert flood[-1].status_code == 429


def test_what_strangers_asked_takes_no_place_of_what_an_address_keeps(
    app: Flask, client: CheckedClient
) -> None:
    will_write()
    kept = {"email": "ana@exemple.org", "query": "q=x", "rhythm": "daily"}
    db.session.add_all(SavedSearch(**kept) for _ in range(MOST_SEARCHES))
    news.commit()
    asked = {"rhythm": "daily", "email": "ana@exemple.org"}
    assert client.post("/fr/follow?q=gratin", data=asked).status_code == 200
    page = re.search(r"http\S+", mails()[-1].text)
    assert page
    client.get(page[0])
    assert client.post("/fr/follow/confirm").status_code == 303
    db.session.execute(update(SavedSearch).values(confirmed_at=clock.now()))
    news.commit()
    other = client.post("/fr/follow?q=gratin", data=asked)
    assert other.status_code == 200, "whoever types an address learns nothing of it"
    page = re.search(r"http\S+", mails()[-1].text)
    assert page
    client.get(page[0])
    full = client.post("/fr/follow/confirm")
    assert full.status_code == 422 and "beaucoup de recherches" in full.get_data(as_text=True)


def test_an_address_is_asked_only_so_often_in_a_day(app: Flask, client: CheckedClient) -> None:
    codes = []
    for n in range(12):
        clock.fix(clock.now() + timedelta(minutes=15))
        asked = {"rhythm": "daily", "email": f"ana+{n}@exemple.org"}
        codes.append(client.post("/fr/follow?q=gratin", data=asked).status_code)
    assert codes == [200] * 10 + [429] * 2


def test_nobody_touches_anothers_search(app: Flask, client: CheckedClient) -> None:
    owner, stranger = make_person(), make_person()
    keep(client, owner, "q=chaises")
    kept = db.session.scalar(select(SavedSearch))
    assert kept is not None
    sign_in(client, stranger)
    token = csrf(client, "/fr/account/notices")
    path = f"/fr/account/searches/{kept.uuid}"
    assert client.post(path, data={"do": "forget", "csrf_token": token}).status_code == 404
    assert "chaises" not in client.get("/fr/account/notices").get_data(as_text=True)
    sign_in(client, owner)
    token = csrf(client, "/fr/account/notices")
    assert client.post(path, data={"rhythm": "x", "csrf_token": token}).status_code == 422
    assert client.post(path, data={"rhythm": "weekly", "csrf_token": token}).status_code == 303
    assert client.post(path, data={"do": "forget", "csrf_token": token}).status_code == 303
    will_write(False)
    assert "chaises" in str(kept.query)
