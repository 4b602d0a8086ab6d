"""What stands around the cards of a list: tabs, filters and their counts, paging."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from flask import Response, g, request
from markupsafe import Markup

from board import news
from board.clock import today
from board.search.addresses import Asked
from board.search.engine import Results
from board.taxonomy.queries import catalogue
from board.web import reader_pages
from board.web.context import has_session, settings
from board.web.frames import Frames, Make
from board.web.page_cache import HTMX

_frames = Frames()


def page(asked: Asked, results: Results, cards: Sequence[Markup], make: Make) -> Response:
    """Return the page that `make` makes with these cards, from a frame where there is one."""
    alone = has_session() and reader_pages.sort() is None
    if alone or asked.query.q or not asked.is_understood or not cards:
        return make(cards)
    concepts = catalogue(g.language)
    key = (_of_request(), _of_results(results), asked.query, asked.place, asked.note, id(concepts))
    return _frames.page(key, cards, make, concepts)


def _of_request() -> Hashable:
    """Everything around the cards that is not of the results."""
    asked_for = tuple(request.environ.get(name) for name in HTMX)
    where = (request.url_root, request.full_path, *asked_for)
    said = (today(settings().timezone), news.version().figures)
    return (settings(), g.language, said, where, reader_pages.sort())


def _of_results(results: Results) -> Hashable:
    numbers: list[Any] = [results.total, results.is_partial, tuple(results.loosened.items())]
    for named in (results.facets, results.labels):
        numbers += [(name, tuple(values.items())) for name, values in named.items()]
    return tuple(numbers)
