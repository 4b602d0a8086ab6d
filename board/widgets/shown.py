"""What a widget shows: its own search, narrowed by who looks, without stale or refused posts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from board import search
from board.accounts import budget
from board.clock import now
from board.errors import Invalid
from board.folding import fold
from board.posts import cards, rules
from board.posts import queries as posts
from board.posts.cards import PostCard
from board.posts.models import Post
from board.posts.rules import Freshness, Kind, Purpose
from board.search import addresses
from board.search.engine import Results
from board.search.filters import Bounds, Query, parse
from board.search.queries import concept_ids
from board.taxonomy import place_queries
from board.web.context import settings, with_query
from board.web.pagination import LAST_RESULT, Page
from board.widgets import kept, queries
from board.widgets.designs import Design
from board.widgets.models import Widget
from board.widgets.queries import Placed
from board.widgets.rules import Layout, Nod

TRUE_ENOUGH = (Freshness.FRESH, Freshness.TO_CONFIRM)
LONGEST_Q = 200
BELOW_TITLE = 2  # a frame is a page of its own; the level that was set is for the element


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks inside a widget: words, needs or offers, a page."""

    q: str = ""
    purpose: Purpose | None = None
    page: int = 1

    def pairs(self) -> dict[str, Any]:
        """Return it as the arguments of an address."""
        out: dict[str, Any] = {"q": self.q or None, "purpose": self.purpose}
        out["page"] = self.page if self.page > 1 else None
        return {name: str(value) for name, value in out.items() if value}


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class View:
    """One page of a widget, in words."""

    design: Design
    asked: Asked
    total: int
    cards: list[PostCard]
    tabs: list[dict[str, Any]]
    previous: Asked | None
    following: Asked | None
    board_url: str
    publish_url: str
    points: Sequence[Any] = ()

    @property
    def count(self) -> str:
        """How many there are, in words."""
        if self.total == 0:
            return _("Aucune annonce")
        return ngettext("%(num)s annonce", "%(num)s annonces", self.total)

    @property
    def way_out(self) -> str:
        """What the link to the board's own page of this search says."""
        board, same = settings().instance_name, not _is_chosen(self.design)
        if self.design.layout in {Layout.COMPACT, Layout.COUNTER} and self.total:
            if not same:
                return ngettext("%(num)s annonce choisie sur %(board)s",
                                "%(num)s annonces choisies sur %(board)s",
                                self.total, board=board)  # fmt: skip
            if self.design.layout is Layout.COUNTER:
                return self.count
            return _("%(count)s sur %(board)s", count=self.count, board=board)
        if self.total > 1 and same:
            return _("Voir les %(count)s", count=self.count)
        return _("Voir sur %(board)s", board=board)

    @property
    def says(self) -> Hashable:
        """All that it says around its posts."""
        tabs = tuple((tab["count"], tab["current"]) for tab in self.tabs)
        return (self.design, self.asked, self.total, tabs, self.following, self.board_url)


def read(args: MultiDict[str, str]) -> Asked:
    """Read what is asked; what makes no sense is left aside: a widget never breaks."""
    words = "".join(c for c in args.get("q", "") if c >= " ").strip()[:LONGEST_Q]
    number = args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    purpose = args.get("purpose", "")
    known = Purpose(purpose) if purpose in set(Purpose) else None
    return Asked(words, known, max(1, page))


def view(design: Design, asked: Asked, *, widget: Widget | Placed | None = None) -> View:
    """Search as the widget does."""
    base = base_query(design)
    if base.purpose is not None:
        asked = replace(asked, purpose=None)
    if design.layout is Layout.SINGLE:
        return _single(design)
    query = _narrowed(base, design, asked, widget)
    results, query = _found(query)
    asked = replace(asked, page=query.page)
    hits = [(hit.post_id, hit.version) for hit in results.hits]
    found = kept.cards(hits, near=query.near, heading_level=BELOW_TITLE)
    last = Page(query.page, query.per_page, results.total).last
    return View(
        design=design,
        asked=asked,
        total=results.total,
        cards=found,
        tabs=_tabs(results, asked) if design.has_tabs and base.purpose is None else [],
        previous=replace(asked, page=asked.page - 1) if asked.page > 1 else None,
        following=replace(asked, page=asked.page + 1) if asked.page < last else None,
        board_url=board_url(design, asked),
        publish_url=settings().url(url_for("posts.compose")),
        points=_points(query) if design.layout is Layout.MAP else (),
    )


def _narrowed(base: Query, design: Design, asked: Asked, widget: Widget | Placed | None) -> Query:
    """Narrow the widget's own search by who looks, and by what its owner said."""
    return replace(
        base,
        q=_words(base.q, asked.q),
        purpose=asked.purpose or base.purpose,
        per_page=design.per_page,
        page=asked.page,
        bounds=bounds_of(design, widget),
        counts=False,
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
    return _found(query)[0].total > 0


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


def board_url(design: Design, asked: Asked = EVERYTHING) -> str:
    """Return the board's own page of the same search."""
    return settings().url(with_query(url_for("search.board"), _pairs(design, asked)))


def map_url(design: Design) -> str:
    """Return the board's own page of one point of the map, but for the point."""
    address = settings().url(with_query(url_for("maps.point"), _pairs(design)))
    return address + ("&" if "?" in address else "?")


def _pairs(design: Design, asked: Asked = EVERYTHING) -> dict[str, list[str]]:
    """Return the filters as the board reads them: it would show what is old, a widget does not."""
    pairs: dict[str, list[str]] = {}
    for name, value in design.filters:
        pairs.setdefault(name, []).append(value)
    base = base_query(design)
    pairs["freshness"] = [str(one) for one in base.freshnesses]
    if not base.closed:
        pairs.pop("closed", None)
    if asked.q:
        pairs["q"] = [_words(*pairs.get("q", ()), asked.q)]
    if asked.purpose is not None:
        pairs["purpose"] = [str(asked.purpose)]
    return pairs


def _words(*parts: str) -> str:
    return " ".join(part for part in parts if part)[:LONGEST_Q]


def _is_chosen(design: Design) -> bool:
    """Whether its owner leaves out what no address of the board can leave out."""
    left_out = (name for name in design.__struct_fields__ if name.startswith("without_"))
    return design.asks_nod or any(getattr(design, name) for name in left_out)


def _found(query: Query) -> tuple[Results, Query]:
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


def _single(design: Design) -> View:
    """Show one post, while it may be shown to everybody."""
    found: list[PostCard] = []
    post = posts.find_post(UUID(design.post)) if design.post else None
    if post is not None and rules.in_widgets(post, now()):
        found = cards.cards_for([post.id], heading_level=BELOW_TITLE)
    return View(design, Asked(), len(found), found, [], None, None, board_url(design),
                settings().url(url_for("posts.compose")))  # fmt: skip


def _tabs(results: Results, asked: Asked) -> list[dict[str, Any]]:
    counts = results.facets.get("purpose", {})
    every = ((None, _("Tout"), sum(counts.values())),
             (Purpose.NEED, _("Besoins"), counts.get("need", 0)),
             (Purpose.OFFER, _("Offres"), counts.get("offer", 0)))  # fmt: skip
    return [
        {"label": label, "count": count, "asked": replace(asked, purpose=purpose, page=1),
         "current": asked.purpose is purpose, "purpose": purpose.value if purpose else ""}
        for purpose, label, count in every
    ]  # fmt: skip


def _points(query: Query) -> Sequence[Any]:
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


def page_language(design: Design, wished: str) -> None:
    """Answer in the widget's language, else in what the address or the browser wishes."""
    g.language = design.language_for(wished) or g.language
