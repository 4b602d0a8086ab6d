"""Filters as SQL: which posts, in which order, and how many of each value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true

from board.errors import Invalid
from board.extensions import db
from board.organisations.models import Organisation
from board.posts import visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import Reader
from board.search.filters import Cursor, Query, Sort
from board.taxonomy import queries as taxonomy
from board.taxonomy.models import Place
from board.taxonomy.places import distance_km

Condition = ColumnElement[bool]
Found = Condition | None


class Ranked(NamedTuple):
    """A post in a list, with what its place in the order comes from."""

    id: int
    place_id: int | None
    ranked_at: datetime | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that narrows a list: what always holds, and each filter by its name."""

    at: datetime
    today: date
    always: Condition
    line_stands: Condition
    of_post: Mapping[str, Condition] = field(default_factory=dict)
    of_line: Mapping[str, Condition] = field(default_factory=dict)

    @property
    def everything(self) -> Condition:
        """A post passes: one of its lines meets all that is asked of lines."""
        held = [self.always, *self.of_post.values()]
        if self.of_line:
            line = exists().where(Line.post_id == Post.id, self.line_stands, *self.of_line.values())
            held.append(line.correlate(Post))
        return and_(*held)


def distances(query: Query) -> dict[int, float] | None:
    """Return the kilometres to each place with a post; None when nothing is asked near."""
    if query.near is None:
        return None
    used = select(Post.place_id).where(Post.place_id.is_not(None))
    rows = db.session.execute(
        select(Place.id, Place.public_latitude, Place.public_longitude)
        .where(Place.id.in_(used))
        .order_by(Place.id)
    )
    measured = ((row[0], distance_km(query.near, (row[1], row[2]))) for row in rows)
    most = query.radius_km
    return {place_id: km for place_id, km in measured if most is None or km <= most}


def scope(
    query: Query,
    *,
    reader: Reader,
    at: datetime,
    today: date,
    places: Collection[int] | None = None,
) -> Scope:
    """Say a query in SQL; Invalid when it names a category or an organisation that is not there."""
    seen = visibility.listed(reader, at)
    if query.closed:
        seen = or_(seen, visibility.listed_closed(reader, at))
    stands = Line.removed_at.is_(None) if query.closed else visibility.line_is_active()
    return Scope(at, today, seen, stands, _of_post(query, at, places), _of_line(query))


def newest(which: Scope, found: Found, *, limit: int, after: Cursor | None = None) -> list[Ranked]:
    """The latest published or confirmed first; what nobody confirmed for long comes last."""
    rows: list[Ranked] = []
    stale = visibility.stale_sql(which.at)
    for is_stale in (False, True):
        if len(rows) >= limit or (after is not None and after.stale and not is_stale):
            continue
        statement = (
            select(Post.id, Post.place_id, Post.ranked_at)
            .where(which.everything, stale if is_stale else ~stale)
            .order_by(Post.ranked_at.desc(), Post.id.desc())
            .limit(limit - len(rows))
        )
        if found is not None:
            statement = statement.where(found)
        if after is not None and after.stale == is_stale:
            statement = statement.where(_later_than(after))
        found_now = db.session.execute(statement)
        rows += [Ranked(*row, is_stale) for row in found_now]
    return rows


def ordered(which: Scope, found: Found, sort: Sort, limit: int | None) -> list[Ranked]:
    """Any other order; where scores or distances decide, every row, newest first."""
    stale = visibility.stale_sql(which.at)
    is_stale = case((stale, 1), else_=0)
    statement = select(Post.id, Post.place_id)
    newest_first = (is_stale, Post.ranked_at.desc(), Post.id.desc())
    if sort is Sort.SOONEST:
        soonest = _soonest(which)
        statement = statement.outerjoin(soonest, soonest.c.post_id == Post.id)
        statement = statement.order_by(soonest.c.first.asc().nulls_last(), *newest_first)
    elif sort is Sort.LEAST_ANSWERED:
        statement = statement.order_by(is_stale, Post.ranked_at, Post.id)
    else:
        statement, limit = statement.order_by(*newest_first), None
    statement = statement.where(which.everything, true() if found is None else found).limit(limit)
    return [Ranked(*row) for row in db.session.execute(statement)]


def _later_than(after: Cursor) -> Condition:
    return or_(
        Post.ranked_at < after.ranked_at,
        and_(Post.ranked_at == after.ranked_at, Post.id < after.post_id),
    )


def _soonest(which: Scope) -> Any:
    coming = case(
        (Line.needed_from >= which.today, Line.needed_from),
        (Line.needed_until >= which.today, Line.needed_until),
    )
    return (
        select(Line.post_id, func.min(coming).label("first"))
        .where(which.line_stands)
        .group_by(Line.post_id)
        .subquery()
    )


def _of_post(query: Query, at: datetime, places: Collection[int] | None) -> dict[str, Condition]:
    held: dict[str, Condition] = {}
    if query.purpose is not None:
        held["purpose"] = Post.purpose == query.purpose
    if query.tags:
        tagged = select(PostTag.post_id).where(PostTag.folded.in_(query.tags))
        held["tag"] = Post.id.in_(tagged)
    if query.organisations:
        held["organisation"] = Post.organisation_id.in_(_organisation_ids(query.organisations))
    if places is not None:
        held["near"] = Post.place_id.in_(sorted(places))
    if query.languages:
        held["language"] = Post.language.in_(query.languages)
    if query.freshnesses:
        held["freshness"] = visibility.freshness_sql(at).in_([str(f) for f in query.freshnesses])
    return held


def _of_line(query: Query) -> dict[str, Condition]:
    held: dict[str, Condition] = {}
    if query.kinds:
        held["kind"] = Line.kind.in_(query.kinds)
    if query.bases:
        held["basis"] = Line.basis.in_(query.bases)
    if query.categories:
        held["category"] = _carries(_concept_ids(query.categories))
    if query.attendances:
        held["attendance"] = Line.attendance.in_(query.attendances)
    if query.from_ is not None:
        held["from"] = or_(Line.needed_until.is_(None), Line.needed_until >= query.from_)
    if query.until is not None:
        held["until"] = or_(Line.needed_from.is_(None), Line.needed_from <= query.until)
    return held


def _carries(concept_ids: list[int]) -> Condition:
    more = (
        exists()
        .where(LineConcept.line_id == Line.id, LineConcept.concept_id.in_(concept_ids))
        .correlate(Line)
    )
    return or_(Line.category_id.in_(concept_ids), more)


def _concept_ids(keys: tuple[str, ...]) -> list[int]:
    wanted: set[int] = set()
    for key in keys:
        ids = taxonomy.narrower_ids(key)
        if not ids:
            raise Invalid("category", _("Cette catégorie n’existe pas."))
        wanted.update(ids)
    return sorted(wanted)


def _organisation_ids(slugs: tuple[str, ...]) -> list[int]:
    statement = select(Organisation.id).where(Organisation.slug.in_(slugs))
    ids = list(db.session.scalars(statement.order_by(Organisation.id)))
    if len(ids) != len(slugs):
        raise Invalid("organisation", _("Cet organisme n’existe pas."))
    return ids
