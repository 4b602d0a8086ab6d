"""What the board tells whoever follows it: the one model that every feed and widget reads.

Nothing here depends on who asks. A closed post stays for thirty days with its state, because what
reads a feed forgets nothing by itself; a post that rests or was taken off is named, without its
words.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board import news, search
from board.accounts import budget
from board.clock import now
from board.errors import Invalid, Unclear
from board.interchange import gone, queries
from board.interchange.api import line_item
from board.interchange.gone import Gone
from board.organisations.models import Organisation
from board.posts import endings, rules, words
from board.posts import queries as posts
from board.posts.cards import Facts, masked, who
from board.posts.fragments import changes
from board.search import addresses, board_page
from board.search.engine import Results
from board.search.filters import Query, Sort
from board.web.context import settings
from board.web.pagination import LAST_RESULT

PER_PAGE = 50
MOST_KEPT = 300
MOST_NAMED = 6
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A post as feeds tell it: public words, a coarse place, and a link to answer.

    It is told for one language; what is written of it is kept by its identity.
    """

    id: int
    uuid: str
    version: int
    url: str
    purpose: str
    purpose_label: str
    title: str
    language: str
    state: str
    state_label: str
    freshness: str
    html: str
    organisation: str
    organisation_url: str
    verified: bool
    place: str
    point: tuple[float, float] | None
    kinds: tuple[str, ...]
    kind_labels: tuple[str, ...]
    bases: tuple[str, ...]
    tags: tuple[str, ...]
    lines: tuple[dict[str, Any], ...]
    published_at: datetime
    updated_at: datetime
    expires_at: datetime | None

    @property
    def headline(self) -> str:
        """The title as one reads it far from the board: « Besoin : … », and its state if over."""
        over = f" ({self.state_label})" if self.state_label else ""
        return _("%(what)s\u00a0: %(title)s", what=self.purpose_label, title=self.title) + over


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of what somebody follows."""

    title: str
    page_url: str
    self_url: str
    next_url: str | None
    items: tuple[Item, ...]
    gone: tuple[Gone, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A post as it was told, until time changes what is told of it."""

    item: Item
    met_at: datetime | None
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it is still so."""
        return self.until is None or at < self.until


_kept: OrderedDict[Key, Kept] = OrderedDict()
news.keeps(_kept.clear)


def of_search(*, sort: Sort = Sort.NEWEST, per_page: int = PER_PAGE) -> Feed:
    """Return what a search finds, open or closed lately; Unclear when it cannot be understood."""
    asked = addresses.read(_args())
    if not asked.is_understood:
        raise Unclear(" ".join((*asked.problems, asked.unknown)).strip())
    followed = replace(asked.query, closed=True, sort=sort, cursor=None,
                       per_page=per_page, counts=False)  # fmt: skip
    items, total = _items(followed)
    open_only = replace(asked.query, page=1, closed=False)
    following = None
    if followed.page * per_page < min(total, LAST_RESULT):
        following = _here(asked, replace(asked.query, page=followed.page + 1))
    gone_lately = gone.since(settings().closing_days) if followed.page == 1 else []
    return _feed(
        title_of(asked),
        asked.on("search.board").url(open_only),
        _here(asked, asked.query),
        following,
        items,
        gone_lately,
    )


def of_organisation(
    organisation: Organisation, *, sort: Sort = Sort.NEWEST, per_page: int = PER_PAGE
) -> Feed:
    """Return what an organisation announces, open or closed lately."""
    query = Query(organisations=(organisation.slug,), closed=True, sort=sort,
                  per_page=per_page, counts=False)  # fmt: skip
    items, _total = _items(query)
    return _feed(
        _("%(name)s · %(board)s", name=organisation.name, board=settings().instance_name),
        url_for("organisations.page", slug=organisation.slug),
        request.path,
        None,
        items,
        gone.since(settings().closing_days, organisation.id),
    )


def query_string(asked: addresses.Asked, query: Query) -> str:
    """Return what the board's own address of a query has after its path."""
    return "".join(asked.on("search.board").url(query).partition("?")[1:])


