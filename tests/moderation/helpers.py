"""Those who act in moderation: somebody who reports, somebody who decides, somebody concerned."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from board import news
from board.accounts.models import Person
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.mail import Mail
from board.moderation.models import Decision
from board.organisations.models import Organisation
from board.posts.models import Post
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, sign_in


def make_moderator(**values: Any) -> Person:
    """Somebody who looks after the board."""
    return make_person(**{"name": "Modeste", "moderator_at": now(), **values})


def moderating(client: CheckedClient) -> Person:
    """Sign a new moderator in, after committing what was made before."""
    moderator = make_moderator()
    news.commit()
    sign_in(client, moderator)
    return moderator


def published(**values: Any) -> tuple[Person, Organisation, Post]:
    """A public post, its organisation and who answers for it, committed."""
    person = make_person()
    organisation = values.pop("by", None) or make_organisation(responsible=person)
    post = make_post(by=organisation, author=person, **values)
    news.commit()
    return person, organisation, post


def browser(app: Flask, person: Person | None = None) -> CheckedClient:
    """Another browser, signed in as that person."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    if person is not None:
        sign_in(client, person)
    return client


def fields(client: CheckedClient, path: str) -> dict[str, str]:
    """Return the hidden fields of the first form that carries a mark, else its token."""
    html = client.get(path).get_data(as_text=True)
    found = {}
    for name in ("csrf_token", "seen"):
        said = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
        if said:
            found[name] = said.group(1)
    return found


def decide(client: CheckedClient, path: str, **values: str) -> TestResponse:
    """Open a decision page and send it."""
    given = {"rule": "true", "reason": "Parce que.", **values}
    return client.post(path, data={**fields(client, path), **given})


def decide_path(post: Post) -> str:
    """Where a post is decided about."""
    return f"/fr/moderation/p/{post.uuid}"


def again(row: Any) -> Any:
    """Read a row again as the database has it."""
    db.session.rollback()
    will_write(False)
    db.session.refresh(row)
    return row


def mails(to: str | None = None) -> list[Mail]:
    """Every mail so far, to one address."""
    db.session.rollback()
    rows = select(Mail).order_by(Mail.id)
    return list(db.session.scalars(rows if to is None else rows.where(Mail.recipient == to)))


def decisions() -> list[Decision]:
    """Every decision so far."""
    db.session.rollback()
    return list(db.session.scalars(select(Decision).order_by(Decision.id)))
