"""What of a post is searched: a pure builder from rows to folded columns."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from board.contacts import mask_contacts
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
    """Fold a post; broader concepts and details weigh as little as its body."""
    body = [plain(source.body_html), *source.line_details, *source.broader_labels]
    tags = [*source.tags, *source.line_words, *source.labels]
    shown: dict[str, str] = {}
    for part in (source.title, *tags, source.organisation, *body):
        shown |= text.shown_words(without_contacts(part))
    return Document(
        post_id=source.post_id,
        title=_fold([source.title]),
        tags=_fold(tags),
        organisation=_fold([source.organisation]),
        body=_fold(body, MOST_BODY_WORDS),
        place=tuple(dict.fromkeys(_fold(source.place_names))),
        shown=shown,
    )


def plain(body_html: str) -> str:
    """Return the text of sanitised HTML."""
    return html.unescape(_TAG.sub(" ", body_html))


def without_contacts(part: str) -> str:
    """Leave out telephone numbers and addresses: nobody is found by them."""
    return _CONTACT.sub(" ", mask_contacts(part, " "))


def _fold(parts: Iterable[str], most: int = MOST_OTHER_WORDS) -> tuple[str, ...]:
    return tuple(word for part in parts for word in text.words(without_contacts(part)))[:most]
