"""Feeds over HTTP: any search and any organisation, in four formats, without a cookie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from board.errors import Unclear
from board.interchange import calendar, feeds, published, queries
from board.interchange.published import Feed
from board.organisations import queries as organisations
from board.search.addresses import Asked
from board.search.filters import Sort
from board.web import public
from board.web.cookieless import FOR_A_MINUTE, cookieless, to_everybody
from board.web.errors import problem

bp = Blueprint("feeds", __name__, url_prefix="/<language:language>")
FORMATS = "<any(atom, rss, json, ics):form>"
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Format:
    """How a feed is written, and what it is called."""

    type: str
    label: str
    write: Callable[[Feed], bytes]


def _calendar(feed: Feed) -> bytes:
    return calendar.calendar(feed, queries.dated_lines_of([item.id for item in feed.items]))


WAYS = {
    "atom": Format("application/atom+xml", "Atom", feeds.atom),
    "rss": Format("application/rss+xml", "RSS", feeds.rss),
    "json": Format("application/feed+json", "JSON Feed", feeds.json_feed),
    "ics": Format("text/calendar", "iCalendar", _calendar),
}


@bp.get(f"/feed.{FORMATS}")
@public
@cookieless(FOR_A_MINUTE)
def of_search(form: str) -> ResponseReturnValue:
    """Follow a search of the board, with the board's own filters."""
    try:
        return _answer(form, published.of_search(sort=_sort(form), per_page=_size(form)))
    except Unclear as error:
        return to_everybody(problem(400, error.message))


@bp.get(f"/organisations/<slug>/feed.{FORMATS}")
@public
@cookieless(FOR_A_MINUTE)
def of_organisation(slug: str, form: str) -> ResponseReturnValue:
    """Follow an organisation."""
    organisation, _role = organisations.get_for_page(slug, by=None)
    feed = published.of_organisation(organisation, sort=_sort(form), per_page=_size(form))
    return _answer(form, feed)


def _sort(form: str) -> Sort:
    """A calendar holds what comes first, with its dates; the others what is newest."""
    return Sort.SOONEST if form == "ics" else Sort.NEWEST


def _size(form: str) -> int:
    return MOST_EVENTS if form == "ics" else published.PER_PAGE


def _answer(form: str, feed: Feed) -> Response:
    way = WAYS[form]
    kind = way.type if form == "json" else f"{way.type}; charset=utf-8"
    response = Response(way.write(feed), content_type=kind)
    response.last_modified = feed.updated_at
    return to_everybody(response)


def links_of(asked: Asked | None = None, slug: str = "") -> list[dict[str, str]]:
    """Return the ways to follow a search, or an organisation, for the head and foot of a page."""
    question = ""
    if asked is not None:
        first = replace(asked.query, page=1, cursor=None, sort=None, closed=False)
        question = published.query_string(asked, first)
    return [
        {"type": way.type, "label": way.label, "url": _address(form, slug) + question}
        for form, way in WAYS.items()
    ]


def _address(form: str, slug: str) -> str:
    if slug:
        return url_for("feeds.of_organisation", slug=slug, form=form)
    return url_for("feeds.of_search", form=form)
