"""What stands around the cards of a list, kept as long as it says the same.

Most public changes (a post confirmed, its words mended) move cards and no number: then only the
cards are put anew into the page of before. What a frame says is in its key, its reader never.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
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
from board.web.page_cache import HTMX

MOST_BYTES = 2 * 1024 * 1024
HOLE = Markup(f"[cards-{secrets.token_hex(8)}]")  # noqa: S704 - ours
Make = Callable[[Sequence[Markup]], Response]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in two pieces, its headers, and the concepts whose labels it holds."""

    before: bytes
    after: bytes
    headers: list[tuple[str, str]]
    concepts: object

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return len(self.before) + len(self.after)

    def around(self, cards: Sequence[Markup]) -> Response:
        """Return the page with these cards."""
        body = self.before + "".join(cards).encode() + self.after
        return Response(body, headers=self.headers)


class Frames:
    """The frames of this process, the last used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Frame] = OrderedDict()
        self._bytes = 0

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._bytes = 0

    def find(self, key: Hashable) -> Frame | None:
        """Return what is kept."""
        frame = self._kept.get(key)
        if frame is not None:
            self._kept.move_to_end(key)
        return frame

    def keep(self, key: Hashable, frame: Frame) -> None:
        """Keep it, and let the oldest go."""
        self._kept[key] = frame
        self._bytes += frame.size
        while self._bytes > MOST_BYTES:
            self._bytes -= self._kept.popitem(last=False)[1].size


_frames = Frames()
news.keeps(_frames.forget)


def page(asked: Asked, results: Results, cards: Sequence[Markup], make: Make) -> Response:
    """Return the page that `make` makes with these cards, from a frame where there is one."""
    alone = has_session() and reader_pages.sort() is None
    if alone or asked.query.q or not asked.is_understood or not cards:
        return make(cards)
    concepts = catalogue(g.language)
    key = (_of_request(), _of_results(results), asked.query, asked.place, asked.note, id(concepts))
    frame = _frames.find(key)
    if frame is None:
        frame = _cut(make([HOLE]), concepts)
        if frame is None:
            return make(cards)
        _frames.keep(key, frame)
    return frame.around(cards)


def _cut(response: Response, concepts: object) -> Frame | None:
    pieces = response.get_data().split(HOLE.encode())
    if response.status_code != 200 or len(pieces) != 2:
        return None
    headers = [each for each in response.headers if each[0] != "Content-Length"]
    return Frame(pieces[0], pieces[1], headers, concepts)


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
