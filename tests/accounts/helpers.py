"""What the tests of accounts share."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from board.accounts import services
from board.accounts.models import Person
from board.database import will_write
from board.extensions import db
from board.mail import Mail
from tests.pages import CheckedClient, csrf

PASSWORD = "trois petits chats"
SIGN_UP = {"name": "Ana Tremblay", "email": "ana@exemple.org", "password": PASSWORD, "terms": "y"}


def account(email: str = "ana@exemple.org", **values: Any) -> Person:
    """Somebody with a password, committed."""
    will_write()
    person = services.create_account(
        **{"name": "Ana", "email": email, "password": PASSWORD, "language": "fr", **values}
    )
    db.session.commit()
    return person


def enter(client: CheckedClient, email: str = "ana@exemple.org", **values: str) -> TestResponse:
    """Sign in by the form."""
    data = {"email": email, "password": PASSWORD, **values}
    return client.post("/fr/sign-in", data=data)


def send(client: CheckedClient, path: str, **data: str) -> TestResponse:
    """Send a signed-in person's form with its token."""
    return client.post(path, data={"csrf_token": csrf(client, "/fr/account/settings"), **data})


def mails() -> list[Mail]:
    """Every mail written so far, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def link_of(mail: Mail) -> str:
    """The path that a mail leads to."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+\?token=\S+)", mail.text)
    assert found, f"no link in « {mail.subject} »"
    return found.group(1)


def again(person: Person) -> Person:
    """The person as the database has them now."""
    db.session.rollback()
    db.session.refresh(person)
    return person


def count_people() -> int:
    """How many accounts there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Person.id))) or 0
