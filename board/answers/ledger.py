"""The ledger of contacts: who gave which to whom, why, until when; each sees their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from board.accounts.models import Person
from board.answers import queries, rules, words
from board.answers.models import Disclosure, Response
from board.answers.rules import Actor
from board.clock import now, today
from board.errors import NotFound
from board.extensions import db
from board.posts import cards
from board.posts import queries as posts
from board.posts import words as post_words
from board.posts.models import Post
from board.posts.values import last_day
from board.web.tables import plain

MOST = 1000
FIELDS = {"email": _l("courriel"), "phone": _l("téléphone")}
COLUMNS = ("given_at", "direction", "other", "fields", "reason", "until", "taken_back_at",
           "forgotten_at", "post", "answer")  # fmt: skip


def of_response(response: Response) -> list[Disclosure]:
    """Return what contacts were given in an answer, oldest first."""
    return _found(Disclosure.response_id == response.id)


def of_person(person_id: int) -> list[Disclosure]:
    """Return the contacts that a person gave or was given, the oldest first."""
    return _found(_theirs(person_id))


def of_organisation(organisation_id: int) -> list[Disclosure]:
    """Return the contacts that were given for an organisation, or to it, the oldest first."""
    given = Disclosure.of_organisation_id == organisation_id
    return _found(or_(given, Disclosure.to_organisation_id == organisation_id))


def person_has_any(person_id: int) -> bool:
    """Whether a person ever gave or was given contacts."""
    return db.session.scalar(select(Disclosure.id).where(_theirs(person_id)).limit(1)) is not None


def get_own(uuid: UUID, person: Person) -> Disclosure:
    """Return contacts that this person may take back: theirs, or of an organisation of theirs."""
    found = db.session.scalar(select(Disclosure).where(Disclosure.uuid == uuid))
    if found is None or not _may_take_back(found, person):
        raise NotFound
    return found


def of_side(response: Response, uuid: UUID | None, side: Actor) -> Disclosure:
    """Return contacts that this side of an answer gave."""
    given = [one for one in of_response(response) if one.uuid == uuid and one.of_side is side]
    if not given:
        raise NotFound
    return given[0]


def on_page(response: Response, side: Actor) -> list[dict[str, Any]]:
    """Return what contacts each side gave, as the answer's page shows them to one side."""
    return [
        _common(one)
        | {
            "mine": one.of_side is side,
            "who": _giver(one),
            "seen": (one.values or {}) if is_open(one) else {},
        }
        for one in of_response(response)
    ]


def rows_of_person(person: Person) -> list[dict[str, Any]]:
    """Return a person's ledger in words, the newest first."""
    theirs = {one.id for one in posts.organisations_of(person.id)}
    return [
        _row(one, given=one.of_person_id == person.id, leads=_reaches(one, person, theirs))
        for one in reversed(of_person(person.id))
    ]


def rows_of_organisation(organisation_id: int) -> list[dict[str, Any]]:
    """Return an organisation's ledger in words, the newest first."""
    return [
        _row(one, given=one.of_organisation_id == organisation_id, leads=True)
        | {"by": one.of_person.name if one.of_person else ""}
        for one in reversed(of_organisation(organisation_id))
    ]


def export(person: Person) -> list[dict[str, Any]]:
    """Return a person's ledger, with what they gave themselves while it is kept."""
    return [
        record(one, given=one.of_person_id == person.id)
        | {"values": one.values if one.of_person_id == person.id and is_open(one) else None}
        for one in of_person(person.id)
    ]


def record(one: Disclosure, *, given: bool) -> dict[str, Any]:
    """Return one entry of the ledger for machines."""
    return {
        "given_at": one.created_at,
        "direction": "given" if given else "received",
        "other": _receiver(one) if given else _giver(one),
        "fields": list(one.fields),
        "reason": one.reason,
        "until": one.until,
        "taken_back_at": one.revoked_at,
        "forgotten_at": one.purged_at,
        "post": one.response.post.uuid,
        "answer": one.response.uuid,
    }


def as_csv(found: Sequence[Disclosure], organisation_id: int) -> str:
    """Return an organisation's ledger as a table; no cell is a formula."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in found:
        entry = record(one, given=one.of_organisation_id == organisation_id)
        table.writerow([_cell(entry[name]) for name in COLUMNS])
    return out.getvalue()


def is_open(one: Disclosure) -> bool:
    """Whether the other side sees them now."""
    over = one.response.ended_at
    kept = over is None or over > now() - rules.KEEP_CONTACTS
    return kept and rules.is_disclosed(one.until, one.revoked_at, one.purged_at, now())


def _found(which: ColumnElement[bool]) -> list[Disclosure]:
    answer = joinedload(Disclosure.response)
    found = (
        select(Disclosure)
        .where(which)
        .options(
            answer.joinedload(Response.post).joinedload(Post.organisation),
            answer.joinedload(Response.person),
            answer.joinedload(Response.organisation),
            joinedload(Disclosure.of_person),
        )
        .order_by(Disclosure.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(found))[::-1]


def _theirs(person_id: int) -> ColumnElement[bool]:
    return or_(Disclosure.of_person_id == person_id, Disclosure.to_person_id == person_id)


def _may_take_back(one: Disclosure, person: Person) -> bool:
    if one.of_person_id == person.id:
        return True
    organisation_id = one.of_organisation_id
    return organisation_id is not None and queries.acts_for(person.id, organisation_id)


def _row(one: Disclosure, *, given: bool, leads: bool) -> dict[str, Any]:
    return _common(one) | {
        "mine": given,
        "by": "",
        "other": _receiver(one) if given else _giver(one),
        "post_title": cards.masked(one.response.post.title),
        "post_language": one.response.post.language,
        "url": url_for("answers.one", response_id=one.response.uuid) if leads else None,
    }


def _common(one: Disclosure) -> dict[str, Any]:
    return {
        "uuid": one.uuid,
        "fields": ", ".join(str(FIELDS[name]) for name in one.fields if name in FIELDS),
        "reason": cards.masked(one.reason),
        "at": post_words.moment(one.created_at),
        "until": _until(one),
        "open": is_open(one),
        "taken_back": post_words.moment(one.revoked_at) if one.revoked_at else "",
    }


def _until(one: Disclosure) -> Markup | str:
    """Say the last day on which the other side sees what was given."""
    zone = one.response.post.timezone
    day = last_day(one.until, zone)
    return post_words.day(day, today(zone)) if day else ""


def _giver(one: Disclosure) -> str:
    response = one.response
    if one.of_side is Actor.EDITOR:
        return response.post.organisation.name
    return words.who(response)


def _receiver(one: Disclosure) -> str:
    response = one.response
    return response.post.organisation.name if one.to_side is Actor.EDITOR else words.who(response)


def _reaches(one: Disclosure, person: Person, organisations: set[int]) -> bool:
    response = one.response
    if response.organisation_id is None and response.person_id == person.id:
        return True
    return not organisations.isdisjoint({response.organisation_id, response.post.organisation_id})


def _cell(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return plain(text)
