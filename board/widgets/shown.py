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

from board.clock import now
from board.posts import cards, rules
from board.posts import queries as posts
from board.posts.cards import PostCard
from board.posts.pages import address_of_original
from board.posts.rules import Purpose
from board.search.engine import Results
from board.search.filters import Query
from board.web.context import settings, with_query
from board.web.pagination import Page
from board.widgets import kept, sieve
from board.widgets.designs import Design
from board.widgets.models import Widget
from board.widgets.queries import Placed
from board.widgets.rules import Layout

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
    original: str = ""  # where the board shows the one post of a single layout

    @property
    def count(self) -> str:
        """How many there are, in words."""
        if self.total == 0:
            return _("Aucune annonce")
        return ngettext("%(num)s annonce", "%(num)s annonces", self.total)

    @property
    def is_narrowed_to_nothing(self) -> bool:
        """Whether who looks asked for what is not there: a link then shows everything again."""
        return not self.cards and bool(self.asked.q or self.asked.purpose)

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
    base = sieve.base_query(design)
    if base.purpose is not None:
        asked = replace(asked, purpose=None)
    if design.layout is Layout.SINGLE:
        return _single(design)
    query = _narrowed(base, design, asked, widget)
    results, query = sieve.found(query)
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
        points=sieve.points(query) if design.layout is Layout.MAP else (),
    )


def _narrowed(base: Query, design: Design, asked: Asked, widget: Widget | Placed | None) -> Query:
    """Narrow the widget's own search by who looks, and by what its owner said."""
    return replace(
        base,
        q=_words(base.q, asked.q),
        purpose=asked.purpose or base.purpose,
        per_page=design.per_page,
        page=asked.page,
        bounds=sieve.bounds_of(design, widget),
        counts=False,
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
    base = sieve.base_query(design)
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


def _single(design: Design) -> View:
    """Show one post, while it may be shown to everybody."""
    found: list[PostCard] = []
    original = ""
    post = posts.find_post(UUID(design.post)) if design.post else None
    if post is not None and rules.in_widgets(post, now()):
        found = cards.cards_for([post.id], heading_level=BELOW_TITLE)
        original = address_of_original(post.uuid, post.language)
    return View(design, Asked(), len(found), found, [], None, None, board_url(design),
                settings().url(url_for("posts.compose")), original=original)  # fmt: skip


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


def page_language(design: Design, wished: str) -> None:
    """Answer in the widget's language, else in what the address wishes, else the browser.

    A language that the board does not speak becomes the board's.
    """
    g.language = design.language_for(wished) or (settings().language if wished else g.language)
