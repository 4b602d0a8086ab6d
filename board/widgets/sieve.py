"""What a widget lets through: its own search, less what its owner leaves out or refuses.

Nothing here is said to anybody; `shown` puts it into words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from board import search
from board.accounts import budget
from board.clock import now
from board.errors import Invalid
from board.folding import fold
from board.posts import rules
from board.posts.models import Post
from board.posts.rules import Freshness, Kind
from board.search import addresses
from board.search.engine import Results
from board.search.filters import Bounds, Query, parse
from board.search.queries import concept_ids
from board.taxonomy import place_queries
from board.web.pagination import LAST_RESULT
from board.widgets import queries
from board.widgets.designs import Design
from board.widgets.models import Widget
from board.widgets.queries import Placed
from board.widgets.rules import Layout, Nod

TRUE_ENOUGH = (Freshness.FRESH, Freshness.TO_CONFIRM)


def base_query(design: Design) -> Query:
    """Return the widget's own search; a filter that no longer makes sense is left aside."""
    values = MultiDict(list(design.filters))
    named = values.pop("place", "")
    place = place_queries.find_place_by_text(named) if named else None
    if place is not None:
        values["near"] = f"{place.public_latitude},{place.public_longitude}"
    elif "near" not in values:
        values.poplist("radius_km")
    while True:
        try:
            query = parse(values)
        except Invalid as error:
            if not values.poplist(error.field):
                return Query(freshnesses=TRUE_ENOUGH)
        else:
            fresh = tuple(one for one in query.freshnesses if one in TRUE_ENOUGH) or TRUE_ENOUGH
            return replace(query, freshnesses=fresh, page=1, cursor=None)


def bounds_of(design: Design, widget: Widget | Placed | None) -> Bounds:
    """Return what is left out, and what alone is let in where its owner's nod is needed."""
    nods = queries.nods_of(widget.id) if widget is not None and design.asks_nod else {}
    welcome = queries.organisation_ids(design.welcome) if design.asks_nod else ()
    own = (widget.organisation_id,) if widget is not None else ()
    return Bounds(
        without_organisations=queries.organisation_ids(design.without_organisations),
        without_concepts=_concepts(design.without_categories),
        without_kinds=tuple(kind for kind in design.without_kinds if kind in set(Kind)),
        without_tags=tuple(fold(tag) for tag in design.without_tags),
        refused=nods.get(Nod.REFUSED, frozenset()),
        accepted=nods[Nod.ACCEPTED] if nods else None,
        welcome=(*welcome, *own),
    )


def shows(design: Design, widget: Placed, post: Post) -> bool:
    """Whether a widget would show this post now: its search, its owner's nod, its own post."""
    if not rules.in_widgets(post, now()):
        return False
    if design.layout is Layout.SINGLE:
        return design.post == str(post.uuid)
    bounds = bounds_of(design, widget)
    accepted = bounds.accepted is None or post.id in bounds.accepted
    if not accepted and post.organisation_id not in bounds.welcome:
        return False
    alone = replace(bounds, accepted=frozenset({post.id}), welcome=())
    query = replace(base_query(design), per_page=1, page=1, bounds=alone, counts=False)
    return found(query)[0].total > 0


def found(query: Query) -> tuple[Results, Query]:
    """Search; a page after the end is the first, a filter that is gone is left out."""
    while True:
        try:
            with budget.spending():
                results = search.current_engine().search(query)
        except Invalid as error:
            query = addresses.Asked(query).without_wrong(error).query
            continue
        if query.page > 1 and not results.hits:
            query = replace(query, page=1)
            continue
        return results, query


def points(query: Query) -> Sequence[Any]:
    """Return the coarse points of the first thousand that are found, with how many at each."""
    every = replace(query, page=1, per_page=LAST_RESULT)
    ids = [hit.post_id for hit in search.current_engine().search(every).hits]
    return queries.points_of(ids)


def _concepts(keys: Sequence[str]) -> tuple[int, ...]:
    out: list[int] = []
    for key in keys:
        try:
            out += concept_ids((key,))
        except Invalid:
            continue
    return tuple(out)
