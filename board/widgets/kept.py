"""The cards of widgets, kept by post, version and language until their words change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import current_app, g
from markupsafe import Markup

from board import news
from board.clock import now, today
from board.posts import queries
from board.posts.cards import Facts, Point, PostCard, address_prefix, card
from board.posts.fragments import changes
from board.web.context import settings

MOST = 1_000


class Key(NamedTuple):
    """What a card depends on."""

    post_id: int
    version: int
    language: str
    near: Point | None
    heading_level: int


class Link(NamedTuple):
    """Where a post opens: in the widget itself where it can be answered there, else on the board.

    Its address is `before`, the post, `after`.
    """

    before: str
    after: str = ""
    in_place: bool = False

    @property
    def away(self) -> Link:
        """The same on the board: what is over is answered nowhere."""
        return Link(self.before)

    def to(self, uuid: str) -> str:
        """Return the address of a post."""
        return f"{self.before}{uuid}{self.after}"


_kept: OrderedDict[Key, tuple[PostCard, date, datetime | None]] = OrderedDict()
_drawn: OrderedDict[tuple[int, str, Link], tuple[PostCard, Markup]] = OrderedDict()
news.keeps(_kept.clear)
news.keeps(_drawn.clear)


def cards(
    found: Sequence[tuple[int, int]], *, near: Point | None, heading_level: int
) -> list[PostCard]:
    """Return the cards of these (post, version), in order; what is kept costs no statement."""
    at, day = now(), today(settings().timezone)
    keys = [Key(post_id, version, g.language, near, heading_level) for post_id, version in found]
    missing = [key for key in keys if not _holds(key, at, day)]
    made = _make(missing, at, day)
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    there = [made.get(key) or _kept.get(key) for key in keys]
    return [one[0] for one in there if one is not None]


def drawn(found: Sequence[PostCard], layout: str, link: Link) -> list[Markup]:
    """Return these cards as HTML; each is drawn once."""
    out, draw = [], None
    for one in found:
        key = (id(one), layout, link)
        if key not in _drawn:
            here = link if one.state_label is None else link.away
            draw = draw or _template().make_module({"language": g.language}).item
            _drawn[key] = (one, Markup(draw(one, layout, here.to, here.in_place)))  # noqa: S704 - Jinja's own
        out.append(_drawn[key][1])
    while len(_drawn) > MOST:
        _drawn.popitem(last=False)
    return out


def _template() -> Any:
    return current_app.jinja_env.get_template("widgets/items.html")


def _holds(key: Key, at: datetime, day: date) -> bool:
    known = _kept.get(key)
    return known is not None and known[1] == day and (known[2] is None or at < known[2])


def _make(
    keys: Sequence[Key], at: datetime, day: date
) -> dict[Key, tuple[PostCard, date, datetime | None]]:
    by_id, prefix = {key.post_id: key for key in keys}, address_prefix() if keys else ""
    made = {}
    for row, lines in queries.heads_with_lines(list(by_id)):
        facts, key = Facts(row, lines), by_id[row.id]
        drawn = card(facts, prefix, at, day, key.near, None, key.heading_level)
        made[key] = _kept[key] = (drawn, day, changes(facts, at))
    return made
