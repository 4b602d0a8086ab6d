"""Founded at the same moment: limits hold, addresses stay apart, look-alikes are flagged."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from board.accounts import services as accounts
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.organisations.rules import FOUNDED, Role
from tests.accounts.helpers import PASSWORD
from tests.factories import make_membership, make_organisation, make_person
from tests.pages import CheckedClient, csrf, sign_in

NEW = "/fr/organisations/new"
APART = ("Abri", "Boussole", "Cuisine", "Digue", "Écluse", "Ferme", "Grange", "Hangar", "Jardin",
         "Kiosque", "Lavoir", "Moulin", "Nichoir", "Ouvroir")  # fmt: skip
Sent = tuple[CheckedClient, str, dict[str, str]]


def browser(app: Flask, person: object) -> tuple[CheckedClient, str]:
    """Somebody's own browser, on the page where one founds, with its token."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    sign_in(client, person)  # type: ignore[arg-type]
    return client, csrf(client, NEW)


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


def test_one_person_founds_no_more_at_once_than_one_by_one(app: Flask) -> None:
    ana = make_person()
    mine = str(make_organisation(responsible=ana).uuid)
    db.session.commit()
    will_write(False)
    sent = []
    for n in range(FOUNDED.hits + 4):
        client, token = browser(app, ana)
        name = APART[n]
        path, data = NEW, {"name": name, "languages": "fr", "csrf_token": token}
        if n % 2:  # the form of the first post founds too, and counts with it
            path = "/fr/publish"
            data = {"purpose": "need", "sentence": f"Il nous faut {n} chaises", "csrf_token": token,
                    "organisation": mine, "organisation_name": name}  # fmt: skip
        sent.append((client, path, data))
    answers = at_once(sent)
    assert answers == {303: FOUNDED.hits, 429: 4}
    assert db.session.scalar(select(func.count(Organisation.id))) == FOUNDED.hits + 1
    assert db.session.scalar(select(func.count(Membership.id))) == FOUNDED.hits + 1


def test_two_founders_of_one_name_get_two_addresses_and_a_flag(app: Flask) -> None:
    people = [make_person() for _ in range(4)]
    db.session.commit()
    will_write(False)
    sent = []
    names = ("Abri du Nord", "L’Abri du nord", "ABRI  DU NORD", "Abri du Nοrd")
    for person, name in zip(people, names, strict=True):
        client, token = browser(app, person)
        data = {"name": name, "languages": "fr", "different": "y", "csrf_token": token}
        sent.append((client, NEW, data))
    assert at_once(sent) == {303: 4}
    made = list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
    assert len({one.slug for one in made}) == 4
    assert [one.resembles_id is None for one in made] == [True, False, False, False]
    assert {one.resembles_id for one in made[1:]} <= {one.id for one in made}


def test_a_name_that_is_taken_at_the_same_moment_is_flagged_even_when_nobody_was_asked(
    app: Flask,
) -> None:
    people = [make_person() for _ in range(4)]
    db.session.commit()
    will_write(False)
    sent = []
    for person in people:
        client, token = browser(app, person)
        data = {"name": "Cuisine du Faubourg", "languages": "fr", "csrf_token": token}
        sent.append((client, NEW, data))
    answers = at_once(sent)
    assert set(answers) <= {303, 422} and answers[303] >= 1
    made = list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
    assert len(made) == answers[303] and len({one.slug for one in made}) == len(made)
    assert [one.id for one in made if one.resembles_id is None] == [made[0].id]


def test_of_two_last_responsibles_who_go_at_once_the_second_closes_the_organisation(
    app: Flask,
) -> None:
    will_write()
    pair = [
        accounts.create_account(
            name="X", email=f"{n}@exemple.org", password=PASSWORD, language="fr"
        )
        for n in ("ana", "bob")
    ]
    shared = make_organisation(responsible=pair[0])
    make_membership(pair[1], shared, Role.RESPONSIBLE)
    db.session.commit()
    will_write(False)
    sent = []
    for person in pair:
        client, token = browser(app, person)
        data = {"password": PASSWORD, "csrf_token": token}
        sent.append((client, "/fr/account/delete", data))
    assert at_once(sent) == {303: 2}
    db.session.refresh(shared)
    assert shared.closed_at == now()
    left = select(func.count(Membership.id)).where(Membership.ended_at.is_(None))
    assert db.session.scalar(left) == 0
