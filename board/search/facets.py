"""How many posts each value of each filter would leave: one statement, however many posts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    select,
    true,
    type_coerce,
    union,
    union_all,
)

from board.extensions import db
from board.organisations.models import Organisation
from board.posts import visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.search.queries import Found, Scope
from board.taxonomy import queries as taxonomy
from board.taxonomy.models import ConceptLink

MOST_VALUES = 20
OF_POSTS = ("purpose", "language", "freshness")
OF_LINES = ("kind", "basis", "attendance")


@dataclass(slots=True)
class Counts:
    """The total, the facets, and how many there would be without each filter in use."""

    total: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    loosened: dict[str, int] = field(default_factory=dict)


def count(which: Scope, found: Found) -> Counts:
    """Count everything at once; a facet counts as if its own filter were not there."""
    filters = {**which.of_post, **which.of_line}
    numbers = {name: i for i, name in enumerate(filters, 1)}
    near_misses = _near_misses(which, found, filters)
    near_posts = _without_lines(near_misses)
    statement = union_all(
        _totals(near_misses),
        *(_of_posts(near_posts, name, numbers.get(name)) for name in OF_POSTS),
        *(_of_lines(near_misses, name, numbers.get(name)) for name in OF_LINES),
        _categories(near_misses, numbers.get("category")),
        _tags(near_posts, numbers.get("tag")),
        _organisations(near_posts, numbers.get("organisation")),
    )
    return _read(list(db.session.execute(statement)), list(filters))


def _near_misses(which: Scope, found: Found, filters: dict[str, ColumnElement[bool]]) -> CTE:
    """Posts with their lines that pass every filter but one at most, and which one that is."""
    missed: ColumnElement[int] = literal(0, Integer)
    misses: ColumnElement[int] = literal(0, Integer)
    if filters:
        missed = case(*((_fails(c), i) for i, c in enumerate(filters.values(), 1)), else_=0)
        for condition in filters.values():
            misses = misses + case((_fails(condition), 1), else_=0)
    return (
        select(
            Post.id.label("post_id"),
            Line.id.label("line_id"),
            Line.category_id,
            missed.label("missed"),
            Post.organisation_id,
            type_coerce(Post.purpose, String).label("purpose"),
            type_coerce(Line.kind, String).label("kind"),
            type_coerce(Line.basis, String).label("basis"),
            type_coerce(Line.attendance, String).label("attendance"),
            Post.language.label("language"),
            visibility.freshness_sql(which.at).label("freshness"),
        )
        .select_from(Post)
        .outerjoin(Line, (Line.post_id == Post.id) & which.line_stands)
        .where(which.always, true() if found is None else found, misses <= 1)
        .cte("near_misses")
        .prefix_with("MATERIALIZED")
    )


def _fails(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return func.coalesce(case((condition, 1), else_=0), 0) == 0


def _posts(rows: CTE) -> ColumnElement[int]:
    return func.count(distinct(rows.c.post_id))


def _branch(
    facet: str | ColumnElement[str], value: Any, label: Any, number: ColumnElement[int]
) -> Select[Any]:
    name = literal(facet, String) if isinstance(facet, str) else facet
    branch: Any = select(
        name.label("facet"),
        cast(value, String).label("value"),
        cast(label, String).label("label"),
        number.label("n"),
    )
    counted: Select[Any] = branch
    return counted


def _totals(rows: CTE) -> Select[Any]:
    return _branch("", rows.c.missed, null(), _posts(rows)).group_by(rows.c.missed)


def _kept(rows: CTE, own: int | None) -> ColumnElement[bool]:
    return rows.c.missed.in_([0] if own is None else [0, own])


def _without_lines(rows: CTE) -> CTE:
    """Each post once for each filter that it misses: cheaper to count than its lines."""
    names = ("post_id", "missed", "organisation_id", *OF_POSTS)
    posts = select(*(rows.c[name] for name in names)).distinct()
    return posts.cte("near_posts").prefix_with("MATERIALIZED")


def _of_posts(rows: CTE, name: str, own: int | None) -> Select[Any]:
    value = rows.c[name]
    branch = _branch(name, value, null(), func.count())
    return branch.where(_kept(rows, own)).group_by(value)


def _of_lines(rows: CTE, name: str, own: int | None) -> Select[Any]:
    value = rows.c[name]
    branch = _branch(name, value, null(), _posts(rows))
    return branch.where(_kept(rows, own), value.is_not(None)).group_by(value)


def _categories(rows: CTE, own: int | None) -> Select[Any]:
    """A post counts for its categories and for every broader one, once."""
    carried = union(
        select(rows.c.post_id, rows.c.category_id.label("concept_id")).where(
            _kept(rows, own), rows.c.category_id.is_not(None)
        ),
        select(rows.c.post_id, LineConcept.concept_id)
        .join(LineConcept, LineConcept.line_id == rows.c.line_id)
        .where(_kept(rows, own)),
    ).cte("carried")
    above = select(
        ConceptLink.narrower_id.label("concept_id"), ConceptLink.broader_id.label("above_id")
    ).cte("above", recursive=True)
    above = above.union(
        select(above.c.concept_id, ConceptLink.broader_id).where(
            ConceptLink.narrower_id == above.c.above_id
        )
    )
    all_of_them = union(
        select(carried.c.post_id, carried.c.concept_id),
        select(carried.c.post_id, above.c.above_id).join(
            above, above.c.concept_id == carried.c.concept_id
        ),
    ).subquery("all_of_them")
    number = func.count(all_of_them.c.post_id)
    branch = _branch("category", all_of_them.c.concept_id, null(), number)
    return branch.group_by(all_of_them.c.concept_id)


def _tags(rows: CTE, own: int | None) -> Select[Any]:
    number = func.count()
    top = (
        select(PostTag.folded, func.max(PostTag.text).label("text"), number.label("n"))
        .join(rows, rows.c.post_id == PostTag.post_id)
        .where(_kept(rows, own))
        .group_by(PostTag.folded)
        .order_by(number.desc(), PostTag.folded)
        .limit(MOST_VALUES)
        .subquery("top_tags")
    )
    return _branch("tag", top.c.folded, top.c.text, top.c.n)


def _organisations(rows: CTE, own: int | None) -> Select[Any]:
    number = func.count()
    top = (
        select(rows.c.organisation_id, number.label("n"))
        .where(_kept(rows, own))
        .group_by(rows.c.organisation_id)
        .order_by(number.desc(), rows.c.organisation_id)
        .limit(MOST_VALUES)
        .subquery("top_organisations")
    )
    named = _branch("organisation", Organisation.slug, Organisation.name, top.c.n)
    return named.join_from(top, Organisation, Organisation.id == top.c.organisation_id)


def _read(rows: list[Any], filters: list[str]) -> Counts:
    values: defaultdict[str, list[tuple[str, str | None, int]]] = defaultdict(list)
    for facet, value, label, n in rows:
        values[facet].append((value, label, n))
    missed = {int(value): n for value, _label, n in values.pop("", [])}
    counts = Counts(total=missed.get(0, 0))
    known = taxonomy.catalogue("fr").by_id
    values["category"] = [
        (known[int(c)].key, label, n) for c, label, n in values["category"] if int(c) in known
    ]
    for facet in (*OF_POSTS, *OF_LINES, "category", "tag", "organisation"):
        found = sorted(values[facet], key=lambda each: (-each[2], each[0]))
        counts.facets[facet] = {value: n for value, _label, n in found}
        counts.labels[facet] = {value: label for value, label, _n in found if label is not None}
    counts.labels = {facet: labels for facet, labels in counts.labels.items() if labels}
    for i, name in enumerate(filters, 1):
        counts.loosened[name] = counts.total + missed.get(i, 0)
    return counts
