"""What the owner of a private line wants to be asked, and what never; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from board.matching.pairs import Line

WEEK = 7
LATER_DAYS = {"week": 7, "month": 30, "season": 90}
NEVER_MAX = 300
TITLE_MAX = 200
MOST_SLEEPING = 200


class Answer(StrEnum):
    """What the owner of a private line said when a need was shown to them."""

    DISMISSED = "dismissed"
    LATER = "later"
    NEVER = "never"
    YES = "yes"


class Refusal(StrEnum):
    """Why a need is not even shown to somebody: they said so beforehand."""

    LANGUAGE = "language"
    WEEKDAY = "weekday"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What only the owner said; nothing said excludes nothing. Days count from Monday, 0."""

    languages: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    never_concepts: frozenset[str] = frozenset()
    never_words: tuple[frozenset[str], ...] = field(default=())


def refusal(
    wishes: Wishes,
    need: Line,
    stems: Collection[str],
    broader: Mapping[str, tuple[str, ...]],
) -> Refusal | None:
    """Return why a need must not be shown, or None; `stems` are those of the need's own words."""
    if wishes.languages and need.language not in wishes.languages:
        return Refusal.LANGUAGE
    if wishes.weekdays and _days(need) and not _days(need) & wishes.weekdays:
        return Refusal.WEEKDAY
    about = {key for concept in need.concepts for key in (concept, *broader.get(concept, ()))}
    if about & wishes.never_concepts:
        return Refusal.NEVER
    held = set(stems)
    return Refusal.NEVER if any(words <= held for words in wishes.never_words if words) else None


def _days(need: Line) -> frozenset[int]:
    """Return the days of the week that a need lies in; nothing when it may be any."""
    first, last = need.facts.needed_from, need.facts.needed_until
    if first is None or last is None or (last - first).days >= WEEK - 1:
        return frozenset()
    return frozenset(_weekdays(first, last))


def _weekdays(first: date, last: date) -> set[int]:
    return {(first + timedelta(days=n)).weekday() for n in range((last - first).days + 1)}
