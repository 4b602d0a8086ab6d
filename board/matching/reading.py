"""Lines as matching reads them: a few statements for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, select

from board.clock import now, today
from board.extensions import db
from board.matching.knowledge import Knowledge
from board.matching.models import Block
from board.matching.pairs import Line as ReadLine
from board.matching.rules import LineFacts
from board.matching.scores import LINKED_FROM
from board.matching.things import Named
from board.organisations.models import Organisation
from board.posts import rules, visibility, waiting
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import BELIEVED, Attendance, Audience, Purpose, Source
from board.search.documents import plain, without_contacts
from board.taxonomy.models import Place
from board.taxonomy.places import Point

MOST_DESCRIPTION = 400
MOST_BLOCKS = 5_000
AT_ONCE = 500
OWN, BY_RULE = 1.0, LINKED_FROM
# A tag says what a line is about when nothing else does; beside a category it is only near it.
BY_TAG, BESIDE_CATEGORY = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """A line of the board, ready to be compared."""

    id: int
    post_id: int
    line: ReadLine
    waiting_since: datetime | None

    @property
    def purpose(self) -> Purpose:
        """Whether it is missing or can be shared."""
        return self.line.facts.purpose


def answerable(at: datetime, this_day: date) -> ColumnElement[bool]:
    """A line that may be proposed: open, stood by, its days not over, of a listed organisation."""
    return and_(
        visibility.is_open(at),
        ~visibility.stale_sql(at),
        visibility.line_is_active(),
        visibility.has_days_to_come(this_day),
        Post.organisation_id.in_(
            select(Organisation.id).where(
                Organisation.closed_at.is_(None),
                Organisation.hidden_at.is_(None),
                Organisation.unlisted_at.is_(None),
            )
        ),
    )


def is_answerable() -> ColumnElement[bool]:
    """The same, now."""
    return answerable(now(), today(current_app.config["BOARD"].timezone))


def lines(ids: Collection[int], knowledge: Knowledge) -> dict[int, Known]:
    """Read lines by their ids."""
    ordered = sorted(ids)
    found: dict[int, Known] = {}
    for start in range(0, len(ordered), AT_ONCE):
        found |= _read(ordered[start : start + AT_ONCE], knowledge)
    return found


def line_ids_of(post_ids: Collection[int]) -> list[int]:
    """Return the standing lines of posts."""
    rows = select(Line.id).where(Line.post_id.in_(sorted(post_ids)), Line.removed_at.is_(None))
    return list(db.session.scalars(rows.order_by(Line.id)))


def _read(ids: list[int], knowledge: Knowledge) -> dict[int, Known]:
    rows: list[Any] = list(db.session.execute(_statement().where(Line.id.in_(ids))))
    posts = sorted({row.post_id for row in rows})
    further = _grouped(
        select(LineConcept.line_id, LineConcept.concept_id, LineConcept.by)
        .where(LineConcept.line_id.in_(ids))
        .order_by(LineConcept.line_id, LineConcept.concept_id),
        "line_id",
    )
    tags = _grouped(
        select(PostTag.post_id, PostTag.text, PostTag.concept_id)
        .where(PostTag.post_id.in_(posts))
        .order_by(PostTag.id),
        "post_id",
    )
    kept_apart = blocks({row.organisation_id for row in rows})
    waits = waiting.since({row.post_id: row.published_at for row in rows})
    return {
        row.id: Known(
            row.id,
            row.post_id,
            _line(row, further[row.id], tags[row.post_id], kept_apart, knowledge),
            waits[row.post_id],
        )
        for row in rows
    }


def _statement() -> Any:
    other = Line.__table__.alias("sibling")
    standing = (
        select(func.count(other.c.id))
        .where(other.c.post_id == Post.id, other.c.removed_at.is_(None))
        .correlate(Post)
        .scalar_subquery()
    )
    return (
        select(
            Line.id,
            Line.post_id,
            Line.title,
            Line.kind,
            Line.basis,
            Line.quantity,
            Line.committed,
            Line.needed_from,
            Line.needed_until,
            Line.attendance,
            Line.reach_km,
            Line.category_id,
            Post.purpose,
            Post.organisation_id,
            Post.title.label("post_title"),
            Post.language,
            Post.audience,
            Post.body_html,
            Post.published_at,
            Organisation.verified_at,
            Place.public_latitude,
            Place.public_longitude,
            is_answerable().label("answerable"),
            standing.label("lines"),
        )
        .join(Post, Post.id == Line.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .outerjoin(Place, Place.id == Post.place_id)
        .order_by(Line.id)
    )


def _line(
    row: Any,
    further: Iterable[Any],
    tags: list[Any],
    kept_apart: dict[int, frozenset[int]],
    knowledge: Knowledge,
) -> ReadLine:
    alone = row.lines == 1
    # The title and the tags of a post with several lines say nothing sure of any one of them.
    own_tags = tags if alone else []
    concepts = _concepts(row, further, own_tags, knowledge)
    point = None
    if row.public_latitude is not None:
        point = Point(row.public_latitude, row.public_longitude)
    further_titles = (row.post_title,) if alone else ()
    return ReadLine(
        facts=_facts(row, kept_apart.get(row.organisation_id, frozenset())),
        title=row.title,
        language=row.language,
        further_titles=further_titles,
        tags=tuple(tag.text for tag in own_tags),
        description=without_contacts(plain(row.body_html))[:MOST_DESCRIPTION] if alone else "",
        concepts=concepts,
        things=_things((row.title, *further_titles), row.language, concepts, knowledge),
        point=point,
    )


def _things(
    titles: tuple[str, ...], language: str, concepts: Iterable[str], knowledge: Knowledge
) -> dict[str, Named]:
    """Which things of each category the titles name, where the words tell."""
    things = knowledge.things.get(language)
    return {key: things.named(titles, key) for key in concepts} if things is not None else {}


def _facts(row: Any, kept_apart: frozenset[int]) -> LineFacts:
    purpose = Purpose(row.purpose)
    counts = rules.is_used_up(row, purpose)
    return LineFacts(
        purpose=purpose,
        kind=row.kind,
        organisation_id=row.organisation_id,
        audience=Audience(row.audience),
        is_member=row.verified_at is not None,
        answerable=bool(row.answerable),
        remaining=rules.remaining(row) if counts else None,
        needed_from=row.needed_from,
        needed_until=row.needed_until,
        attendance=Attendance(row.attendance) if row.attendance else None,
        reach_km=row.reach_km,
        basis=row.basis,
        blocks=kept_apart,
    )


def _concepts(
    row: Any, further: Iterable[Any], tags: Iterable[Any], knowledge: Knowledge
) -> dict[str, float]:
    """What a line is about, each as surely as whoever says so."""
    by_id = knowledge.catalogue.by_id
    found: dict[str, float] = {}

    def add(concept_id: int | None, strength: float) -> None:
        term = by_id.get(concept_id or 0)
        chosen = concept_id == row.category_id  # the author's own, whatever kind it is listed under
        if term is not None and (chosen or term.kind in {None, str(row.kind)}):
            found[term.key] = max(found.get(term.key, 0.0), strength)

    add(row.category_id, OWN)
    for one in further:
        if one.by in BELIEVED:
            add(one.concept_id, OWN if one.by == Source.AUTHOR else BY_RULE)
    for tag in tags:
        add(tag.concept_id, BY_TAG if row.category_id is None else BESIDE_CATEGORY)
    return found


def blocks(organisation_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return whom each of these organisations wants nothing to do with."""
    rows = (
        select(Block.organisation_id, Block.other_id)
        .where(Block.organisation_id.in_(sorted(organisation_ids)), Block.other_id > 0)
        .order_by(Block.id)
        .limit(MOST_BLOCKS)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for organisation_id, other_id in db.session.execute(rows):
        found[organisation_id].add(int(other_id or 0))
    return {organisation_id: frozenset(others) for organisation_id, others in found.items()}


def _grouped(statement: Any, key: str) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        groups[getattr(row, key)].append(row)
    return groups
