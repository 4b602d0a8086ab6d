"""Lists and counts said in SQL alone: what the sets in memory must give, post for post.

Nothing here runs in production; `test_shelf.py` compares both over random boards and questions.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    or_,
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
from board.posts.rules import Reader
from board.search.embedded import Embedded
from board.search.filters import LAST_RESULT, Cursor, Query, Sort
from board.search.queries import Condition, Found, Scope, scope
from board.search.tally import Counts
from board.search.words import Finder
from board.search.words import Found as Words
from board.taxonomy import queries as taxonomy
from board.taxonomy.models import ConceptLink, Place
from board.taxonomy.places import distance_km

MOST_VALUES = 20
OF_POSTS = ("purpose", "language", "freshness")
OF_LINES = ("kind", "basis", "attendance")


class Ranked(NamedTuple):
    """A post in a list, with what its place in the order comes from."""

    id: int
    place_id: int | None
    ranked_at: datetime | None = None
    stale: bool = False


def search(
    engine: Embedded, query: Query, *, reader: Reader, at: datetime, today: date
) -> tuple[list[int], bool, Counts]:
    """Return the ids of a page, whether any follow, and the counts."""
    kilometres = distances(query)
    which = scope(query, reader=reader, at=at, today=today, places=kilometres)
    found, among = None, None
    if query.q:
        finder = Finder(
            engine.dialect, engine.vocabulary, reader=reader, at=at, closed=query.closed
        )
        found = finder.find(query.q)
        among = engine.dialect.among(Post.id, found.posts)
    rows, more = page(which, among, query, found, kilometres)
    return [row.id for row in rows], more, count(which, among)


def page(
    which: Scope, among: Found, query: Query, found: Words | None, kilometres: Any
) -> tuple[list[Ranked], bool]:
    """Return the rows of a page, and whether any follow."""
    end = min(query.offset + query.per_page, LAST_RESULT)
    if query.order is Sort.NEWEST:
        start = 0 if query.cursor else query.offset
        stop = query.per_page if query.cursor else end
        rows = newest(which, among, limit=stop + 1, after=query.cursor)
        return rows[start:stop], len(rows) > stop
    rows = ordered(which, among, query.order, limit=end + 1)
    if query.order is Sort.RELEVANCE and found is not None:
        rows.sort(key=lambda row: (found.posts[row.id][0], -round(found.posts[row.id][1], 3)))
    elif kilometres is not None and query.order is Sort.NEAREST:
        rows.sort(key=lambda row: round(kilometres[row.place_id or 0]))
    return rows[query.offset : end], len(rows) > end


def count(which: Scope, found: Found) -> Counts:
    """Count everything at once; a facet counts as if its own filter were not there."""
    of_line = {name: and_(Line.id.is_not(None), asked) for name, asked in which.of_line.items()}
    filters = {**which.of_post, **of_line}
    numbers = {name: i for i, name in enumerate(filters, 1)}
    near_misses = _near_misses(which, found, filters)
    near_posts = _without_lines(near_misses)
    statement = union_all(
        *_totals(near_misses, len(filters)),
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


def _totals(rows: CTE, filters: int) -> list[Select[Any]]:
    """How many pass everything (0), and everything but each filter."""
    return [
        _branch("", literal(str(i), String), null(), _posts(rows)).where(rows.c.missed.in_({0, i}))
        for i in range(filters + 1)
    ]


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
        counts.loosened[name] = missed[i]
    return counts


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
        statement = statement.order_by(is_stale, _answered(), Post.ranked_at, Post.id)
    else:
        statement, limit = statement.order_by(*newest_first), None
    statement = statement.where(which.everything, true() if found is None else found).limit(limit)
    return [Ranked(*row) for row in db.session.execute(statement)]


def _answered() -> Any:
    """Nobody answered, somebody did, or enough people did."""
    return case({"none": 0, "some": 1, "full": 2}, value=cast(Post.answers_band, String))


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
