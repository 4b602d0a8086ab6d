"""A person's own pages: settings, everything about me, the end."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select

from board import addressees, bounces, clock, mail
from board.accounts import panels
from board.accounts.models import Person, Token
from board.database import will_write
from board.extensions import db
from board.mail import MAILS_A_DAY
from tests.accounts.helpers import PASSWORD, SIGN_UP, account, again, enter, mails, send
from tests.conftest import NOW
from tests.pages import CheckedClient, sign_in

NEW = "quatre grands chiens"


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register parts that nobody else sees."""
    monkeypatch.setattr(panels, "_panels", [])
    monkeypatch.setattr(panels, "_exports", {})
    monkeypatch.setattr(panels, "_erasures", [])


@pytest.fixture
def ana(client: CheckedClient) -> Person:
    """Ana, signed in."""
    person = account()
    sign_in(client, person)
    return person


def test_a_name_and_a_language_change(client: CheckedClient, ana: Person) -> None:
    answer = send(client, "/fr/account/profile", name="  Ana   T. ", language="en")
    assert answer.location == "/en/account/settings"
    assert (again(ana).name, ana.language) == ("Ana T.", "en")
    assert "Ana T." in client.get("/en/account/settings").get_data(as_text=True)


@pytest.mark.parametrize(
    "data", [{"name": "", "language": "fr"}, {"name": "x" * 81, "language": "fr"},
             {"name": "Ana", "language": "de"}, {"name": "\x00", "language": "fr"}]
)  # fmt: skip
def test_a_name_or_language_that_cannot_be_is_refused(
    client: CheckedClient, ana: Person, data: dict[str, str]
) -> None:
    answer = send(client, "/fr/account/profile", **data)
    assert answer.status_code == 422
    assert "Il reste une chose à corriger" in answer.get_data(as_text=True)
    assert (again(ana).name, ana.language) == ("Ana", "fr")


def test_a_password_changes_and_the_other_sessions_close(
    client: CheckedClient, ana: Person
) -> None:
    other = client.application.test_client()
    assert isinstance(other, CheckedClient)
    sign_in(other, ana)
    answer = send(client, "/fr/account/password", current_password=PASSWORD, new_password=NEW)
    assert answer.status_code == 303
    assert client.get("/fr/account").status_code == 200
    assert other.get("/fr/account").status_code == 303
    assert enter(other, password=NEW).status_code == 303
    assert mails()[-1].subject == "Votre mot de passe a changé"


@pytest.mark.parametrize(
    ("current", "new", "said"),
    [("pas le bon du tout", NEW, "votre mot de passe actuel"), (PASSWORD, "court", "trop court"),
     (PASSWORD, "ana@exemple.org", "Votre adresse ne peut"), (PASSWORD, "motdepasse", "se devine")],
)  # fmt: skip
def test_a_password_that_cannot_be_is_refused(
    client: CheckedClient, ana: Person, current: str, new: str, said: str
) -> None:
    answer = send(client, "/fr/account/password", current_password=current, new_password=new)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert again(ana).session_epoch == 0


def test_a_stolen_session_cannot_guess_the_password(client: CheckedClient, ana: Person) -> None:
    for _ in range(10):
        assert send(client, "/fr/account/delete", password="pas le bon du tout").status_code == 422
    answer = send(client, "/fr/account/delete", password=PASSWORD)
    assert answer.status_code == 429
    assert again(ana).erased_at is None


def test_everything_about_me_comes_as_json(
    client: CheckedClient, ana: Person, registries: None
) -> None:
    panels.register_export(
        "posts", lambda person: [{"by": person.uuid, "at": NOW, "day": NOW.date()}]
    )
    send(client, "/fr/account/email", email="neuve@exemple.org", password=PASSWORD)
    client.post("/fr/forgot", data={"email": "ana@exemple.org"})
    send(client, "/fr/confirm/again")
    answer = client.get("/fr/account/export")
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.get_data(as_text=True)
    known = json.loads(text)
    assert known["account"]["email"] == "ana@exemple.org"
    assert known["account"]["id"] == str(ana.uuid)
    assert known["posts"] == [
        {"by": str(ana.uuid), "at": "2026-09-15T16:00:00+00:00", "day": "2026-09-15"}
    ]
    assert "argon2" not in text
    assert "token" not in text


