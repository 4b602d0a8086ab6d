"""What the tests of organisations share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from board.accounts.models import Person
from board.extensions import db
from board.mail import Mail
from board.organisations.models import Organisation
from board.organisations.rules import Role
from tests.factories import make_membership, make_organisation, make_person
from tests.pages import CheckedClient, csrf, sign_in


def house(**values: Any) -> tuple[Organisation, Person, Person, Person]:
    """An organisation with its responsible and its editor, and a stranger; committed."""
    responsible, editor, stranger = make_person(), make_person(), make_person()
    organisation = make_organisation(responsible=responsible, **values)
    make_membership(editor, organisation, Role.EDITOR)
    db.session.commit()
    return organisation, responsible, editor, stranger


def post(
    client: CheckedClient, path: str, data: dict[str, Any] | None = None, **more: Any
) -> TestResponse:
    """Send a form of a signed-in person, with the token of their pages."""
    token = csrf(client, "/fr/organisations/new")
    return client.post(path, data={**(data or {}), "csrf_token": token}, **more)


def as_(client: CheckedClient, person: Person) -> CheckedClient:
    """Sign somebody in."""
    sign_in(client, person)
    return client


def mails_to(address: str) -> list[Mail]:
    """Return what was sent to an address, oldest first."""
    return list(db.session.scalars(select(Mail).where(Mail.recipient == address).order_by(Mail.id)))


def text(answer: TestResponse) -> str:
    """Return the page as text."""
    return answer.get_data(as_text=True)
