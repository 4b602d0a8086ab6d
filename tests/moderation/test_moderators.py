"""Who looks after the board is named from its machine."""

from __future__ import annotations

from flask import Flask

from board import news
from board.accounts import services as accounts
from board.accounts.models import Person
from tests.accounts.helpers import PASSWORD
from tests.factories import make_person
from tests.moderation.helpers import again
from tests.pages import CheckedClient, sign_in


def test_a_moderator_is_added_listed_and_removed(app: Flask, client: CheckedClient) -> None:
    person = make_person(email="ana@exemple.org")
    news.commit()
    run = app.test_cli_runner()
    assert run.invoke(args=["moderator", "add", "Ana@exemple.org"]).exit_code == 0
    assert again(person).moderates
    assert "ana@exemple.org" in run.invoke(args=["moderator", "list"]).output
    sign_in(client, person)
    assert "/fr/moderation" in client.get("/fr/").get_data(as_text=True)
    assert "attend" in client.get("/fr/account").get_data(as_text=True)
    assert run.invoke(args=["moderator", "remove", "ana@exemple.org"]).exit_code == 0
    assert not again(person).moderates
    assert 'href="/fr/moderation"' not in client.get("/fr/").get_data(as_text=True)
    assert client.get("/fr/moderation").status_code == 404


def test_only_a_confirmed_address_is_named(app: Flask) -> None:
    make_person(email="new@exemple.org", confirmed_at=None)
    news.commit()
    run = app.test_cli_runner()
    for email in ("new@exemple.org", "nobody@exemple.org"):
        answer = run.invoke(args=["moderator", "add", email])
        assert answer.exit_code == 1
        assert "nobody has an account" in answer.output
    assert run.invoke(args=["moderator", "remove", "new@exemple.org"]).exit_code == 1


def test_an_erased_moderator_moderates_no_more(app: Flask) -> None:
    from tests.accounts.helpers import account

    person: Person = account()
    person.confirmed_at = person.moderator_at = person.created_at
    news.commit()
    accounts.erase(person=person, password=PASSWORD)
    news.commit()
    assert not again(person).moderates
    assert "ana" not in app.test_cli_runner().invoke(args=["moderator", "list"]).output
