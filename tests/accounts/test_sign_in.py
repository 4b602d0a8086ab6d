"""Signing in and out: one answer for every mistake, sessions that can all be closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from board import clock
from board.accounts import passwords, services
from board.accounts.models import RateWindow
from board.database import will_write
from board.extensions import db
from tests.accounts.helpers import PASSWORD, account, enter, send
from tests.conftest import NOW
from tests.factories import make_person
from tests.pages import CheckedClient, csrf, sign_in


def test_somebody_signs_in_and_out(client: CheckedClient) -> None:
    account()
    answer = enter(client, "ANA@exemple.org")
    assert (answer.status_code, answer.location) == (303, "/fr/account")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires" in cookie
    page = client.get("/fr/account")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Renvoyer le lien" not in page.get_data(as_text=True)
    assert send(client, "/fr/sign-out").status_code == 303
    assert client.get("/fr/account").location == "/fr/sign-in?next=/fr/account"


def test_a_page_of_ones_own_asks_to_sign_in_then_comes_back(client: CheckedClient) -> None:
    account()
    answer = client.get("/fr/account/settings?x=1")
    assert answer.status_code == 303
    assert "next=/fr/account/settings?x%3D1" in answer.location
    page = client.get(answer.location).get_data(as_text=True)
    assert "/fr/sign-up?next=" in page
    answer = client.post(answer.location, data={"email": "ana@exemple.org", "password": PASSWORD})
    assert answer.location == "/fr/account/settings?x=1"


@pytest.mark.parametrize(
    "target",
    ["https://piege.example/", "//piege.example/", "/\\piege.example", "javascript:alert(1)",
     "\\\\piege.example", "http:/piege", "/fr/\tx", "piege"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(client: CheckedClient, target: str) -> None:
    account()
    data = {"email": "ana@exemple.org", "password": PASSWORD}
    answer = client.post("/fr/sign-in", query_string={"next": target}, data=data)
    assert (answer.status_code, answer.location) == (303, "/fr/account")


def test_a_wrong_password_and_an_unknown_address_are_told_alike(client: CheckedClient) -> None:
    account()
    wrong = enter(client, "ana@exemple.org", password="une autre phrase")
    unknown = enter(client, "bob@exemple.org", password="une autre phrase")
    assert wrong.status_code == unknown.status_code == 422
    pages = [r.get_data(as_text=True) for r in (wrong, unknown)]
    assert pages[0] == pages[1].replace("bob@", "ana@")
    assert "Aucun compte n’a cette adresse" in pages[0] and 'value="ana@exemple.org"' in pages[0]
    assert "une autre phrase" not in pages[0] and "Set-Cookie" not in wrong.headers


def test_every_try_costs_the_same_hashing(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("ana@exemple.org")
    account("bob@exemple.org", confirmed=False)
    seen: list[object] = []

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: str | None) -> Any:
            assert not db.session().in_transaction(), "argon2 inside a transaction"
            seen.append(given)
            return real(*given)

        return counted

    for name in ("matches", "hash_claim", "hash_password"):
        monkeypatch.setattr(passwords, name, counting(getattr(passwords, name)))
    costs = []
    for email in ("ana@exemple.org", "bob@exemple.org", "nobody@exemple.org"):
        for password in (PASSWORD, "une autre phrase"):
            seen.clear()
            client.application.test_client().post(
                "/fr/sign-in", data={"email": email, "password": password}
            )
            costs.append(len(seen))
    assert set(costs) == {2}


def test_nobody_matches_even_the_stand_in(client: CheckedClient) -> None:
    assert not passwords.matches(None, PASSWORD)
    assert not passwords.matches("not a hash", PASSWORD)
    make_person(email="sans@exemple.org")
    db.session.commit()
    assert enter(client, "sans@exemple.org").status_code == 422


def test_failed_tries_are_counted_by_address_until_the_right_one(client: CheckedClient) -> None:
    account()
    for _ in range(9):
        assert enter(client, password="une autre phrase").status_code == 422
    assert enter(client).status_code == 303
    other = client.application.test_client()
    for _ in range(10):
        data = {"email": "ana@exemple.org", "password": "une autre phrase"}
        assert other.post("/fr/sign-in", data=data).status_code == 422
    late = other.post("/fr/sign-in", data={"email": "ana@exemple.org", "password": PASSWORD})
    assert late.status_code == 429 and "Trop d’essais" in late.get_data(as_text=True)
    clock.fix(NOW + timedelta(minutes=15))
    late = other.post("/fr/sign-in", data={"email": "ana@exemple.org", "password": PASSWORD})
    assert late.status_code == 303


def test_counters_hold_no_address_and_are_forgotten(client: CheckedClient) -> None:
    enter(client)
    db.session.rollback()
    keys = db.session.scalars(select(RateWindow.key)).all()
    assert len(keys) == 2 and all(len(key) == 64 and "ana" not in key for key in keys)
    clock.fix(NOW + timedelta(days=3))
    enter(client)
    db.session.rollback()
    assert db.session.scalar(select(func.count(RateWindow.id))) == 2


def test_a_visitors_form_needs_no_cookie_but_another_sites_is_refused(
    client: CheckedClient,
) -> None:
    account()
    page = client.get("/fr/sign-in")
    assert "Set-Cookie" not in page.headers and "csrf_token" not in page.get_data(as_text=True)
    data = {"email": "ana@exemple.org", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://piege.example"}):
        assert client.post("/fr/sign-in", data=data, headers=headers).status_code == 403
    assert (
        client.post("/fr/sign-in", data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code
        == 303
    )


def test_a_signed_in_form_without_its_token_is_refused(client: CheckedClient) -> None:
    sign_in(client, account())
    assert client.post("/fr/sign-out").status_code == 403
    assert client.get("/fr/account").status_code == 200


def test_nothing_of_the_visitors_session_survives_signing_in(client: CheckedClient) -> None:
    account()
    here = client.application.config["BOARD"].base_url
    with client.session_transaction(base_url=here) as session:
        session["csrf_token"] = "planted"
        session["link:invitation"] = "kept"
    enter(client)
    with client.session_transaction(base_url=here) as session:
        assert session.get("csrf_token") != "planted" and session["link:invitation"] == "kept"


def test_every_session_can_be_closed_at_once(client: CheckedClient) -> None:
    person = account()
    other = client.application.test_client()
    assert isinstance(other, CheckedClient)
    sign_in(client, person)
    sign_in(other, person)
    assert other.get("/fr/account").status_code == 200
    assert send(client, "/fr/account/sessions/close").status_code == 303
    assert client.get("/fr/account").status_code == 200
    assert other.get("/fr/account").status_code == 303


def test_a_form_of_a_closed_session_explains_and_writes_nothing(client: CheckedClient) -> None:
    person = account()
    sign_in(client, person)
    token = csrf(client, "/fr/account/settings")
    will_write()
    services.close_sessions(person=person)
    db.session.commit()
    here = client.application.config["BOARD"].base_url
    answer = client.post("/fr/account/profile", data={"csrf_token": token, "name": "Autre"},
                         headers={"Referer": f"{here}/fr/account/settings"})  # fmt: skip
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403 and "Votre session est terminée" in page
    assert "next=/fr/account/settings" in page
    db.session.refresh(person)
    assert person.name == "Ana"


def test_a_forged_or_strange_session_is_a_visitor(client: CheckedClient) -> None:
    person = account()
    for named in ("x", f"{person.uuid}", f"{person.uuid}:7", f"{person.uuid}:0:0", ":"):
        with client.session_transaction(
            base_url=client.application.config["BOARD"].base_url
        ) as session:
            session["_user_id"] = named
        assert client.get("/fr/account").status_code == 303, named


def test_somebody_signed_in_does_not_sign_in_again(client: CheckedClient) -> None:
    sign_in(client, account())
    for path in ("/fr/sign-in", "/fr/sign-up"):
        assert client.get(f"{path}?next=/fr/account/settings").location == "/fr/account/settings"
