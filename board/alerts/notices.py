"""News for one person: kept in the writer's transaction, told by mail in that person's rhythm.

A feature says what a kind of news is by `@tells(kind)`: a function that turns what was kept into
words for its reader when the mail is written, or into None when there is nothing to tell any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale
from sqlalchemy import delete, update

from board import bounces, mail
from board.accounts.models import Person
from board.alerts import links, queries, rules
from board.alerts.models import Notification
from board.alerts.rules import NoticeKind, Rhythm
from board.clock import now
from board.extensions import db
from board.web.context import settings

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news in words: its title, what there is to say, where it goes on."""

    title: str
    url: str
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)


Teller = Callable[[Person, Facts], Told | None]
_tellers: dict[NoticeKind, Teller] = {}


def tells(kind: NoticeKind) -> Callable[[Teller], Teller]:
    """Let a function put one kind of news into words, in the reader's language."""

    def keep(teller: Teller) -> Teller:
        _tellers[kind] = teller
        return teller

    return keep


def notify(
    person: Person, kind: NoticeKind, event_key: str, facts: Facts, *, thread: str = ""
) -> None:
    """Owe a person one piece of news, once for each `event_key`; newer facts replace older ones.

    `thread` gathers: what waits about one thread goes in one mail.
    """
    held = db.session.query(Notification).filter_by(
        person_id=person.id, event_key=event_key, channel="mail"
    )
    kept = held.with_for_update().one_or_none()
    if kept is not None:
        if kept.sent_at is None:
            kept.facts = facts
        return
    rhythm = queries.rhythms_of(person.id)[kind]
    due = rules.due_at(rhythm, now(), settings().timezone, queries.quiet_of(person.id))
    gathers = thread if rhythm is Rhythm.AT_ONCE else ""
    db.session.add(Notification(person_id=person.id, kind=kind, event_key=event_key, facts=facts,
                                thread=gathers, due_at=due))  # fmt: skip
    db.session.flush()


def tell(person_id: int, kind: NoticeKind, thread: str) -> bool:
    """Owe the one mail about what waits of a thread; says whether there was anything to tell."""
    person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
    rows = queries.waiting(person_id, kind, thread)
    if person is None or not rows:
        return False
    told = _in_words(person, kind, [row.facts for row in rows]) if _reaches(person) else []
    if told and _write(person, kind, told) is None:
        return False  # the address had enough mail today: it waits
    db.session.execute(
        update(Notification)
        .where(Notification.id.in_([row.id for row in rows]))
        .values(sent_at=now())
        .execution_options(synchronize_session=False)
    )
    return bool(told)


def forget_old() -> None:
    """Forget what was told long ago."""
    db.session.execute(
        delete(Notification)
        .where(queries.old_notifications(now() - rules.KEEP_TOLD))
        .execution_options(synchronize_session=False)
    )


def _reaches(person: Person) -> bool:
    """Whether mail may go to this person: an address that is theirs and takes mail."""
    if person.erased_at is not None or person.confirmed_at is None or not person.email:
        return False
    return bounces.paused_since(person.email) is None


def _in_words(person: Person, kind: NoticeKind, facts: list[Facts]) -> list[Told]:
    teller = _tellers.get(kind)
    if teller is None:
        return []
    with force_locale(person.language):
        return [told for each in facts if (told := teller(person, each)) is not None]


def _write(person: Person, kind: NoticeKind, told: list[Told]) -> mail.Mail | None:
    less = links.less_url(kind, language=person.language, person=person)
    more = len(told) - rules.MOST_IN_MAIL
    headers = told[-1].headers | links.headers(less)
    return mail.compose(
        "notice", to=person.email or "", language=person.language, headers=headers,
        told=told[: rules.MOST_IN_MAIL], count=len(told), more=max(0, more), less=less,
        all_url=mail.link("accounts.home", language=person.language),
    )  # fmt: skip
