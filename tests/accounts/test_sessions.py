"""Open sessions: rows that end when they are closed, whoever holds a copy of the cookie."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from board import clock, create_app, jobs
from board.accounts import kept, letters, queries, sessions
from board.accounts.models import KeptForm, OpenSession, Token
from board.accounts.rules import MOST_SESSIONS, TokenPurpose, device_of
from board.config import Settings
from board.database import will_write, writing
from board.extensions import db
from tests.accounts.helpers import account, again, enter, send
from tests.conftest import NOW, SECRET
from tests.pages import CheckedClient, csrf, sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
SETTINGS = "/fr/account/settings"


def another(client: CheckedClient, agent: str = "") -> CheckedClient:
    """Another browser of Ana, signed in."""
    other = client.application.test_client()
    assert isinstance(other, CheckedClient)
    other.environ_base["HTTP_USER_AGENT"] = agent
    assert enter(other).status_code == 303
    return other


def open_now() -> list[OpenSession]:
    db.session.rollback()
    return list(db.session.scalars(select(OpenSession).order_by(OpenSession.id)))


def cookie(client: CheckedClient) -> str:
    found = client.get_cookie("babillard", domain="127.0.0.1")
    assert found is not None
    return found.value


def test_a_copied_cookie_dies_when_its_session_is_closed(client: CheckedClient) -> None:
    account()
    enter(client)
    thief = client.application.test_client()
    thief.set_cookie("babillard", cookie(client), domain="127.0.0.1")
    assert thief.get("/fr/account").status_code == 200
    assert send(client, "/fr/sign-out").status_code == 303
    assert thief.get("/fr/account").status_code == 303
    assert open_now() == []


def test_signing_out_leaves_the_other_devices_alone(client: CheckedClient) -> None:
    account()
    phone, desk = another(client, PHONE), another(client, FIREFOX)
    send(phone, "/fr/sign-out")
    assert phone.get("/fr/account").status_code == 303
    assert desk.get("/fr/account").status_code == 200


def test_the_settings_list_each_device_and_close_the_one_that_is_lost(
    client: CheckedClient,
) -> None:
    account()
    phone, desk = another(client, PHONE), another(client, FIREFOX)
    page = desk.get(SETTINGS).get_data(as_text=True)
    assert "Safari, iPhone" in page and "Firefox, Windows" in page
    assert page.count("cette session") == 1
    assert re.search(r"Ouverte le \d{1,2} [a-zéû]+ \d{4}, ", page), "11/12/26 is two days"
    lost, here = open_now()
    answer = send(desk, f"/fr/account/sessions/{lost.uuid}/close")
    assert answer.location == SETTINGS
    assert phone.get("/fr/account").status_code == 303
    assert "iPhone" not in desk.get(SETTINGS).get_data(as_text=True)
    answer = send(desk, f"/fr/account/sessions/{here.uuid}/close")
    assert (answer.status_code, answer.location) == (303, "/fr/")
    assert desk.get("/fr/account").status_code == 303


def test_nobody_closes_the_session_of_somebody_else(client: CheckedClient) -> None:
    account()
    theirs = another(client)
    (opened,) = open_now()
    sign_in(client, account("bob@exemple.org"))
    assert send(client, f"/fr/account/sessions/{opened.uuid}/close").status_code == 404
    assert theirs.get("/fr/account").status_code == 200


def test_the_row_keeps_a_hash_and_no_address_of_the_network(client: CheckedClient) -> None:
    account()
    another(client, FIREFOX)
    (opened,) = open_now()
    assert len(opened.digest) == 64 and opened.device == "Firefox, Windows"
    assert {column.name for column in OpenSession.__table__.columns} == {
        "id", "uuid", "created_at", "digest", "person_id", "epoch", "device", "seen_at",
        "expires_at",
    }  # fmt: skip


def test_a_session_ends_after_thirty_days_and_its_row_goes(client: CheckedClient) -> None:
    account()
    enter(client)
    clock.fix(NOW + timedelta(days=30))
    assert client.get("/fr/account").status_code == 303
    clock.fix(NOW + timedelta(days=31))
    another(client)
    assert len(open_now()) == 1


def test_the_oldest_of_too_many_sessions_end(client: CheckedClient) -> None:
    person = account()
    first = another(client)
    with writing():
        for n in range(MOST_SESSIONS):
            clock.fix(NOW + timedelta(minutes=n + 1))
            sessions.begin(person=person)
        db.session.commit()
    assert len(open_now()) == MOST_SESSIONS
    assert first.get("/fr/account").status_code == 303


def test_only_a_write_notes_when_a_session_was_seen_and_seldom(client: CheckedClient) -> None:
    account()
    enter(client)
    token = csrf(client, SETTINGS)
    later = NOW + timedelta(hours=3)
    clock.fix(later)
    client.get(SETTINGS)
    assert [one.seen_at for one in open_now()] == [NOW]
    for minutes in (0, 20):
        clock.fix(later + timedelta(minutes=minutes))
        data = {"csrf_token": token, "name": "Ana", "language": "fr"}
        assert client.post("/fr/account/profile", data=data).status_code == 303
        assert [one.seen_at for one in open_now()] == [later]


def test_a_reader_costs_one_statement_what_is_new_one_more_and_a_visitor_none(
    client: CheckedClient,
) -> None:
    account()
    enter(client)
    said: list[str] = []
    listen = (db.engine, "before_cursor_execute")

    def note(_c: object, _u: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(*listen, note)
    try:
        assert client.get("/fr/terms").status_code == 200
        mine = [one for one in said if "open_session" in one or "person" in one]
        said.clear()
        assert client.application.test_client().get("/fr/terms").status_code == 200
        nobody = [one for one in said if "open_session" in one or "person" in one]
    finally:
        event.remove(*listen, note)
    assert ["open_session" in one for one in mine] == [True, False]
    assert nobody == []


def test_a_session_that_began_while_all_were_closed_is_closed_too(client: CheckedClient) -> None:
    person = account()
    opened, raw = _begin_with_an_old_epoch(person.id)
    assert opened and queries.find_session(raw) is None
    assert again(person).session_epoch == 1


def _begin_with_an_old_epoch(person_id: int) -> tuple[int, str]:
    """Somebody signs in with the epoch read just before all sessions were closed."""
    from board.accounts.models import Person

    will_write()
    person = db.session.get(Person, person_id)
    assert person is not None
    opened, raw = sessions.begin(person=person)
    sessions_before = opened.id
    db.session.commit()
    will_write()
    person.session_epoch += 1
    db.session.commit()
    will_write(False)
    left = db.session.scalar(select(func.count(OpenSession.id)))
    assert left == 1
    return sessions_before, raw


def test_the_cookie_of_a_board_in_earnest_cannot_be_planted_by_a_neighbour(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}",
                        secret_key=SECRET, base_url="https://babillard.example.org")  # fmt: skip
    app = create_app(settings)
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-babillard"
    assert app.config["SESSION_COOKIE_SECURE"] and app.config["SESSION_COOKIE_DOMAIN"] is None
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("agent", "device"),
    [(FIREFOX, "Firefox, Windows"), (PHONE, "Safari, iPhone"), ("", ""), ("curl/8.1", ""),
     ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
      "Safari/537.36", "Chrome, Linux"), ("<script>" * 900, "")],
)  # fmt: skip
def test_a_device_is_named_in_two_words(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_what_is_over_is_erased_by_the_clock_and_the_rest_stays(app: Flask) -> None:
    person = account()
    with writing():
        for opened_at in (NOW, NOW + timedelta(days=29)):
            clock.fix(opened_at)
            sessions.begin(person=person)
            letters.new_token(person, TokenPurpose.CHANGE_EMAIL, "neuve@exemple.org")
        db.session.commit()
    with app.test_request_context("/fr/publish", method="POST", data={"sentence": "Des chaises"}):
        assert kept.keep()
    clock.fix(NOW + timedelta(days=30, seconds=1))
    jobs.work_once(app)
    db.session.rollback()
    left = {model: db.session.scalar(select(func.count()).select_from(model))
            for model in (OpenSession, Token, KeptForm)}  # fmt: skip
    assert left == {OpenSession: 1, Token: 0, KeptForm: 0}
