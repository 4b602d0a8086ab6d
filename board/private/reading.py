"""Private lines as matching reads them: scanned in the database, never asked of an engine."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from board.accounts.models import Person
from board.extensions import db
from board.matching import meaning, reading
from board.matching.knowledge import Knowledge
from board.matching.models import Block
from board.matching.pairs import Line as ReadLine
from board.matching.rules import LineFacts
from board.matching.scores import LINKED_FROM
from board.organisations.models import Membership, Organisation
from board.posts import queries as posts
from board.posts.rules import Audience, Kind, Purpose
from board.private.models import PrivateConcept, PrivateLine
from board.private.rules import Wishes
from board.search.text import STOP_WORDS, stems, words
from board.taxonomy.models import Place
from board.taxonomy.places import Point

AT_ONCE = 500
_PARTS = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class Private:
    """A private line, ready to be compared, with what its owner wishes."""

    id: int
    line: ReadLine
    wishes: Wishes


def may_be_asked() -> ColumnElement[bool]:
    """A private line that counts now: not paused, of nobody who left the board."""
    open_ones = select(Organisation.id).where(
        Organisation.closed_at.is_(None),
        Organisation.hidden_at.is_(None),
        Organisation.unlisted_at.is_(None),
    )
    return and_(
        PrivateLine.paused_at.is_(None),
        or_(PrivateLine.organisation_id.is_(None), PrivateLine.organisation_id.in_(open_ones)),
    )


def line(private_id: int, knowledge: Knowledge) -> Private | None:
    """Read one private line, unless it is paused or gone."""
    return next(iter(_read(PrivateLine.id == private_id, knowledge)), None)


def scan(kind: Kind, concept_ids: Collection[int], knowledge: Knowledge) -> Iterator[list[Private]]:
    """Read the private lines of a kind that may fit, a few hundred at a time.

    A line that says what it is about, and nothing near what is needed, would have to say it in
    much the same words: it is left out, so that a need is not compared with everybody.
    """
    last = 0
    while True:
        which = and_(PrivateLine.id > last, PrivateLine.kind == kind, _is_near(concept_ids))
        some = _read(which, knowledge)
        if some:
            yield some
        if len(some) < AT_ONCE:
            return
        last = some[-1].id


def _is_near(concept_ids: Collection[int]) -> ColumnElement[bool]:
    about = PrivateConcept.private_line_id == PrivateLine.id
    if not concept_ids:
        return PrivateLine.id > 0
    near = exists().where(about, PrivateConcept.concept_id.in_(sorted(concept_ids)))
    return or_(near, ~exists().where(about), PrivateLine.title != "")


def _read(which: ColumnElement[bool], knowledge: Knowledge) -> list[Private]:
    """Read private lines; what an organisation keeps is at home unless it says where."""
    statement = (
        select(PrivateLine, Place.public_latitude, Place.public_longitude)
        .outerjoin(Organisation, Organisation.id == PrivateLine.organisation_id)
        .outerjoin(Place, Place.id == func.coalesce(PrivateLine.place_id, Organisation.place_id))
        .where(which, may_be_asked())
        .order_by(PrivateLine.id)
        .limit(AT_ONCE)
    )
    rows = list(db.session.execute(statement))
    about = _concepts([row.PrivateLine.id for row in rows], knowledge)
    owners = _Owners([row.PrivateLine for row in rows])
    return [_private(row, about[row.PrivateLine.id], owners, knowledge) for row in rows]


def _private(row: Any, about: dict[str, float], owners: _Owners, knowledge: Knowledge) -> Private:
    one: PrivateLine = row.PrivateLine
    phrases = tuple(part.strip() for part in _PARTS.split(one.title) if part.strip())
    for phrase in phrases:
        meant = meaning.read(
            [phrase], language=one.language, kind=one.kind.value, category="", known=knowledge
        )
        for key in (key for key, said in meant.items() if said.is_sure):
            about.setdefault(key, LINKED_FROM)
    point = None
    if row.public_latitude is not None:
        point = Point(row.public_latitude, row.public_longitude)
    return Private(
        one.id,
        ReadLine(
            facts=owners.facts(one),
            title=phrases[0] if phrases else "",
            language=one.language,
            further_titles=phrases[1:],
            concepts=about,
            point=point,
        ),
        _wishes(one, knowledge),
    )


def _wishes(one: PrivateLine, knowledge: Knowledge) -> Wishes:
    phrases = [part.strip() for part in _PARTS.split(one.never) if part.strip()]
    refused = {
        key
        for phrase in phrases
        for key, link in knowledge.linker.links(phrase, one.language, one.kind.value).items()
        if link.is_sure
    }
    return Wishes(
        languages=frozenset(code for code in one.languages.split(",") if code),
        weekdays=frozenset(int(day) for day in one.weekdays),
        never_concepts=frozenset(refused),
        never_words=tuple(frozenset(stems_of(phrase)) for phrase in phrases),
    )


def stems_of(*texts: str) -> list[str]:
    """Return the stems of texts; French ones, which both sides of a comparison have."""
    return [stems(word).fr for text in texts for word in words(text) if word not in STOP_WORDS]


def _concepts(ids: list[int], knowledge: Knowledge) -> defaultdict[int, dict[str, float]]:
    rows = (
        select(PrivateConcept.private_line_id, PrivateConcept.concept_id)
        .where(PrivateConcept.private_line_id.in_(ids))
        .order_by(PrivateConcept.private_line_id, PrivateConcept.concept_id)
    )
    found: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for line_id, concept_id in db.session.execute(rows) if ids else ():
        term = knowledge.catalogue.by_id.get(concept_id)
        if term is not None:
            found[line_id][term.key] = 1.0
    return found


class _Owners:
    """Whose the lines are: whom they may not meet, and whether posts for members are for them."""

    def __init__(self, lines: Iterable[PrivateLine]) -> None:
        known = list(lines)
        organisations = {one.organisation_id for one in known if one.organisation_id}
        persons = {one.person_id for one in known if one.person_id}
        self._apart = reading.blocks(organisations) if organisations else {}
        rows = select(Organisation.id).where(
            Organisation.id.in_(organisations), posts.is_verified()
        )
        self._verified = set(db.session.scalars(rows)) if organisations else set()
        self._shunned: defaultdict[int, set[int]] = defaultdict(set)
        self._members: set[int] = set()
        if persons:
            self._read_persons(persons)

    def facts(self, one: PrivateLine) -> LineFacts:
        """Return what the gates ask."""
        if one.organisation_id is not None:
            apart = self._apart.get(one.organisation_id, frozenset())
            is_member = one.organisation_id in self._verified
        else:
            apart = frozenset(self._shunned[one.person_id or 0])
            is_member = one.person_id in self._members
        return LineFacts(
            purpose=Purpose.OFFER,
            kind=one.kind,
            organisation_id=one.organisation_id,
            audience=Audience.PUBLIC,
            is_member=is_member,
            needed_from=one.needed_from,
            needed_until=one.needed_until,
            attendance=one.attendance,
            reach_km=one.reach_km,
            basis=one.basis,
            blocks=apart,
        )

    def _read_persons(self, persons: set[int]) -> None:
        """Nobody volunteers for their own organisation here, nor for one that turned them away."""
        blocked = (
            select(Person.id, Block.organisation_id)
            .join(Block, or_(Block.person_id == Person.id,
                             Block.email_folded == Person.email_folded))
            .where(Person.id.in_(persons))
            .order_by(Block.id)
        )  # fmt: skip
        for person_id, organisation_id in db.session.execute(blocked):
            self._shunned[person_id].add(organisation_id)
        own = (
            select(Membership.person_id, Membership.organisation_id, posts.is_verified())
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.person_id.in_(persons), Membership.ended_at.is_(None))
            .order_by(Membership.id)
        )
        for person_id, organisation_id, is_verified in db.session.execute(own):
            self._shunned[person_id].add(organisation_id)
            if is_verified:
                self._members.add(person_id)
