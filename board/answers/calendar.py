"""Working days: when an answer is expected, when somebody else takes over, when it is let go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING = time(8)
SATURDAY = 5
_DAY = timedelta(days=1)


class Step(StrEnum):
    """What a clock does when nobody said a word."""

    NUDGE = "nudge"
    HAND_OVER = "hand_over"
    RELEASE = "release"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Pace:
    """After how many working days each step comes."""

    nudge: int = 3
    hand_over: int = 6
    release: int = 10
    decide: int = 10
    decide_again: int = 20


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where the clocks are, and the days that do not count there besides week-ends."""

    zone: str
    holidays: Collection[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people are expected to answer on this day."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """Return the working day that is so many working days after `day`."""
        while count > 0:
            day += _DAY
            count -= self.is_working(day)
        return day

    def day_of(self, at: datetime) -> date:
        """Return the local day of an instant."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def deadline(self, start: datetime, count: int, late: tuple[datetime, int] | None) -> datetime:
        """Return when so many working days are over since `start`, never before the morning.

        `late`: (when the step before was done, how many working days lie between both).
        """
        local = start.astimezone(ZoneInfo(self.zone))
        day = self.after(local.date(), count)
        if late is not None:
            day = max(day, self.after(self.day_of(late[0]), late[1]))
        at = datetime.combine(day, max(local.time(), MORNING), ZoneInfo(self.zone))
        return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Wait:
    """Since when somebody waits for a word, and what clocks did about it."""

    start: datetime
    nudged_at: datetime | None = None
    handed_at: datetime | None = None


def next_reminder(
    start: datetime, reminded_at: datetime | None, pace: Pace, calendar: Calendar
) -> datetime:
    """Return when editors are reminded to decide: some time after their last word, then seldom."""
    if reminded_at is None or reminded_at < start:
        return calendar.deadline(start, pace.decide, None)
    return calendar.deadline(reminded_at, pace.decide_again, None)


def next_step(wait: Wait, pace: Pace, calendar: Calendar) -> tuple[Step, datetime]:
    """Return what comes next and when.

    After the board stood still for days, steps still come one after the other, each as far from
    the one before as it would have been: nobody is let go before their editors were reminded.
    """
    if wait.nudged_at is None:
        return Step.NUDGE, calendar.deadline(wait.start, pace.nudge, None)
    if wait.handed_at is None:
        late = (wait.nudged_at, pace.hand_over - pace.nudge)
        return Step.HAND_OVER, calendar.deadline(wait.start, pace.hand_over, late)
    late = (wait.handed_at, pace.release - pace.hand_over)
    return Step.RELEASE, calendar.deadline(wait.start, pace.release, late)
