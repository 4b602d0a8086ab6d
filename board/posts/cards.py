"""A post as a card: every word ready, so that a page of cards costs two statements and no calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import Row

from board.clock import now, today
from board.config import LANGUAGES
from board.contacts import find_contacts, mask_contacts
from board.posts import endings, queries, rules, words
from board.posts.rules import Kind, Purpose
from board.taxonomy.places import distance_km
from board.web.context import settings

LINES_SHOWN = 3
RHYTHMS_SHOWN = 2
Mark = Callable[[int, str], Markup]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line: its name, what remains of it in words, and the pieces of its gauge."""

    title: str
    words: str
    gauge: list[bool]


@dataclass(frozen=True, slots=True)
class PostCard:
    """Everything that the card macro prints."""

    id: int
    uuid: str
    url: str
    purpose: str
    purpose_label: str
    title_html: Markup
    language: str
    kind_label: str
    basis_label: str
    freshness: str
    freshness_label: str
    lines: list[CardLine]
    more_lines_label: str
    organisation_name: str
    place_label: str
    distance_label: str
    dates_label: Markup | str
    rhythm: str
    state_label: str | None
    heading_level: int = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """A row and its lines, as the rules read them."""

    row: Row[Any]
    lines: Sequence[Any] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def cards_for(
    ids: Sequence[int],
    *,
    near: Point | None = None,
    mark: Mark | None = None,
    heading_level: int = 2,
) -> list[PostCard]:
    """Return these posts as cards, in order; `near` measures distances, `mark` shows matches."""
    at, this_day = now(), today(settings().timezone)
    prefix = address_prefix()
    return [
        card(Facts(row, lines), prefix, at, this_day, near, mark, heading_level)
        for row, lines in queries.heads_with_lines(ids)
    ]


def who(row: Any) -> str:
    """Name the organisation; one that could be taken for another says that it is not verified."""
    if row.resembles_id is None or row.verified_at is not None:
        return str(row.name)
    return _("%(name)s (non vérifiée)", name=row.name)


def address_prefix() -> str:
    """Return what the address of every post page begins with."""
    address = url_for("post.page", post_id="00000000-0000-0000-0000-000000000000")
    return address.rsplit("/", 1)[0]


def card(
    post: Facts, prefix: str, at: datetime, this_day: date,
    near: Point | None, mark: Mark | None, heading_level: int,
) -> PostCard:  # fmt: skip
    """Return one post as a card."""
    row, lines = post.row, post.lines
    purpose = Purpose(row.purpose)
    state, freshness = rules.state(post, at), rules.freshness(post, at)
    title = masked(row.title)
    more = len(lines) - LINES_SHOWN
    return PostCard(
        id=row.id,
        uuid=str(row.uuid),
        url=f"{prefix}/{row.uuid}",
        purpose=purpose.value,
        purpose_label=str(words.PURPOSES[purpose]),
        title_html=mark(row.id, title) if mark else escape(title),
        language=row.language,
        kind_label=words.kinds_words([line.kind for line in lines]),
        basis_label=words.bases_words(line.basis for line in lines),
        freshness=freshness.value,
        freshness_label=words.freshness_words(freshness, row.confirmed_at or row.published_at, at),
        lines=[card_line(purpose, line, post) for line in lines[:LINES_SHOWN]],
        more_lines_label=more_words(more),
        organisation_name=who(row),
        place_label=row.label or "",
        distance_label=words.distance_words(distance(row, near)),
        dates_label=window(purpose, lines, this_day),
        rhythm=rhythm(lines),
        state_label=endings.mark(post, state),
        heading_level=heading_level,
    )


def masked(text: str, language: str | None = None) -> str:
    """Return text with telephone numbers and addresses hidden.

    The words in their place are the reader's; with `language`, the same whoever asks.
    """
    if not find_contacts(text):
        return text
    words = _hidden_words(language) if language else _("[coordonnées masquées]")
    return mask_contacts(text, words)


@lru_cache(maxsize=len(LANGUAGES))
def _hidden_words(language: str) -> str:
    with force_locale(language if language in LANGUAGES else LANGUAGES[0]):
        said: str = _("[coordonnées masquées]")
    return said


def card_line(purpose: Purpose, line: Any, post: Any = None) -> CardLine:
    """Return one line in words; where its `post` was ended, in words that fit the end."""
    left, unit = rules.remaining(line), masked(line.unit or "") or None
    title, ended = masked(line.title), post and endings.quantity(post, line.quantity, unit)
    if ended:
        kept = 0 if endings.of(post) in endings.FOUND else left
        return CardLine(title, ended, words.gauge(purpose, line.quantity, kept))
    spans = (line.fullest or []) if left == 0 else []
    return CardLine(
        title,
        words.taken_words(spans, today(settings().timezone))
        or words.quantity_words(purpose, line.quantity, left, unit),
        words.gauge(purpose, line.quantity, left),
    )


def more_words(more: int) -> str:
    """Say how many lines the card leaves out."""
    if more < 1:
        return ""
    return ngettext("et %(num)s autre élément", "et %(num)s autres éléments", more)


def distance(row: Any, near: Point | None) -> float | None:
    """Return the kilometres between two coarse points, when both are known."""
    if near is None or row.public_latitude is None:
        return None
    return float(distance_km(near, (row.public_latitude, row.public_longitude)))


def rhythm(lines: Sequence[Any]) -> str:
    """Return when and how often people are needed, as the author wrote it; a thing has none."""
    said = (masked(line.effort) for line in lines if line.effort and line.kind is not Kind.TOOL)
    return ", ".join(list(dict.fromkeys(said))[:RHYTHMS_SHOWN])


def window(purpose: Purpose, lines: Sequence[Any], this_day: date) -> Markup | str:
    """Return the days of a post's lines as one span."""
    first = min((line.needed_from for line in lines if line.needed_from), default=None)
    last = max((line.needed_until for line in lines if line.needed_until), default=None)
    return words.window_words(purpose, first, last, this_day)
