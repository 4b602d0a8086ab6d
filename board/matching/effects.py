"""What an organisation's dismissals change in what it is shown; pure, explained, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from board.matching.rules import FLOOR, Dismissal
from board.matching.scores import NEARNESS_HALVES_AT_KM, Parts, is_convincing, score

REPEATED = 2
HALVED = 0.5
Concepts = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A pair that was dismissed: why, what it was about, and how far it was."""

    reason: Dismissal
    concepts: Concepts | None = None
    kilometres: int | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """Links between concepts that count for less, and the distance from which pairs come last."""

    lowered: Mapping[Concepts, float] = field(default_factory=dict)
    radius_km: int | None = None

    def __bool__(self) -> bool:
        return bool(self.lowered) or self.radius_km is not None


NONE = Effects()


def effects(dismissals: Iterable[Dismissed]) -> Effects:
    """Return what dismissals together change: a link said wrong twice, the nearest « too far »."""
    told = list(dismissals)
    wrong = Counter(
        one.concepts for one in told if one.reason is Dismissal.WRONG_THING and one.concepts
    )
    far = [
        one.kilometres
        for one in told
        if one.reason is Dismissal.TOO_FAR and one.kilometres is not None
    ]
    lowered = {
        concepts: HALVED ** (times - REPEATED + 1)
        for concepts, times in wrong.items()
        if times >= REPEATED
    }
    return Effects(lowered, max(1, min(far)) if far else None)


def adjusted(parts: Mapping[str, Any], concepts: Concepts | None, changed: Effects) -> float | None:
    """Return the score of a pair for this organisation; None when it fits no more."""
    known = Parts(**parts)
    factor = changed.lowered.get(concepts, 1.0) if concepts else 1.0
    if factor == 1.0 or known.concepts is None:
        return score(known)
    known = replace(known, concepts=known.concepts * factor)
    value = score(known)
    return value if value >= FLOOR and is_convincing(known) else None


def is_beyond(parts: Mapping[str, Any], changed: Effects) -> bool:
    """Whether a pair is as far as what was said to be too far."""
    kilometres = kilometres_of(parts)
    if kilometres is None or changed.radius_km is None:
        return False
    return kilometres >= changed.radius_km


def kilometres_of(parts: Mapping[str, Any]) -> int | None:
    """Return the whole kilometres that a stored nearness was made of."""
    nearness: float | None = parts.get("nearness")
    if not nearness:
        return None
    return round(NEARNESS_HALVES_AT_KM / nearness - NEARNESS_HALVES_AT_KM)


def concepts_of(reasons: Iterable[Mapping[str, Any]]) -> Concepts | None:
    """Return the two concepts that a pair is proposed for."""
    for reason in reasons:
        if reason["part"] == "concepts":
            return (reason["here"], reason["there"])
    return None
