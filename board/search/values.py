"""Reading one value of an address: what it may be, and why it is refused."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _

from board.config import LANGUAGES
from board.errors import Invalid
from board.folding import fold
from board.posts.rules import Attendance, Basis, Freshness, Kind, Purpose
from board.taxonomy.places import is_point, read_degrees, round_point
from board.web.pagination import LAST_RESULT

LONGEST_Q = 200
LONGEST_TAG = 60
MOST_PER_PAGE = 100
PER_PAGE = 20
LARGEST_RADIUS_KM = 500

E = TypeVar("E", bound=StrEnum)
Reader = Callable[[str, list[str]], Any]
_CURSOR = re.compile(r"[01]\.-?[0-9]{1,17}\.[0-9]{1,10}")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


class Sort(StrEnum):
    """The orders that a list of posts can have."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    NEAREST = "nearest"
    SOONEST = "soonest"
    LEAST_ANSWERED = "least_answered"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last post seen in the newest order; the next page begins after it."""

    stale: bool
    ranked_at: datetime
    post_id: int

    def __str__(self) -> str:
        micros = round(self.ranked_at.timestamp() * 1_000_000)
        text = f"{int(self.stale)}.{micros}.{self.post_id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _one(name: str, values: list[str]) -> str | None:
    if len(values) > 1:
        raise Invalid(name, _("Donnez une seule valeur."))
    return values[0] if values else None


def _words(name: str, values: list[str]) -> str:
    text = " ".join((_one(name, values) or "").split())
    if len(text) > LONGEST_Q:
        raise Invalid(name, _("Écrivez 200\u00a0caractères au plus."))
    return text


def _purpose(name: str, values: list[str]) -> Purpose | None:
    chosen = _members(Purpose)(name, values)
    return chosen[0] if len(chosen) == 1 else None


def _members(kind: type[E]) -> Callable[[str, list[str]], tuple[E, ...]]:
    def read(name: str, values: list[str]) -> tuple[E, ...]:
        try:
            return tuple(sorted(kind(value) for value in values))
        except ValueError:
            raise Invalid(name, _("Cette valeur n’existe pas.")) from None

    return read


def _matching(pattern: re.Pattern[str]) -> Callable[[str, list[str]], tuple[str, ...]]:
    def read(name: str, values: list[str]) -> tuple[str, ...]:
        if not all(pattern.fullmatch(value) for value in values):
            raise Invalid(name, _("Cette valeur n’existe pas."))
        return tuple(sorted(values))

    return read


def _tags(name: str, values: list[str]) -> tuple[str, ...]:
    folded = {fold(value) for value in values} - {""}
    if any(len(tag) > LONGEST_TAG for tag in folded):
        raise Invalid(name, _("Ce mot-clé est trop long."))
    return tuple(sorted(folded))


def _near(name: str, values: list[str]) -> tuple[float, float] | None:
    text = _one(name, values)
    if text is None:
        return None
    read = [read_degrees(part.strip()) for part in text.split(",")]
    latitude, longitude = read if len(read) == 2 else (None, None)
    if latitude is None or longitude is None or not is_point(latitude, longitude):
        raise Invalid(name, _("Donnez une latitude et une longitude : 45.48,-73.58."))
    point = round_point(latitude, longitude)
    return (point.latitude, point.longitude)


def _number(low: int, high: int, default: int | None) -> Callable[[str, list[str]], int | None]:
    def read(name: str, values: list[str]) -> int | None:
        text = _one(name, values)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 8 and low <= int(text) <= high):
            raise Invalid(name, _("Donnez un nombre de %(low)s à %(high)s.", low=low, high=high))
        return int(text)

    return read


def _date(name: str, values: list[str]) -> date | None:
    text = _one(name, values)
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(name, _("Écrivez la date ainsi : 2027-05-31.")) from None


def _flag(name: str, values: list[str]) -> bool:
    text = _one(name, values)
    if text not in {None, "0", "1"}:
        raise Invalid(name, _("Donnez 0 ou 1."))
    return text == "1"


def _sort(name: str, values: list[str]) -> Sort | None:
    chosen = _members(Sort)(name, values)
    _one(name, values)
    return chosen[0] if chosen else None


def _cursor(name: str, values: list[str]) -> Cursor | None:
    text = _one(name, values)
    if text is None:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        written = base64.urlsafe_b64decode(padded).decode("ascii")
        if not _CURSOR.fullmatch(written):
            raise ValueError(text)
        stale, micros, post_id = written.split(".")
        if not 0 < int(post_id) < 2**31:
            raise ValueError(text)
        seconds, rest = divmod(int(micros), 1_000_000)
        ranked_at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
        return Cursor(stale == "1", ranked_at, int(post_id))
    except (ValueError, OverflowError, OSError, UnicodeError, binascii.Error):
        raise Invalid(name, _("Ce curseur n’est pas le nôtre.")) from None


READERS: dict[str, Reader] = {
    "q": _words,
    "purpose": _purpose,
    "kind": _members(Kind),
    "basis": _members(Basis),
    "category": _matching(_KEY),
    "tag": _tags,
    "organisation": _matching(_KEY),
    "near": _near,
    "radius_km": _number(1, LARGEST_RADIUS_KM, None),
    "from": _date,
    "until": _date,
    "attendance": _members(Attendance),
    "language": _matching(re.compile("|".join(LANGUAGES))),
    "freshness": _members(Freshness),
    "closed": _flag,
    "sort": _sort,
    "page": _number(1, LAST_RESULT, 1),
    "per_page": _number(1, MOST_PER_PAGE, PER_PAGE),
    "cursor": _cursor,
}
