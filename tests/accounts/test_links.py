"""Links in mails: one purpose, one use, a time, a clean address, and a GET changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from board import clock
from board.accounts import letters, queries
from board.accounts.models import Person, Token
from board.accounts.rules import TokenPurpose
from board.database import will_write
from board.extensions import db
from tests.accounts.helpers import (
    PASSWORD,
    SIGN_UP,
    account,
    again,
    enter,
    link_of,
    mails,
    send,
)
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient, sign_in

NEW = "quatre grands chiens"


def follow(client: CheckedClient, path: str) -> str:
    """Open a link as a browser does; return the clean address of its page."""
    answer = client.get(path)
    assert answer.status_code == 303
    assert "token" not in answer.location
    for said in (answer, client.get(answer.location)):
        assert said.headers["Cache-Control"] == "no-store"
        assert said.headers["Referrer-Policy"] == "no-referrer"
    return answer.location


def forget(client: CheckedClient, email: str = "ana@exemple.org") -> str:
    """Ask for another password; return the link of the mail."""
    assert client.post("/fr/forgot", data={"email": email}).status_code == 200
    return link_of(mails()[-1])


def pending() -> Person:
    """The person who signed up and has not confirmed."""
    db.session.rollback()
    (person,) = queries.claims_of("ana@exemple.org")
    return person


def test_the_link_of_sign_up_confirms_the_address_by_a_button(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    person, path = pending(), link_of(mails()[0])
    reader = client.application.test_client()
    assert isinstance(reader, CheckedClient)
    place = follow(reader, path)
    reader.head(path)
    assert again(person).confirmed_at is None
    assert reader.post(place, data={"password": "pas le bon"}).status_code == 422
    assert again(person).confirmed_at is None
    answer = reader.post(place, data={"password": PASSWORD})
    assert answer.status_code == 303
    assert answer.location == "/fr/sign-in"
    assert again(person).confirmed_at == NOW
    assert queries.find_by_email("ANA@exemple.org") is person
    assert "Renvoyer le lien" not in client.get("/fr/account").get_data(as_text=True)


def test_the_same_browser_goes_home_after_confirming(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    page = client.get(follow(client, link_of(mails()[0]))).get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    answer = client.post("/fr/confirm", data={"csrf_token": token})
    assert answer.location == "/fr/account"


def test_who_confirms_an_address_goes_on_with_what_they_had_begun(client: CheckedClient) -> None:
    begun = {"purpose": "need", "sentence": "Nous cherchons 40 chaises", "organisation": "new"}
    assert "next=" in client.post("/fr/publish", data=begun).location
    client.post("/fr/sign-up", data=SIGN_UP)
    page = client.get(follow(client, link_of(mails()[0]))).get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    answer = client.post("/fr/confirm", data={"csrf_token": token})
    assert answer.location == "/fr/publish"
    page = client.get(answer.location).get_data(as_text=True)
    assert "Nous cherchons 40 chaises" in page and "que vous aviez commencée" in page


def test_elsewhere_too_who_confirms_goes_on_with_their_draft(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    person, path = pending(), link_of(mails()[0])
    draft = make_post(by=make_organisation(responsible=person), author=person, published_at=None)
    db.session.commit()
    phone = client.application.test_client()
    assert isinstance(phone, CheckedClient)
    answer = phone.post(follow(phone, path), data={"password": PASSWORD})
    assert answer.location == f"/fr/sign-in?next=/fr/p/{draft.uuid}/edit"
    data = {"email": SIGN_UP["email"], "password": PASSWORD}
    assert phone.post(answer.location, data=data).location == f"/fr/p/{draft.uuid}/edit"


def test_a_link_works_once(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    path = link_of(mails()[0])
    for reader, status in (
        (client.application.test_client(), 303),
        (client.application.test_client(), 410),
    ):
        reader.get(path)
        answer = reader.post("/fr/confirm", data={"password": PASSWORD})
        assert answer.status_code == status
    assert client.application.test_client().post("/fr/confirm").status_code == 410


@pytest.mark.parametrize(
    ("kind", "life"), [("confirm", timedelta(days=3)), ("reset", timedelta(hours=2))]
)
def test_a_link_works_until_its_time(client: CheckedClient, kind: str, life: timedelta) -> None:
    account(confirmed=kind == "reset")
    person = queries.find_by_email("ana@exemple.org") or pending()
    if kind == "reset":
        path = forget(client)
    else:
        sign_in(client, person)
        assert send(client, "/fr/confirm/again").status_code == 303
        path = link_of(mails()[-1])
    reader = client.application.test_client()
    clock.fix(NOW + life - timedelta(seconds=1))
    assert reader.get(reader.get(path).location).status_code == 200
    clock.fix(NOW + life)
    answer = reader.get(f"/fr/{kind}")
    assert answer.status_code == 410
    assert "Ce lien ne sert plus" in answer.get_data(as_text=True)
    assert reader.post(f"/fr/{kind}", data={"password": NEW}).status_code == 410


def test_a_link_serves_its_own_purpose_only(client: CheckedClient) -> None:
    account()
    raw = forget(client).partition("token=")[2]
    assert client.get(client.get(f"/fr/confirm?token={raw}").location).status_code == 410
    assert client.post("/fr/confirm").status_code == 410
    client.application.test_client().post("/fr/sign-up", data={**SIGN_UP, "email": "b@exemple.org"})
    raw = link_of(mails()[-1]).partition("token=")[2]
    client.get(f"/fr/reset?token={raw}")
    assert client.post("/fr/reset", data={"password": NEW}).status_code == 410


@pytest.mark.parametrize("raw", ["", "x", "x" * 5000, "é", "%27%3B--", "../.."])
def test_a_link_that_is_nothing_is_told_so(client: CheckedClient, raw: str) -> None:
    for page in ("confirm", "reset"):
        answer = client.get(f"/fr/{page}?token={raw}")
        assert client.get(answer.location).status_code == 410


def test_what_is_kept_of_a_link_is_not_the_link(client: CheckedClient) -> None:
    account()
    raw = forget(client).partition("token=")[2]
    token = db.session.scalar(select(Token))
    assert token is not None
    assert raw not in token.digest


def test_resending_ends_the_earlier_link(client: CheckedClient) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    send(client, "/fr/confirm/again")
    first, second = (link_of(mail) for mail in mails())
    reader = client.application.test_client()
    assert reader.get(reader.get(first).location).status_code == 410
    assert reader.get(reader.get(second).location).status_code == 200


def test_of_two_who_claim_an_address_the_one_who_answers_its_mail_gets_it(
    client: CheckedClient,
) -> None:
    client.post("/fr/sign-up", data={**SIGN_UP, "password": "le secret d’un autre"})
    client.application.test_client().post("/fr/sign-up", data=SIGN_UP)
    theirs, mine = (link_of(mail) for mail in mails())
    reader = client.application.test_client()
    reader.get(theirs)
    assert reader.post("/fr/confirm", data={"password": PASSWORD}).status_code == 422
    reader.get(mine)
    assert reader.post("/fr/confirm", data={"password": PASSWORD}).status_code == 303
    reader.get(theirs)
    assert reader.post("/fr/confirm", data={"password": PASSWORD}).status_code == 410
    assert enter(client.application.test_client()).location == "/fr/account"  # type: ignore[arg-type]


def test_a_forgotten_password_is_chosen_again_and_every_session_closes(
    client: CheckedClient,
) -> None:
    person = account()
    sign_in(client, person)
    reader = client.application.test_client()
    assert isinstance(reader, CheckedClient)
    place = follow(reader, forget(reader))
    assert reader.post(place, data={"password": "court"}).status_code == 422
    assert reader.post(place, data={"password": "ana@exemple.org"}).status_code == 422
    answer = reader.post(place, data={"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/fr/sign-in")
    assert client.get("/fr/account").status_code == 303
    assert reader.get("/fr/account").status_code == 303
    assert enter(reader, password=PASSWORD).status_code == 422
    assert enter(reader, password=NEW).status_code == 303
    assert mails()[-1].subject == "Votre mot de passe a changé"
    reader.get(link_of(mails()[0]))
    assert reader.post("/fr/reset", data={"password": PASSWORD}).status_code in {403, 410}


def test_a_new_password_ends_the_other_links(client: CheckedClient) -> None:
    account()
    first, second = forget(client), forget(client)
    client.get(first)
    assert client.post("/fr/reset", data={"password": NEW}).status_code == 303
    client.get(second)
    assert client.post("/fr/reset", data={"password": PASSWORD}).status_code == 410


def test_the_session_of_a_reader_holds_no_link_that_opens_anything(client: CheckedClient) -> None:
    account()
    path = forget(client)
    client.get(path)
    here = client.application.config["BOARD"].base_url
    with client.session_transaction(base_url=here) as session:
        kept = dict(session)
    raw = path.partition("token=")[2]
    assert kept and all(raw not in str(value) for value in kept.values())
    other = client.application.test_client()
    for value in kept.values():
        other.get(f"/fr/reset?token={value}")
        assert other.post("/fr/reset", data={"password": NEW}).status_code == 410


def test_of_several_claims_the_mailbox_chooses_whose_password_is_reset(
    client: CheckedClient,
) -> None:
    early, late = account(confirmed=False), account(confirmed=False, password="un autre secret")
    client.post("/fr/forgot", data={"email": "ana@exemple.org"})
    (mail,) = mails()
    links = re.findall(r"http://127\.0\.0\.1:8000(/\S+\?token=\S+)", mail.text)
    assert len(links) == 2 and mail.text.count("Pour le compte ouvert le") == 2
    client.get(links[0])
    assert client.post("/fr/reset", data={"password": NEW}).status_code == 303
    assert again(early).email_folded == "ana@exemple.org" and again(late).confirmed_at is None
    client.get(links[1])
    assert client.post("/fr/reset", data={"password": PASSWORD}).status_code == 410
    assert again(late).confirmed_at is None


def test_a_reset_also_proves_the_address(client: CheckedClient) -> None:
    person = account(confirmed=False)
    client.get(forget(client))
    client.post("/fr/reset", data={"password": NEW})
    assert again(person).confirmed_at == NOW
    assert person.email_folded == "ana@exemple.org"


def test_asking_for_a_link_answers_the_same_for_every_address(client: CheckedClient) -> None:
    account()
    known = client.post("/fr/forgot", data={"email": "ana@exemple.org"})
    unknown = client.post("/fr/forgot", data={"email": "bob@exemple.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.get_data(as_text=True) == unknown.get_data(as_text=True).replace("bob@", "ana@")
    assert [mail.recipient for mail in mails()] == ["ana@exemple.org"]
    tokens = select(func.count(Token.id)).where(Token.person_id.is_(None))
    assert db.session.scalar(tokens) == 1


def test_a_link_for_nobody_opens_nothing(client: CheckedClient) -> None:
    will_write()
    raw = letters.new_token(None, TokenPurpose.RESET_PASSWORD, "bob@exemple.org")
    db.session.commit()
    client.get(f"/fr/reset?token={raw}")
    assert client.post("/fr/reset", data={"password": NEW}).status_code == 410


def test_links_for_one_address_are_counted(client: CheckedClient) -> None:
    for _ in range(5):
        assert client.post("/fr/forgot", data={"email": "bob@exemple.org"}).status_code == 200
    answer = client.post("/fr/forgot", data={"email": "Bob@exemple.org"})
    assert answer.status_code == 429
    assert 'value="Bob@exemple.org"' in answer.get_data(as_text=True)


def test_an_address_changes_when_the_new_one_answers(client: CheckedClient) -> None:
    person = account()
    sign_in(client, person)
    change = {"email": "Ana@neuve.example.org", "password": PASSWORD}
    assert send(client, "/fr/account/email", **change).status_code == 303
    assert again(person).email == "ana@exemple.org"
    mail, told = sorted(mails(), key=lambda one: one.subject)
    assert mail.recipient == "ana@neuve.example.org"
    assert told.recipient == "ana@exemple.org" and "neuve" not in told.text + str(told.html)
    reader = client.application.test_client()
    page = reader.get(reader.get(link_of(mail)).location).get_data(as_text=True)
    assert 'name="password"' in page
    for wrong in ({}, {"password": "le mien, pas le sien"}):
        assert reader.post("/fr/confirm", data=wrong).status_code == 422
    assert again(person).email == "ana@exemple.org", "a slip gives the account to nobody"
    assert reader.post("/fr/confirm", data={"password": PASSWORD}).status_code == 303
    assert again(person).email_folded == "ana@neuve.example.org"
    told = mails()[-1]
    assert (told.recipient, told.subject) == (
        "ana@exemple.org",
        "L’adresse de votre compte a changé",
    )
    assert "neuve" not in told.text
    assert client.get("/fr/account").status_code == 200
    assert enter(reader, "ana@neuve.example.org").status_code == 303  # type: ignore[arg-type]


def test_changing_to_an_address_that_is_held_answers_alike_and_tells_its_holder(
    client: CheckedClient,
) -> None:
    person, holder = account(), account("bob@exemple.org")
    sign_in(client, person)
    pages = []
    for email in ("bob@exemple.org", "libre@exemple.org"):
        answer = send(client, "/fr/account/email", email=email, password=PASSWORD)
        pages.append((answer.status_code, answer.location))
        assert f"Un lien est parti à {email}" in client.get(answer.location).get_data(as_text=True)
    assert pages[0] == pages[1]
    asked = ("ana@exemple.org", "On demande une autre adresse pour votre compte")
    assert [(m.recipient, m.subject) for m in mails()] == [
        asked,
        ("bob@exemple.org", "Vous avez déjà un compte"),
        asked,
        ("libre@exemple.org", "Confirmez votre nouvelle adresse"),
    ]
    assert again(holder).email_folded == "bob@exemple.org"


def test_the_old_address_can_stop_a_change_of_address(client: CheckedClient) -> None:
    thief = client
    person = account()
    sign_in(thief, person)
    send(thief, "/fr/account/email", email="voleur@exemple.org", password=PASSWORD)
    told, asked = mails()
    assert "/fr/forgot" in told.text and told.recipient == "ana@exemple.org"
    owner = client.application.test_client()
    assert isinstance(owner, CheckedClient)
    owner.get(forget(owner))
    assert owner.post("/fr/reset", data={"password": NEW}).status_code == 303
    thief.get(link_of(asked))
    assert thief.post("/fr/confirm", data={"password": PASSWORD}).status_code == 410
    assert again(person).email == "ana@exemple.org"


@pytest.mark.parametrize(
    "data",
    [{"email": "neuve@exemple.org", "password": "pas le bon du tout"},
     {"email": "neuve", "password": PASSWORD}, {"email": "", "password": ""}],
)  # fmt: skip
def test_an_address_changes_by_who_knows_the_password(
    client: CheckedClient, data: dict[str, str]
) -> None:
    sign_in(client, account())
    answer = send(client, "/fr/account/email", **data)
    assert answer.status_code == 422
    assert f'value="{data["email"]}"' in answer.get_data(as_text=True)
    assert mails() == []
