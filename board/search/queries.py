"""Filters as SQL, for statements about the posts of a list; `sieve` says the same in sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select

from board.errors import Invalid
from board.extensions import db
from board.organisations.models import Organisation
from board.posts import visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import BELIEVED, Reader
from board.search.filters import Query
from board.taxonomy import queries as taxonomy

Condition = ColumnElement[bool]
Found = Condition | None


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


def _of_post(query: Query, at: datetime, places: Collection[int] | None) -> dict[str, Condition]:
    held: dict[str, Condition] = {}
    if query.purpose is not None:
        held["purpose"] = Post.purpose == query.purpose
    if query.tags:
        tagged = select(PostTag.post_id).where(PostTag.folded.in_(query.tags))
        held["tag"] = Post.id.in_(tagged)
    if query.organisations:
        held["organisation"] = Post.organisation_id.in_(organisation_ids(query.organisations))
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
        held["category"] = _carries(concept_ids(query.categories))
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
        .where(LineConcept.by.in_(BELIEVED))
        .correlate(Line)
    )
    return or_(Line.category_id.in_(concept_ids), more)


def concept_ids(keys: tuple[str, ...]) -> list[int]:
    """Return these concepts and all that is narrower; Invalid when one is not there."""
    wanted: set[int] = set()
    for key in keys:
        ids = taxonomy.narrower_ids(key)
        if not ids:
            raise Invalid("category", _("Cette catégorie n’existe pas."))
        wanted.update(ids)
    return sorted(wanted)


def organisation_ids(slugs: tuple[str, ...]) -> list[int]:
    """Return these organisations; Invalid when one is not there."""
    statement = select(Organisation.id).where(Organisation.slug.in_(slugs))
    ids = list(db.session.scalars(statement.order_by(Organisation.id)))
    if len(ids) != len(slugs):
        raise Invalid("organisation", _("Cet organisme n’existe pas."))
    return ids
