"""Time that passes: days of the board, with its worker or without."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

from board import clock, jobs, news
from board.accounts.models import Person
from board.extensions import db
from board.mail import Mail
from board.organisations.models import Organisation
from board.posts.models import Post, PostEvent
from tests.conftest import NOW
from tests.factories import make_organisation, make_person

ZONE = ZoneInfo("America/Toronto")
DAY = timedelta(days=1)


def group(*, author: bool = True) -> tuple[Organisation, Person, Person]:
    """An organisation, its responsible, and somebody who writes for it."""
    from board.organisations.rules import Role
    from tests.factories import make_membership

    responsible, writer = make_person(name="Rose"), make_person(name="Ana")
    organisation = make_organisation(responsible=responsible, name="Maison des voisins")
    if author:
        make_membership(writer, organisation, Role.EDITOR)
    news.commit()
    return organisation, responsible, writer


def work(app: Flask) -> None:
    """Let the worker do all that the clock asks for, here and now."""
    news.commit()
    jobs.work_once(app)
    db.session.rollback()
    db.session.expire_all()


def go_to(app: Flask, days: float) -> None:
    """Move the clock to so many days after NOW, and let the worker work."""
    clock.fix(NOW + days * DAY)
    work(app)


def live(app: Flask, first: int, last: int) -> None:
    """Let each of these days pass with the worker running."""
    for day in range(first, last + 1):
        go_to(app, day)


def ends_in(days: int) -> datetime:
    """The end of the local day that comes so many days after NOW."""
    local = (NOW + days * DAY).astimezone(ZONE).date()
    return datetime.combine(local, time(23, 59, 59), ZONE).astimezone(UTC)


def letters(person: Person | None = None) -> list[tuple[int, str]]:
    """(days after NOW, subject) of the mails to a person, or to everybody."""
    rows = select(Mail.created_at, Mail.subject).order_by(Mail.id)
    if person is not None:
        rows = rows.where(Mail.recipient == person.email)
    return [((at - NOW).days, subject) for at, subject in db.session.execute(rows)]


def days_of(person: Person) -> list[int]:
    """On which days a person got a reminder."""
    return [day for day, _subject in letters(person)]


def last_mail(person: Person) -> Mail:
    """The mail that a person got last."""
    rows = select(Mail).where(Mail.recipient == person.email).order_by(Mail.id.desc())
    found = db.session.scalar(rows.limit(1))
    assert found is not None
    return found


def link_in(mail: Mail, at: int = 0) -> str:
    """The path of a « still true » link of a mail."""
    found = re.findall(r"http://127\.0\.0\.1:8000(/\S+/still\?token=\S+)", mail.text)
    return str(found[at])


def events(post: Post) -> Counter[str]:
    """How often each step stands in a post's history."""
    rows = select(PostEvent.event).where(PostEvent.post_id == post.id)
    return Counter(event.value for event in db.session.scalars(rows))


def board_version() -> int:
    """The number that caches follow, as the database has it now."""
    db.session.rollback()
    return db.session.scalar(select(news.BoardVersion.number)) or 0
