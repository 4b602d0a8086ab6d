"""« Jumelages » by mail: the best new pairs of one's organisations, and what fits one's profile.

Only what the pages of matching would show this person now; each thing is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from board import mail
from board.accounts.models import Person
from board.alerts import fitting, letters, links, proposed, queries, rules
from board.alerts.fitting import Found
from board.alerts.letters import Section
from board.alerts.models import MatchLook, Notification
from board.alerts.proposed import Proposed
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind, Rhythm
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


def people_to_look_for() -> tuple[list[int], list[int], list[int]]:
    """Return whose matches may be told at once now, whose in a digest, and who is new."""
    at_once: list[int] = []
    digests: list[int] = []
    fresh: list[int] = []
    for row in queries.people_with_matches():
        if row.looked_at is None:
            fresh.append(row.id)
        elif _may_look(row):
            (at_once if row.rhythm is Rhythm.AT_ONCE else digests).append(row.id)
    return at_once, digests, fresh


def is_due(person_id: int) -> bool:
    """Whether a person's digest of now may tell of matches."""
    rows = queries.people_with_matches(person_id)
    return any(row.looked_at is not None and row.rhythm is not Rhythm.AT_ONCE and _may_look(row)
               for row in rows)  # fmt: skip


def _may_look(row: Any) -> bool:
    rhythm = row.rhythm or rules.DEFAULTS[KIND]
    return rules.may_look(rhythm, row.looked_at, now(), settings().timezone, queries.quiet_in(row))


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
    """Owe a person who hears at once the mail about their new matches; each is told once."""
    person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        return False
    to = Recipient.of(person)
    said = section(to, person, found)
    if said is not None and to.is_reached:
        if not letters.send(to, [said], must_come=True):
            return False  # the address had enough mail today
        note_told(person_id, found)
    note_looked([person_id])
    return said is not None


def section(to: Recipient, person: Person, found: News) -> Section | None:
    """Return what a mail shows of new matches, ready to be sent; None: nothing is left of it."""
    with speaking(person.language):
        pairs = list(fitting.in_words(_shown(found), person.language).values())
    if not pairs and not found.proposed.total:
        return None
    language, more = person.language, found.proposed
    less, count = letters.less_url(KIND, to), len(pairs) + more.total
    context = {
        "ours": [one for one in pairs if one.own], "yours": [one for one in pairs if not one.own],
        "proposed": more, "less": less, "count": count,
        "more": len(found.pairs[rules.MOST_MATCHES_TOLD :]) + more.more,
        "all_ours": mail.link("matching.mine", language=language),
        "all_yours": mail.link("private.suggestions", language=language),
    }  # fmt: skip
    return Section(KIND, "matches", count, context, links.headers(less))


def note_told(person_id: int, found: News) -> None:
    """Write down what was shown: it is not told again."""
    db.session.add_all(
        Notification(person_id=person_id, kind=KIND, event_key=key, sent_at=now())
        for key in [*(one.key for one in _shown(found)), *found.proposed.keys]
    )


def _shown(found: News) -> Sequence[Found]:
    return found.pairs[: rules.MOST_MATCHES_TOLD]


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
