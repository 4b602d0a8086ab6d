"""What of a post is searched: a pure builder from rows to folded columns."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from board.contacts import SHORTEST_DIGITS, count_digits, mask_contacts
from board.search import text

MOST_BODY_WORDS = 3_000
MOST_OTHER_WORDS = 600
COLUMNS = ("title", "tags", "organisation", "body", "place")

_TAG = re.compile(r"<[^>]*>")
_CONTACT = re.compile(r"\S{1,80}@\S{1,80}|\+?\d(?:[\s().-]{0,2}\d){6,}")


@dataclass(frozen=True, slots=True)
class Source:
    """A public post as the database tells it."""

    post_id: int
    title: str
    body_html: str
    organisation: str
    line_words: Sequence[str] = ()
    line_details: Sequence[str] = ()
    tags: Sequence[str] = ()
    labels: Sequence[str] = ()
    broader_labels: Sequence[str] = ()
    place_names: Sequence[str] = ()
    alts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A post as an engine reads it: words of each column, folded, and how they are written."""

    post_id: int
    title: tuple[str, ...]
    tags: tuple[str, ...]
    organisation: tuple[str, ...]
    body: tuple[str, ...]
    place: tuple[str, ...]
    shown: dict[str, str]

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The words of each column."""
        return {name: getattr(self, name) for name in COLUMNS}

    def words(self) -> set[str]:
        """Every word that finds it."""
        return set().union(*self.columns().values())

    def headline_words(self) -> set[str]:
        """The words of its title, tags and concepts: those worth suggesting."""
        return {*self.title, *self.tags}


def build(source: Source) -> Document:
    """Fold a post; broader concepts, details and what photos show weigh as little as its body."""
    own = [_read(part) for part in (source.title, *source.tags, *source.line_words)]
    labels = _labels(tuple(source.labels))
    organisation = _labels((source.organisation,))
    told = (plain(source.body_html), *source.line_details, *source.alts)
    body = [_read(part) for part in told]
    body.append(_labels(tuple(source.broader_labels)))
    shown: dict[str, str] = {}
    for part in (*own, labels, organisation, *body):
        shown.update(part.shown)
    return Document(
        post_id=source.post_id,
        title=_joined(own[:1]),
        tags=_joined([*own[1:], labels]),
        organisation=_joined([organisation]),
        body=_joined(body, MOST_BODY_WORDS),
        place=tuple(dict.fromkeys(_joined([_labels(tuple(source.place_names))]))),
        shown=shown,
    )


class _Part(NamedTuple):
    """One text of a post, taken apart."""

    words: tuple[str, ...]
    shown: tuple[tuple[str, str], ...]


def _read(part: str) -> _Part:
    words, shown = text.read(without_contacts(part))
    return _Part(tuple(words), tuple(shown.items()))


# The names of concepts, organisations and places stand on many posts: each is taken apart once.
_label = lru_cache(maxsize=2_048)(_read)


@lru_cache(maxsize=512)
def _labels(parts: tuple[str, ...]) -> _Part:
    """Names that stand on many posts together, as one text."""
    read = [_label(part) for part in parts]
    shown = dict(chain.from_iterable(part.shown for part in read))
    return _Part(tuple(chain.from_iterable(part.words for part in read)), tuple(shown.items()))


def plain(body_html: str) -> str:
    """Return the text of sanitised HTML."""
    return html.unescape(_TAG.sub(" ", body_html))


def without_contacts(part: str) -> str:
    """Leave out telephone numbers and addresses: nobody is found by them."""
    masked = mask_contacts(part, " ")
    may_hold = "@" in masked or count_digits(masked) >= SHORTEST_DIGITS
    return _CONTACT.sub(" ", masked) if may_hold else masked


def _joined(parts: Iterable[_Part], most: int = MOST_OTHER_WORDS) -> tuple[str, ...]:
    return tuple(islice(chain.from_iterable(part.words for part in parts), most))