def test_an_erased_person_is_nobody(client: CheckedClient, ana: Person, registries: None) -> None:
    order: list[str] = []
    panels.register_erasure(lambda person: order.append(f"organisations of {person.name}"))
    panels.register_erasure(lambda person: order.append(f"posts of {person.name}"))
    client.application.test_client().post("/fr/forgot", data={"email": "ana@exemple.org"})
    assert "pour toujours" in client.get("/fr/account/delete").get_data(as_text=True)
    answer = send(client, "/fr/account/delete", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/fr/")
    assert order == ["posts of Ana", "organisations of Ana"]
    gone = again(ana)
    assert (gone.name, gone.email, gone.email_folded, gone.password_hash) == ("", None, None, None)
    assert gone.erased_at == NOW
    assert db.session.scalar(select(func.count(Token.id))) == 0
    (last,) = mails()
    assert last.subject == "Votre compte est supprimé"
    assert client.get("/fr/account").status_code == 303
    assert enter(client).status_code == 422


def test_an_erased_address_can_have_an_account_again(client: CheckedClient, ana: Person) -> None:
    send(client, "/fr/account/delete", password=PASSWORD)
    account()
    assert enter(client).status_code == 303


def test_erasing_a_second_account_leaves_the_holder_alone(client: CheckedClient) -> None:
    holder = account()
    claims = account(confirmed=False, password=NEW)
    client.application.test_client().post("/fr/forgot", data={"email": "ana@exemple.org"})
    sign_in(client, claims)
    assert send(client, "/fr/account/delete", password=NEW).status_code == 303
    assert again(claims).erased_at == NOW
    assert again(holder).email_folded == "ana@exemple.org"
    assert [mail.subject for mail in mails()] == ["Choisissez un nouveau mot de passe"]


def test_an_address_that_was_never_confirmed_is_forgotten_with_its_mails(
    client: CheckedClient,
) -> None:
    client.post("/fr/sign-up", data=SIGN_UP)
    (owed,) = mails()
    assert (owed.recipient, owed.due_at) == ("ana@exemple.org", NOW)
    assert send(client, "/fr/account/delete", password=PASSWORD).status_code == 303
    (left,) = mails()
    assert (left.subject, left.text, left.html, left.due_at) == ("", "", None, None)
    assert "ana" not in left.recipient
    will_write()
    for n in range(1, MAILS_A_DAY + 1):
        more = mail.owe(to="ana@exemple.org", subject="Encore", text="x", language="fr")
        assert (more is None) is (n == MAILS_A_DAY), "what is forgotten counts among those of a day"
        addressees.forget("ana@exemple.org")


def test_what_nothing_names_any_more_is_forgotten_by_the_clock(
    client: CheckedClient, ana: Person
) -> None:
    lea = account("lea@exemple.org", name="Léa")
    sign_in(client, ana)
    send(client, "/fr/account/delete", password=PASSWORD)
    will_write()
    mail.owe(to="lea@exemple.org", subject="Chaises", text="x", language="fr")
    bounces.note("ana@exemple.org", taken=False, refused=True)
    bounces.note("lea@exemple.org", taken=False, refused=True)
    addressees.forget_unnamed()
    db.session.commit()
    goodbye, chairs = mails()
    assert goodbye.recipient == "ana@exemple.org", "it has still to be sent"
    for one in (goodbye, chairs):
        one.due_at, one.sent_at = None, NOW
    db.session.commit()
    addressees.forget_unnamed()
    db.session.commit()
    goodbye, chairs = mails()
    assert "ana" not in goodbye.recipient + goodbye.subject
    assert (chairs.recipient, chairs.subject) == (lea.email, "Chaises")
    assert bounces.paused_since("ana@exemple.org") is None
    assert bounces.paused_since("lea@exemple.org") is not None
    clock.fix(NOW + timedelta(days=2))
    addressees.forget_unnamed()
    db.session.commit()
    assert mails() == [chairs]


def test_a_board_without_a_mail_server_forgets_old_mails_too(app: Flask) -> None:
    account()
    will_write()
    mail.owe(to="ana@exemple.org", subject="Chaises", text="x", language="fr")
    db.session.commit()
    clock.fix(NOW + timedelta(days=8))
    addressees.forget_by_the_clock()
    db.session.commit()
    assert [(one.text, one.failed_at is None) for one in mails()] == [("", False)]
    clock.fix(NOW + timedelta(days=39))
    addressees.forget_by_the_clock()
    db.session.commit()
    assert mails() == []


def test_what_a_feature_cannot_forget_stops_the_erasure(
    client: CheckedClient, ana: Person, registries: None
) -> None:
    def fails(_person: Person) -> None:
        raise RuntimeError("not yet")

    panels.register_erasure(fails)
    with pytest.raises(RuntimeError):
        send(client, "/fr/account/delete", password=PASSWORD)
    assert again(ana).erased_at is None


def test_a_home_shows_what_features_have(
    client: CheckedClient, ana: Person, registries: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Publier une annonce" in client.get("/fr/account").get_data(as_text=True)
    environment = client.application.jinja_env
    words = DictLoader({"late.html": "<p>{{ panel.who }} last</p>", "soon.html": "<p>first</p>"})
    assert environment.loader is not None
    monkeypatch.setattr(environment, "loader", ChoiceLoader([words, environment.loader]))
    panels.register_panel(lambda person: panels.Panel("late.html", {"who": person.name}, 60))
    panels.register_panel(lambda person: panels.Panel("soon.html", position=10))
    panels.register_panel(lambda person: None)
    page = client.get("/fr/account").get_data(as_text=True)
    assert "Publier une annonce" not in page
    assert page.index("<p>first</p>") < page.index("<p>Ana last</p>")


@pytest.mark.parametrize(
    "path", ["/fr/account", "/fr/account/settings", "/fr/account/export", "/fr/account/delete"]
)
def test_a_visitor_has_no_pages_of_their_own(client: CheckedClient, path: str) -> None:
    assert client.get(path).location.startswith("/fr/sign-in?next=")


@pytest.mark.parametrize(
    "path",
    ["/fr/account/profile", "/fr/account/email", "/fr/account/password",
     "/fr/account/sessions/close", "/fr/account/delete", "/fr/confirm/again"],
)  # fmt: skip
def test_a_visitor_sends_nothing_of_their_own(client: CheckedClient, path: str) -> None:
    assert client.post(path, data={"name": "x"}).status_code == 403
    assert client.get("/fr/account/sessions/close").status_code == 405


@pytest.mark.parametrize("part", ["profile", "email", "password"])
def test_the_address_of_a_refusal_leads_to_its_form(client: CheckedClient, part: str) -> None:
    sign_in(client, account())
    refused = send(client, f"/fr/account/{part}", email="x", language="xx")
    assert refused.status_code == 422
    assert f'href="/en/account/{part}"' in refused.get_data(as_text=True)
    again = client.get(f"/en/account/{part}")
    assert (again.status_code, again.location) == (303, "/en/account/settings")
