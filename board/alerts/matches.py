"""« Jumelages » by mail: the best new pairs of one's organisations, and what fits one's profile.

Only what the pages of matching would show this person now; each pair is told once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from board import bounces, mail
from board.accounts.models import Person
from board.alerts import links, queries, rules
from board.alerts.models import MatchLook, Notification
from board.alerts.rules import NoticeKind
from board.clock import now
from board.extensions import db
from board.matching import queries as matching
from board.matching import wording
from board.organisations import queries as organisations
from board.posts import cards
from board.posts import queries as posts
from board.private import queries as private
from board.web.context import settings
from board.web.languages import speaking

KIND = NoticeKind.MATCHES
_TAG = re.compile(r"<[^>]*>")


class Found(NamedTuple):
    """A new pair: its name among what was told, the other's post, one's own, and why it fits."""

    key: str
    score: float
    post_id: int
    own_id: int | None
    parts: dict[str, Any]
    reasons: list[dict[str, Any]]


class Fitting(NamedTuple):
    """A pair as a mail names it; `own` is one's own post, or nothing for one's profile."""

    title: str
    organisation: str
    own: str
    why: str
    url: str


def people_to_look_for() -> tuple[list[int], list[int]]:
    """Return whose matches may be looked at now, and who is looked at for the first time."""
    due, fresh = [], []
    for row in queries.people_with_matches():
        quiet = None if row.first_hour is None else rules.Quiet(row.first_hour, row.last_hour)
        if row.looked_at is None:
            fresh.append(row.id)
        elif rules.may_look(row.rhythm or rules.DEFAULTS[KIND], row.looked_at, now(),
                            settings().timezone, quiet):  # fmt: skip
            due.append(row.id)
    return due, fresh


def look(person_id: int) -> list[Found]:
    """Return what is new for a person, best first: one pair for each post of somebody else."""
    person = db.session.get(Person, person_id)
    if person is None:
        return []
    told = queries.told_keys(person_id, KIND)
    found = [one for one in [*_of_organisations(person), *_of_profile(person)]
             if one.key not in told]  # fmt: skip
    found.sort(key=lambda one: (-one.score, one.key))
    best: dict[int, Found] = {}
    for one in found:
        best.setdefault(one.post_id, one)
    return list(best.values())


def tell(person_id: int, found: Sequence[Found]) -> bool:
    """Owe a person the one mail about their new matches; what it shows is not told again."""
    person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None or person.erased_at or not person.email or not person.confirmed_at:
        return False
    shown = found[: rules.MOST_MATCHES_TOLD]
    with speaking(person.language):
        fitting = _in_words(shown, person.language)
    if fitting and bounces.paused_since(person.email) is None:
        if not _write(person, fitting, len(found) - len(shown)):
            return False  # the address had enough mail today
        db.session.add_all(
            Notification(person_id=person_id, kind=KIND, event_key=one.key, sent_at=now())
            for one in shown
        )
    note_looked([person_id])
    return bool(fitting)


def note_looked(people: Sequence[int]) -> None:
    """Let people wait for their next day or week."""
    known = set(db.session.scalars(select(MatchLook.person_id).where(
        MatchLook.person_id.in_(people))))  # fmt: skip
    for person_id in people:
        if person_id in known:
            db.session.get_one(MatchLook, person_id).looked_at = now()
        else:
            db.session.add(MatchLook(person_id=person_id, looked_at=now()))


def _of_organisations(person: Person) -> list[Found]:
    found = []
    for organisation, _role in organisations.organisations_of(person):
        shown, _hidden = matching.pairs_of(organisation, matching.effects_of(organisation.id))
        new = [one for one in shown if one.is_new and not one.is_beyond]
        of_post = matching.posts_of_lines({line for one in new for line in (one.own, one.other)})
        found += [
            Found(f"pair:{one.need}:{one.offer}", one.score, of_post[one.other],
                  of_post[one.own], one.parts, one.reasons)
            for one in new
        ]  # fmt: skip
    return found


def _of_profile(person: Person) -> list[Found]:
    profile = private.find_profile(person)
    if profile is None:
        return []
    return [
        Found(f"fits:{one.private_id}:{one.need_line_id}", one.score, one.post_id, None, one.parts,
              one.reasons)
        for one in private.for_person(person, profile)
        if not one.is_beyond
    ]  # fmt: skip


def _in_words(shown: Sequence[Found], language: str) -> list[Fitting]:
    ids = {post_id for one in shown for post_id in (one.post_id, one.own_id) if post_id}
    heads = {row.id: row for row in posts.heads(sorted(ids))}
    return [
        Fitting(
            title=cards.masked(heads[one.post_id].title),
            organisation=heads[one.post_id].name,
            own=cards.masked(heads[one.own_id].title) if one.own_id in heads else "",
            why=html.unescape(_TAG.sub("", str(wording.why(one.reasons, one.parts)))),
            url=mail.link("post.page", language=language, post_id=heads[one.post_id].uuid),
        )
        for one in shown
        if one.post_id in heads
    ]


def _write(person: Person, fitting: Sequence[Fitting], more: int) -> bool:
    language = person.language
    less = links.less_url(KIND, language=language, person=person)
    yours = [one for one in fitting if not one.own]
    ours = [one for one in fitting if one.own]
    owed = mail.compose(
        "matches", to=person.email or "", language=language, headers=links.headers(less),
        must_come=True, ours=ours, yours=yours, count=len(fitting), more=more, less=less,
        all_ours=mail.link("matching.mine", language=language),
        all_yours=mail.link("private.suggestions", language=language),
    )  # fmt: skip
    return owed is not None
