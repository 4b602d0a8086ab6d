"""The first visit: an account in one form, and an address that nobody can take by naming it."""

from __future__ import annotations

import pytest

from board.accounts import queries
from board.extensions import db
from tests.accounts.helpers import (
    PASSWORD,
    SIGN_UP,
    account,
    count_people,
    enter,
    link_of,
    mails,
    send,
)
from tests.pages import CheckedClient


def test_whoever_signs_up_goes_on_with_their_sentence(client: CheckedClient) -> None:
    answer = client.post(
        "/fr/sign-up?next=/fr/account?q%3Dil%2520nous%2520manque%252020%2520chaises", data=SIGN_UP
    )
    assert answer.status_code == 303
    assert answer.location == "/fr/account?q=il%20nous%20manque%2020%20chaises"
    page = client.get("/fr/account").get_data(as_text=True)
    assert "Ana Tremblay" in page and "Renvoyer le lien" in page
    (person,) = queries.claims_of("ANA@exemple.org")
    assert person.confirmed_at is None and person.terms_accepted_at
    assert person.password_hash and person.password_hash.startswith("$argon2id$")


def test_the_mail_asks_to_confirm_and_repeats_nothing_that_was_typed(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data={**SIGN_UP, "name": "Gagnez http://piege.example"})
    (mail,) = mails()
    assert mail.recipient == "ana@exemple.org" and mail.language == "fr"
    assert link_of(mail).startswith("/fr/confirm?token=")
    for part in (mail.subject, mail.text, mail.html or ""):
        assert "Gagnez" not in part and "piege" not in part


def test_a_mail_speaks_the_language_of_the_page_it_was_asked_from(client: CheckedClient) -> None:
    client.post("/es/sign-up", data=SIGN_UP)
    (mail,) = mails()
    assert mail.language == "es" and link_of(mail).startswith("/es/confirm")


def test_an_address_that_is_held_answers_like_any_other(client: CheckedClient) -> None:
    holder = account("prise@exemple.org")
    other = client.application.test_client()
    free = client.post("/fr/sign-up", data={**SIGN_UP, "email": "libre@exemple.org"})
    held = other.post("/fr/sign-up", data={**SIGN_UP, "email": "prise@exemple.org",
                                           "password": "un tout autre secret"})  # fmt: skip
    assert (
        (free.status_code, free.location)
        == (held.status_code, held.location)
        == (303, "/fr/account")
    )
    assert set(free.headers.keys()) == set(held.headers.keys())
    said = [c.get("/fr/account").get_data(as_text=True) for c in (client, other)]
    assert "Bienvenue" in said[0] and "Bienvenue" in said[1]
    first, second = mails()
    assert "/fr/confirm?token=" in first.text
    assert second.recipient == "prise@exemple.org" and "token" not in second.text
    assert second.subject == "Vous avez déjà un compte"
    db.session.refresh(holder)
    assert queries.find_by_email("prise@exemple.org") is holder


def test_a_second_account_on_a_held_address_can_never_take_it(client: CheckedClient) -> None:
    holder = account("prise@exemple.org")
    data = {**SIGN_UP, "email": "prise@exemple.org", "password": "un tout autre secret"}
    client.post("/fr/sign-up", data=data)
    page = client.get("/fr/account").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/fr/confirm/again", data={"csrf_token": token})
    assert all("token" not in mail.text for mail in mails())
    assert queries.find_by_email("prise@exemple.org") is db.session.merge(holder)


def test_somebody_who_forgot_that_they_have_an_account_is_let_in(client: CheckedClient) -> None:
    account("ana@exemple.org")
    answer = client.post("/fr/sign-up", data=SIGN_UP)
    assert answer.status_code == 303 and count_people() == 1 and mails() == []


