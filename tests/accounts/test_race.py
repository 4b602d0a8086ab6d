"""The same thing sent twice at one moment: one account, one holder of an address, one use."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from board.accounts.models import OpenSession, Person
from board.extensions import db
from tests.accounts.helpers import PASSWORD, SIGN_UP, count_people, link_of, mails

Sent = tuple[FlaskClient, str, dict[str, str]]


def at_once(sent: list[Sent]) -> Counter[int]:
    """Send every form at the same moment, each from a thread of its own; count the answers."""
    db.session.rollback()
    together = Barrier(len(sent))

    def send(one: Sent) -> int:
        client, path, data = one
        together.wait(30)
        return client.post(path, data=data).status_code

    with ThreadPoolExecutor(len(sent)) as pool:
        return Counter(pool.map(send, sent))


def test_a_sign_up_form_that_is_sent_twice_makes_one_account(app: Flask) -> None:
    answers = at_once([(app.test_client(), "/fr/sign-up", dict(SIGN_UP)) for _ in range(4)])
    assert answers == {303: 4}
    assert count_people() == 1
    assert len(mails()) == 1
    assert db.session.scalar(select(func.count(OpenSession.id))) == 4


def test_of_two_claims_confirmed_at_once_one_holds_the_address(app: Flask) -> None:
    words = ["trois petits chats", "quatre grands chiens", "cinq poissons rouges"]
    for word in words:
        app.test_client().post("/fr/sign-up", data={**SIGN_UP, "password": word})
    sent: list[Sent] = []
    for mail, word in zip(mails(), words, strict=True):
        reader = app.test_client()
        reader.get(link_of(mail))
        sent.append((reader, "/fr/confirm", {"password": word}))
    assert at_once(sent) == {303: 1, 410: 2}
    holders = select(func.count(Person.id)).where(Person.email_folded.is_not(None))
    assert db.session.scalar(holders) == 1


def test_a_link_followed_twice_at_once_works_once(app: Flask) -> None:
    app.test_client().post("/fr/sign-up", data=SIGN_UP)
    (mail,) = mails()
    sent: list[Sent] = []
    for _ in range(4):
        reader = app.test_client()
        reader.get(link_of(mail))
        sent.append((reader, "/fr/confirm", {"password": PASSWORD}))
    answers = at_once(sent)
    assert answers[303] == 1 and answers[303] + answers[410] == 4
