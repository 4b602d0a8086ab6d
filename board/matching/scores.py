"""How well a need and an offer fit: five parts in [0, 1], each known or not, and their sum."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from board.matching.text import Text, alike

ENGINE_VERSION = 4
NEUTRAL = 0.3
LINKED_FROM = 0.85
SUGGESTED_FROM = 0.5
DESCRIPTION_SHARE = 0.2
CROSS_LANGUAGE_SHARE = 1 / 3
NEARNESS_HALVES_AT_KM = 15.0
# What is left of « the same category » when the words name another thing of it (boots, coats).
ANOTHER_THING = 0.5
# From here on a concept convinces by itself: the same one, by its author's word or by its words
# on both sides; a broader one does not.
CONVINCES_ALONE = LINKED_FROM * LINKED_FROM
# How alike the words must be for a pair to be proposed, by what the concepts say. A sister, or
# another thing of the category, needs more than one word in common: all teams are teams.
AKIN = 0.55
WORDS_OF_THE_SAME, WORDS_OF_KIN, WORDS_OF_SISTERS = 0.0, 0.2, 0.55
WORDS_ALONE, WORDS_OF_STRANGERS = 0.4, 0.75


Window = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts; together they make 1."""

    concepts: float = 0.40
    text: float = 0.30
    tags: float = 0.15
    window: float = 0.10
    nearness: float = 0.05


@dataclass(frozen=True, slots=True)
class Parts:
    """What is known of a pair; None is unknown. A text that says nothing is 0, never unknown."""

    concepts: float | None = None
    text: float = 0.0
    tags: float | None = None
    window: float | None = None
    nearness: float | None = None


NAMES = ("concepts", "text", "tags", "window", "nearness")


def score(parts: Parts, weights: Weights = Weights()) -> float:
    """Return the score in [0, 1].

    An unknown part takes the neutral value, and a known one is never worth less: so a reason that
    becomes unknown lowers the score, and nobody gains by saying nothing.
    """
    total: float = sum(getattr(weights, n) * worth(n, getattr(parts, n)) for n in NAMES)
    return round(min(1.0, total), 6)


def worth(name: str, value: float | None) -> float:
    """Return what a part counts for; words that are not shared count for nothing."""
    if name == "text":
        return value or 0.0
    return NEUTRAL if value is None else max(NEUTRAL, value)


def is_reason(value: float | None) -> bool:
    """Whether a part may be told as a reason: it is known and above neutral."""
    return value is not None and value > NEUTRAL


def is_convincing(parts: Parts) -> bool:
    """Whether a pair is about the same thing: dates, tags and distance alone convince nobody."""
    if parts.concepts is None:
        needed = WORDS_ALONE
    elif parts.concepts >= CONVINCES_ALONE:
        needed = WORDS_OF_THE_SAME
    elif parts.concepts >= AKIN:
        needed = WORDS_OF_KIN
    else:
        needed = WORDS_OF_SISTERS if is_reason(parts.concepts) else WORDS_OF_STRANGERS
    return parts.text >= needed


def described(best: float, title: Text, description: Text) -> float:
    """Return a text part raised by what the other side's description says of a title."""
    return min(1.0, best + DESCRIPTION_SHARE * alike(title, description))


def tags_part(here: Collection[str], there: Collection[str]) -> float | None:
    """Return the share of tags in common, of the side that has fewer; unknown without tags."""
    if not here or not there:
        return None
    return len(set(here) & set(there)) / min(len(set(here)), len(set(there)))


def window_part(here: Window, there: Window) -> float | None:
    """Return which share of the shorter window lies in the other; unknown when one is open."""
    if None in (*here, *there):
        return None
    first, last = max(here[0], there[0]), min(here[1], there[1])  # type: ignore[type-var]
    shorter = min(_days(here), _days(there))
    return max(0, _days((first, last))) / shorter


def nearness_part(kilometres: float | None) -> float | None:
    """Return 1 at the same place, half of it at fifteen kilometres, ever less beyond."""
    if kilometres is None:
        return None
    return NEARNESS_HALVES_AT_KM / (NEARNESS_HALVES_AT_KM + max(0.0, kilometres))


def _days(window: Window) -> int:
    first, last = window
    assert first is not None
    assert last is not None
    return (last - first).days + 1


def concepts_part(a: Mapping[str, float], b: Mapping[str, float], kinship: Kinship) -> Shared:
    """Return how close the concepts of two lines are, and which pair says so."""
    if not a or not b:
        return Shared(None)
    best = Shared(0.0)
    for one, strength in sorted(a.items()):
        for other, strength_there in sorted(b.items()):
            value = strength * strength_there * kinship.between(one, other)
            if value > (best.value or 0.0):
                best = Shared(value, one, other)
    return best


@dataclass(frozen=True, slots=True)
class Shared:
    """How close two sets of concepts are, and the pair that is closest."""

    value: float | None
    here: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """How near two concepts stand in the tree, and what people's dismissals took off."""

    broader: Mapping[str, tuple[str, ...]]
    lowered: Mapping[tuple[str, str], float]

    def between(self, a: str, b: str) -> float:
        """Return 1 for the same concept, less for a broader one or a sister, 0 for strangers."""
        first, second = sorted((a, b))
        return self._by_tree(a, b) * self.lowered.get((first, second), 1.0)

    def _by_tree(self, a: str, b: str) -> float:
        if a == b:
            return 1.0
        above_a, above_b = self.broader.get(a, ()), self.broader.get(b, ())
        if a in above_b or b in above_a:
            return 0.7
        return 0.4 if set(above_a) & set(above_b) else 0.0


NO_KIN = Kinship({}, {})