def test_signing_up_twice_before_confirming_makes_one_account(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    client.application.test_client().post("/fr/sign-up", data=SIGN_UP)
    assert count_people() == 1


def test_a_later_claim_of_the_same_address_shuts_nobody_out(client: CheckedClient) -> None:
    first = account("ana@exemple.org", confirmed=False, name="La première")
    for n in range(4):
        data = {**SIGN_UP, "email": "Ana@Exemple.org", "password": f"un autre secret {n}"}
        assert client.application.test_client().post("/fr/sign-up", data=data).status_code == 303
    assert count_people() == 5
    assert enter(client).status_code == 303
    assert "La première" in client.get("/fr/account/settings").get_data(as_text=True)
    other = client.application.test_client()
    assert isinstance(other, CheckedClient)
    assert enter(other, password="un autre secret 2").status_code == 303
    assert "La première" not in other.get("/fr/account/settings").get_data(as_text=True)
    nobody = client.application.test_client()
    assert isinstance(nobody, CheckedClient)
    assert enter(nobody, password="un autre secret 9").status_code == 422
    assert queries.claims_of("ana@exemple.org")[0] == first


def test_the_password_of_an_unconfirmed_account_can_change(client: CheckedClient) -> None:
    account("ana@exemple.org", confirmed=False)
    enter(client)
    new = {"current_password": PASSWORD, "new_password": "quatre grands chiens"}
    assert send(client, "/fr/account/password", **new).status_code == 303
    other = client.application.test_client()
    assert isinstance(other, CheckedClient)
    assert enter(other).status_code == 422
    assert enter(other, password="quatre grands chiens").status_code == 303


def test_an_unconfirmed_person_can_come_back(client: CheckedClient) -> None:
    account("ana@exemple.org", confirmed=False)
    assert enter(client).status_code == 303
    assert client.get("/fr/account").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Écrivez votre nom"),
        ("name", "x" * 81, "C’est trop long"),
        ("email", "", "Écrivez une adresse"),
        ("email", "ana", "ne peut pas recevoir"),
        ("email", "ana@", "ne peut pas recevoir"),
        ("email", "ana@localhost", "ne peut pas recevoir"),
        ("email", "a\x00na@exemple.org", "ne peut pas recevoir"),
        ("email", "ana@exemple.org\r\nBcc: x@exemple.org", "ne peut pas recevoir"),
        ("email", "a" * 300 + "@exemple.org", "ne peut pas recevoir"),
        ("password", "", "Écrivez votre mot de passe"),
        ("password", "court", "C’est trop court"),
        ("password", "x" * 5000, "C’est trop long"),
        ("password", "trois\x00petits chats", "ne se lit pas"),
        ("password", "motdepasse", "se devine trop vite"),
        ("password", "ana@exemple.org", "ne peut pas servir"),
        ("terms", "", "il faut accepter"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(
    client: CheckedClient, field: str, value: str, said: str
) -> None:
    answer = client.post("/fr/sign-up", data={**SIGN_UP, field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in page
    assert count_people() == 0 and mails() == []
    if field != "email":
        assert 'value="ana@exemple.org"' in page
    assert PASSWORD not in page and "Set-Cookie" not in answer.headers


def test_broken_bytes_are_refused(client: CheckedClient) -> None:
    for field in ("email", "password"):
        parts = {**SIGN_UP, field: "ana|@exemple.org trois"}
        body = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (name.encode(), value.encode().replace(b"|", b"\xff\xfe"))
            for name, value in parts.items()
        )
        answer = client.post(
            "/fr/sign-up", data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code == 422
    assert client.get("/fr/sign-up?next=%00").status_code == 400
    assert count_people() == 0


def test_a_form_without_anything_is_refused(client: CheckedClient) -> None:
    for path in ("/fr/sign-up", "/fr/sign-in", "/fr/forgot"):
        assert client.post(path).status_code == 422


def test_one_address_is_not_written_to_without_end(client: CheckedClient) -> None:
    for n in range(5):
        data = {**SIGN_UP, "password": f"trois petits chats {n}"}
        assert client.application.test_client().post("/fr/sign-up", data=data).status_code == 303
    answer = client.post("/fr/sign-up", data={**SIGN_UP, "email": "ANA@exemple.org"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert "Trop d’essais" in page and 'value="ANA@exemple.org"' in page
    assert len(mails()) == 5
