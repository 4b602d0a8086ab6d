"""What a person chooses to hear of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from board.accounts.models import Person, Token
from board.alerts import notices, queries, searches
from board.alerts.models import MatchLook, Notification, Preference, QuietHours, SavedSearch
from board.alerts.rules import LESS, NoticeKind, Quiet, Rhythm
from board.extensions import db


def choose(*, rhythms: Mapping[NoticeKind, Rhythm], person: Person | None = None,
           email: str | None = None) -> None:  # fmt: skip
    """Let a person (a guest by address) hear of each kind as often as they say, from now on.

    What waits follows; of « never » only what must come stays.
    """
    whose: dict[str, Any] = {"person_id": person.id if person else None,
                             "email": None if person else email}  # fmt: skip
    kept = {row.kind: row for row in db.session.query(Preference).filter_by(**whose)}
    before = queries.rhythms_of(**whose)
    for kind, rhythm in rhythms.items():
        if kind in kept:
            kept[kind].rhythm = rhythm
        else:
            db.session.add(Preference(**whose, kind=kind, rhythm=rhythm))
        if rhythm is not before[kind]:
            notices.retime(kind, rhythm, **whose)


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
        return
    now = queries.rhythms_of(token.person_id, token.email)[kind]
    choose(person=token.person, email=token.email,
           rhythms={kind: Rhythm.NEVER if nothing else LESS[now]})  # fmt: skip


def forget_person(person: Person) -> None:
    """Forget what a person wanted to hear of and was told."""
    for model in (MatchLook, Notification, Preference, QuietHours, SavedSearch):
        db.session.execute(delete(model).where(model.person_id == person.id))


def forget_address(email: str) -> None:
    """Forget what a guest's address wanted to hear of and was told."""
    for model in (Notification, Preference):
        db.session.execute(
            delete(model)
            .where(model.email == email.lower())
            .execution_options(synchronize_session=False)
        )
