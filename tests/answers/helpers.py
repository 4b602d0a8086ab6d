"""A post that takes answers, who answers it, and what they hear."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from board import clock, news
from board.accounts.models import Person
from board.alerts.jobs import tell_news
from board.alerts.rules import STORM
from board.answers import services
from board.answers.holds import Wanted
from board.answers.models import Response
from board.answers.services import Answerer, Said
from board.database import will_write, writing
from board.extensions import db
from board.mail import Mail
from board.posts.models import Line, Post
from board.posts.rules import Basis, Kind, Purpose
from tests.factories import make_organisation, make_person, make_post

CHAIRS = {"title": "Chaises pliantes", "quantity": 40, "basis": Basis.LOAN}
PLACES = {"title": "Bénévoles au repas", "kind": Kind.VOLUNTEER, "basis": None, "quantity": 3}


def need(**line: Any) -> tuple[Post, Person]:
    """A need of three volunteers, and who edits it."""
    return _post(Purpose.NEED, {**PLACES, **line})


def loan(**line: Any) -> tuple[Post, Person]:
    """Forty chairs to lend, and who edits them."""
    return _post(Purpose.OFFER, {**CHAIRS, **line})


def _post(purpose: Purpose, line: dict[str, Any]) -> tuple[Post, Person]:
    editor = make_person(name="Édith")
    organisation = make_organisation(responsible=editor, name="Maison du Canal")
    post = make_post(by=organisation, author=editor, purpose=purpose, title="Repas de quartier",
                     lines=[line])  # fmt: skip
    news.commit()
    return post, editor


def answered(post: Post, by: Person | None = None, n: int = 1, **values: Any) -> Response:
    """Somebody answers the first line of a post: it is committed, and its editors are told."""
    response = proposed(post, by, n, **values)
    tell_what_waits()
    return response


def proposed(
    post: Post, by: Person | None = None, n: int = 1, *, reserve: bool = False, **values: Any
) -> Response:
    """Somebody answers the first line of a post, and it is committed; nobody was told yet."""
    will_write()
    person = by or make_person()
    wanted = (Wanted(post.lines[0], n, values.pop("first", None), values.pop("last", None)),)
    said = Said(wanted, values.pop("message", "Je peux aider."), agrees=True, takes_reserve=reserve)
    response = services.answer(post=post, by=Answerer("fr", person, **values), said=said)
    assert response is not None
    news.commit()
    return response


def told(response: Response) -> list[Mail]:
    """Every mail owed to the person who answered."""
    assert response.person is not None
    return mails(response.person.email)


def line_of(post: Post) -> Line:
    """Read the first line of a post again."""
    db.session.rollback()
    will_write(False)
    line = db.session.scalar(
        select(Line).where(Line.post_id == post.id).execution_options(populate_existing=True)
    )
    assert line is not None
    return line


def mails(to: str | None) -> list[Mail]:
    """Every mail owed to an address once the storm is over, oldest first."""
    db.session.rollback()
    tell_what_waits()
    return list(db.session.scalars(select(Mail).where(Mail.recipient == to).order_by(Mail.id)))


def tell_what_waits() -> None:
    """Let the worker tell what people hear of at once; the clock is as it was after it."""
    before = clock.now()
    clock.fix(before + STORM)
    with writing():
        tell_news()
        news.commit()
    clock.fix(before)
    db.session.rollback()


def link_in(mail: Mail) -> str:
    """Return the path of the first link of a mail."""
    found = re.search(r"http://[^/\s]+(/\S+)", mail.text)
    assert found, mail.text
    return found.group(1)
