"""What a person chooses to hear of."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, update

from board.accounts.models import Person, Token
from board.alerts import searches
from board.alerts.models import Notification, Preference, QuietHours, SavedSearch
from board.alerts.queries import rhythms_of
from board.alerts.rules import LESS, NoticeKind, Quiet, Rhythm
from board.extensions import db


def choose(*, person: Person, rhythms: Mapping[NoticeKind, Rhythm]) -> None:
    """Let a person hear of each kind as often as they say; what waits of « never » is dropped."""
    kept = {row.kind: row for row in db.session.query(Preference).filter_by(person_id=person.id)}
    for kind, rhythm in rhythms.items():
        if kind in kept:
            kept[kind].rhythm = rhythm
        else:
            db.session.add(Preference(person_id=person.id, kind=kind, rhythm=rhythm))
        if rhythm is Rhythm.NEVER:
            _drop(person.id, kind)


def be_quiet(*, person: Person, hours: Quiet | None) -> None:
    """Keep the hours in which a person wants no notice; None: at any hour."""
    row = db.session.get(QuietHours, person.id)
    if hours is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(
            QuietHours(person_id=person.id, first_hour=hours.first, last_hour=hours.last)
        )
    else:
        row.first_hour, row.last_hour = hours.first, hours.last


def hear_less(*, token: Token, kind: NoticeKind, nothing: bool) -> None:
    """Let the bearer of a mail's link hear less of one kind, or nothing any more."""
    if kind is NoticeKind.SEARCHES:
        searches.hear_less(person_id=token.person_id, email=token.email, nothing=nothing)
    elif token.person is not None:
        now = rhythms_of(token.person.id)[kind]
        choose(person=token.person, rhythms={kind: Rhythm.NEVER if nothing else LESS[now]})


def forget_person(person: Person) -> None:
    """Forget what a person wanted to hear of and was told."""
    for model in (Notification, Preference, QuietHours, SavedSearch):
        db.session.execute(delete(model).where(model.person_id == person.id))


def _drop(person_id: int, kind: NoticeKind) -> None:
    db.session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.kind == kind,
               Notification.sent_at.is_(None))
        .values(due_at=None)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
