"""Cards as HTML, kept by post, version and language: nothing of the reader is in them.

What a search adds (marks in the title, a distance) has its place in the kept text and is put in
for each page. A fragment lives until its words change by themselves: at midnight, or at the instant
that its state or freshness moves.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import current_app, g
from markupsafe import Markup, escape

from board import news
from board.clock import now, today
from board.posts import cards, queries, words
from board.posts.cards import Facts, Mark, Point
from board.posts.terms import terms
from board.taxonomy.places import distance_km
from board.web.context import settings

MOST = 2_000
TITLE = Markup(f"[title-{secrets.token_hex(8)}]")  # noqa: S704 - ours
FAR = f"[far-{secrets.token_hex(8)}]"
Key = tuple[int, int, str, int]
_kept: OrderedDict[Key, Fragment] = OrderedDict()
news.keeps(_kept.clear)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A card in two pieces around its title, as bytes (half as many), and how long it is true."""

    before: bytes
    after: bytes
    post_id: int
    title: str
    point: Point | None
    day: date
    until: datetime | None

    def holds(self, at: datetime, day: date) -> bool:
        """Whether its words are still right."""
        return self.day == day and (self.until is None or at < self.until)

    def html(self, near: Point | None, mark: Mark | None) -> Markup:
        """Return the card of one page."""
        title = mark(self.post_id, self.title) if mark else escape(self.title)
        far = ""
        if near is not None and self.point is not None:
            far = words.distance_words(distance_km(near, self.point))
        after = self.after.decode().replace(FAR, f" · {escape(far)}" if far else "")
        return Markup(f"{self.before.decode()}{title}{after}")  # noqa: S704 - each piece is escaped


def cards_html(
    found: Sequence[tuple[int, int]],
    *,
    near: Point | None = None,
    mark: Mark | None = None,
    heading_level: int = 2,
) -> list[Markup]:
    """Return the cards of these (post, version), in order; what is kept costs no statement."""
    at, day = now(), today(settings().timezone)
    keys = [(post_id, version, str(g.language), heading_level) for post_id, version in found]
    missing = [key for key in keys if key not in _kept or not _kept[key].holds(at, day)]
    made = _make(missing, at, day)
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    there = [made.get(key) or _kept.get(key) for key in keys]
    return [fragment.html(near, mark) for fragment in there if fragment is not None]


def _make(keys: Sequence[Key], at: datetime, day: date) -> dict[Key, Fragment]:
    macro = current_app.jinja_env.get_template("components/card.html").module.post_card  # type: ignore[attr-defined]
    prefix, by_id = cards.address_prefix(), {key[0]: key for key in keys}
    made: dict[Key, Fragment] = {}
    for row, lines in queries.heads_with_lines(list(by_id)):
        facts, key = Facts(row, lines), by_id[row.id]
        card = cards.card(facts, prefix, at, day, None, None, key[3])
        text = str(macro(replace(card, title_html=TITLE, distance_label=FAR)))
        before, after = text.replace(f" · {FAR}", FAR).split(str(TITLE))
        title = cards.masked(row.title)
        point = None if row.label is None else (row.public_latitude, row.public_longitude)
        made[key] = _kept[key] = Fragment(
            before.encode(), after.encode(), row.id, title, point, day, changes(facts, at)
        )
    return made


def changes(facts: Facts, at: datetime) -> datetime | None:
    """The next instant at which the card says something else."""
    since = facts.confirmed_at or facts.published_at
    instants = [facts.expires_at]
    if since is not None:
        instants += [since + terms().fresh_for, since + terms().stale_after]
    return min((i for i in instants if i is not None and i > at), default=None)
