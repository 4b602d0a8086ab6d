"""Which posts somebody at a place can do something with: what must be fetched far away is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from board.posts import cards, queries
from board.posts.cards import Point
from board.posts.rules import Attendance, Kind

# Nobody said how far they go: what is fetched or attended is proposed up to here.
USUAL_KM = 50
# « Près d’ici » is a day's errand away; what is brought to people comes from no farther.
NEARBY_KM = 100


def of(
    ids: Sequence[int], near: Point | None, within: Callable[[Any, float], bool] | None = None
) -> set[int]:
    """Return the posts with a line within reach; an unknown place is no reason to leave one out."""
    fits = within or is_within
    if near is None or not ids:
        return set(ids)
    lines = queries.lines_of(ids)
    far = {row.id: cards.distance(row, near) for row in queries.heads(ids)}
    return {
        post_id
        for post_id, kilometres in far.items()
        if kilometres is None or any(fits(line, kilometres) for line in lines[post_id])
    }


def is_within(line: Any, kilometres: float) -> bool:
    """Whether a line is for somebody that far: by its own reach, else as far as people travel."""
    if line.attendance is Attendance.ONLINE:
        return True
    if line.reach_km is not None:
        return bool(kilometres <= line.reach_km)
    if line.attendance is None and line.kind is Kind.KNOWLEDGE:
        return True
    return kilometres <= (NEARBY_KM if line.attendance is Attendance.CARRIED else USUAL_KM)


def is_nearby(line: Any, kilometres: float) -> bool:
    """Whether a line is « près d’ici »: near, within the reach that was said, or at no place."""
    if line.attendance is Attendance.ONLINE:
        return True
    if line.reach_km is not None:
        return bool(kilometres <= line.reach_km)
    return kilometres <= NEARBY_KM