def _here(asked: addresses.Asked, query: Query) -> str:
    return request.path + query_string(asked, query)


def title_of(asked: addresses.Asked) -> str:
    """Name a feed by what it follows: its words and filters as the board itself writes them."""
    name, slugs = settings().instance_name, asked.query.organisations
    if not asked.query.q and not asked.query.is_filtered:
        return name
    labels = {"organisation": queries.names_of(slugs)} if slugs else {}
    asked = replace(asked, query=replace(asked.query, closed=False))
    parts = board_page.named(asked, Results(labels=labels), g.language)
    return " · ".join((*parts[:MOST_NAMED], *(["…"] if len(parts) > MOST_NAMED else []), name))


def _args() -> MultiDict[str, str]:
    return MultiDict(request.args)


def _feed(
    title: str,
    page: str,
    self_: str,
    following: str | None,
    items: Sequence[Item],
    left: Sequence[Gone],
) -> Feed:
    moments = [item.updated_at for item in items] + [row.at for row in left]
    return Feed(
        title=title,
        page_url=settings().url(page),
        self_url=settings().url(self_),
        next_url=settings().url(following) if following else None,
        items=tuple(items),
        gone=tuple(left),
        updated_at=max(moments, default=now()),
    )


def _items(query: Query) -> tuple[list[Item], int]:
    """Search and tell the posts found; an organisation or category that is not there is Unclear."""
    try:
        with budget.spending():
            results = search.current_engine().search(query)
    except Invalid as error:
        raise Unclear(addresses.said(error)) from error
    return items_of([(hit.post_id, hit.version) for hit in results.hits]), results.total


def items_of(found: Sequence[tuple[int, int]]) -> list[Item]:
    """Tell these (post, version), in order; what is kept costs no statement."""
    at, keys = now(), [(*each, g.language) for each in found]
    missing = [key for key in keys if key not in _kept or not _kept[key].holds(at)]
    made = _made({key[0]: key for key in missing}, at)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    over = at - timedelta(days=settings().closing_days)
    there = [made.get(key) or _kept.get(key) for key in keys]
    return [one.item for one in there if one and (one.met_at is None or one.met_at > over)]


def _made(keys: dict[int, Key], at: datetime) -> dict[Key, Kept]:
    """Read posts and tell them."""
    ids, made = list(keys), dict[Key, Kept]()
    if not ids:
        return made
    lines, tags = posts.lines_of(ids), posts.tags_of(ids)
    for row in queries.told_of(ids):
        facts, key = Facts(row, lines[row.id]), keys[row.id]
        kept = Kept(_item(facts, tags[row.id], at), row.met_at, changes(facts, at))
        made[key] = _kept[key] = kept
    return made


def _item(post: Facts, tags: list[str], at: datetime) -> Item:
    row, state = post.row, rules.state(post, at)
    told = [row.published_at, row.confirmed_at, row.step_at]
    return Item(
        id=row.id,
        uuid=str(row.uuid),
        version=row.version,
        url=settings().url(f"/p/{row.uuid}"),
        purpose=row.purpose.value,
        purpose_label=str(words.PURPOSES[row.purpose]),
        title=masked(row.title),
        language=row.language,
        state=state.value,
        state_label=endings.mark(post, state) or "",
        freshness=rules.freshness(post, at).value,
        html=row.body_html,
        organisation=who(row),
        organisation_url=settings().url(f"/{g.language}/organisations/{row.slug}"),
        verified=row.verified_at is not None,
        place=row.label or "",
        point=None if row.label is None else (row.public_latitude, row.public_longitude),
        kinds=tuple(dict.fromkeys(line.kind.value for line in post.lines)),
        kind_labels=tuple(dict.fromkeys(str(words.KINDS[line.kind]) for line in post.lines)),
        bases=tuple(dict.fromkeys(line.basis.value for line in post.lines if line.basis)),
        tags=tuple(masked(tag) for tag in tags),
        lines=tuple(line_item(line, row.language) for line in post.lines),
        published_at=row.published_at,
        updated_at=max(moment for moment in told if moment is not None),
        expires_at=row.expires_at,
    )
