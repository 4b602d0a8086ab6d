"""« Jumelages » by mail: the best new pairs of one's organisations, and what fits one's profile.

Only what the pages of matching would show this person now; each thing is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from board import bounces, mail
from board.accounts.models import Person
from board.alerts import fitting, links, proposed, queries, rules
from board.alerts.fitting import Fitting, Found
from board.alerts.models import MatchLook, Notification
from board.alerts.proposed import Proposed
from board.alerts.rules import NoticeKind
from board.clock import now
from board.extensions import db
from board.matching import queries as matching
from board.matching import told as matched
from board.organisations import queries as organisations
from board.private import queries as private
from board.web.context import settings
from board.web.languages import speaking

KIND = NoticeKind.MATCHES


class News(NamedTuple):
    """What is new for one person: pairs, best first, and what else is proposed to them."""

    pairs: Sequence[Found] = ()
    proposed: Proposed = Proposed()


def people_to_look_for() -> tuple[list[int], list[int]]:
    """Return whose matches may be looked at now, and who is looked at for the first time."""
    due, fresh = [], []
    for row in queries.people_with_matches():
        quiet = queries.quiet_in(row)
        if row.looked_at is None:
            fresh.append(row.id)
        elif rules.may_look(row.rhythm or rules.DEFAULTS[KIND], row.looked_at, now(),
                            settings().timezone, quiet):  # fmt: skip
            due.append(row.id)
    return due, fresh


def look(person_id: int) -> News:
    """Return what is new for a person: of pairs, one for each post of somebody else."""
    person = db.session.get(Person, person_id)
    if person is None:
        return News()
    told = queries.told_keys(person_id, KIND)
    found = [one for one in [*_of_organisations(person), *_of_profile(person)]
             if one.key not in told]  # fmt: skip
    found.sort(key=lambda one: (-one.score, one.key))
    best: dict[int, Found] = {}
    for one in found:
        best.setdefault(one.post_id, one)
    with speaking(person.language):
        return News(list(best.values()), proposed.look(person, told))


def tell(person_id: int, found: News) -> bool:
    """Owe a person the one mail about their new matches; what it shows is not told again."""
    person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None or person.erased_at or not person.email or not person.confirmed_at:
        return False
    shown = found.pairs[: rules.MOST_MATCHES_TOLD]
    with speaking(person.language):
        pairs = list(fitting.in_words(shown, person.language).values())
    is_news = bool(pairs or found.proposed.total)
    if is_news and bounces.paused_since(person.email) is None:
        if not _write(person, pairs, found):
            return False  # the address had enough mail today
        db.session.add_all(
            Notification(person_id=person_id, kind=KIND, event_key=key, sent_at=now())
            for key in [*(one.key for one in shown), *found.proposed.keys]
        )
    note_looked([person_id])
    return is_news


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
        new = matched.new_pairs(organisation)
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


def _write(person: Person, pairs: Sequence[Fitting], found: News) -> bool:
    language, more = person.language, found.proposed
    less = links.less_url(KIND, language=language, person=person)
    owed = mail.compose(
        "matches", to=person.email or "", language=language, headers=links.headers(less),
        must_come=True, ours=[one for one in pairs if one.own],
        yours=[one for one in pairs if not one.own], proposed=more, less=less,
        count=len(pairs) + more.total,
        more=len(found.pairs[rules.MOST_MATCHES_TOLD :]) + more.more,
        all_ours=mail.link("matching.mine", language=language),
        all_yours=mail.link("private.suggestions", language=language),
    )  # fmt: skip
    return owed is not None
