"""On which days the most of a line is promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from board.answers import rules
from board.answers.rules import Hold

Span = tuple[date | None, date | None]
_DAY = timedelta(days=1)


def fullest(holds: Iterable[Hold]) -> list[Span]:
    """Return the spans of days on which the most is held, in order; none: no day is fuller."""
    those = list(holds)
    most = rules.peak(those)
    turns = {hold.first for hold in those if hold.first is not None}
    turns |= {hold.last + _DAY for hold in those if hold.last is not None}
    if not most or not turns:
        return []
    days = sorted(turns)
    spans: list[Span] = []
    starts: list[date | None] = [None, *days]
    for first, following in zip(starts, [*days, None], strict=True):
        if _held(first or days[0] - _DAY, those) < most:
            continue
        last = following - _DAY if following else None
        if spans and first and spans[-1][1] == first - _DAY:
            first = spans.pop()[0]
        spans.append((first, last))
    return spans


def inside(spans: Iterable[Span], first: date | None, last: date | None) -> list[Span]:
    """Return what falls within the days of a line; none, where no other day of it is freer."""
    found = []
    for begins, ends in spans:
        clipped = (
            max((day for day in (begins, first) if day is not None), default=None),
            min((day for day in (ends, last) if day is not None), default=None),
        )
        if clipped[0] is None or clipped[1] is None or clipped[0] <= clipped[1]:
            found.append(clipped)
    return [] if found == [(first, last)] else found


def written(spans: Iterable[Span]) -> list[list[str | None]]:
    """Return spans as a line keeps them."""
    return [[day.isoformat() if day else None for day in span] for span in spans]


def _held(day: date, holds: Iterable[Hold]) -> int:
    on = Hold(1, day, day)
    return sum(hold.quantity for hold in holds if rules.overlaps(hold, on))
