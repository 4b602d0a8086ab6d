"""When a notice goes out: in its rhythm, not in the quiet hours, never before its news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.alerts.rules import STORM, Quiet, Rhythm, due_at, is_quiet, may_look

ZONE = "America/Toronto"
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 525_600).map(lambda minute: YEAR + timedelta(minutes=minute))
hours = st.integers(0, 23)


@given(at=instants, rhythm=st.sampled_from(Rhythm), first=hours, last=hours)
def test_a_notice_waits_for_its_hour_and_never_longer_than_its_rhythm(
    at: datetime, rhythm: Rhythm, first: int, last: int
) -> None:
    quiet = Quiet(first, last) if first != last else None
    due = due_at(rhythm, at, ZONE, quiet)
    if rhythm is Rhythm.NEVER:
        assert due is None
        return
    assert due is not None
    assert due > at
    longest = {Rhythm.AT_ONCE: STORM, Rhythm.DAILY: timedelta(hours=25),
               Rhythm.WEEKLY: timedelta(days=7, hours=1)}[rhythm]  # fmt: skip
    assert due - at <= longest + (timedelta(hours=25) if quiet else timedelta(0))
    if quiet is not None:
        assert not is_quiet(due.astimezone(ZoneInfo(ZONE)).hour, quiet)


def test_a_digest_goes_in_the_morning_and_the_weekly_one_on_monday() -> None:
    at = datetime(2026, 9, 15, 16, tzinfo=UTC)  # a Tuesday, noon
    daily, weekly = due_at(Rhythm.DAILY, at, ZONE), due_at(Rhythm.WEEKLY, at, ZONE)
    assert daily is not None
    assert weekly is not None
    assert daily.astimezone(ZoneInfo(ZONE)).strftime("%a %H:%M") == "Wed 07:00"
    assert weekly.astimezone(ZoneInfo(ZONE)).strftime("%a %d %H:%M") == "Mon 21 07:00"


def test_quiet_hours_go_over_midnight() -> None:
    assert [hour for hour in range(24) if is_quiet(hour, Quiet(22, 6))] == [
        0,
        1,
        2,
        3,
        4,
        5,
        22,
        23,
    ]


def test_a_kept_search_speaks_once_a_day() -> None:
    told = datetime(2026, 9, 15, 11, 0, tzinfo=UTC)  # seven in the morning there
    assert not may_look(Rhythm.DAILY, told, told + timedelta(hours=23), ZONE)
    assert may_look(Rhythm.DAILY, told, told + timedelta(hours=24), ZONE)


@pytest.mark.parametrize(
    ("at", "rhythm", "quiet", "local"),
    [
        # Clocks go back on the first of November at two: half past one comes twice.
        ("2026-11-01T05:59", Rhythm.AT_ONCE, None, "01 01:01 -0500"),
        ("2026-11-01T06:30", Rhythm.AT_ONCE, None, "01 01:32 -0500"),
        ("2026-11-01T05:30", Rhythm.AT_ONCE, Quiet(22, 2), "01 02:00 -0500"),
        ("2026-11-01T03:00", Rhythm.DAILY, None, "01 07:00 -0500"),
        # They go forward on the eighth of March at two: half past two never comes.
        ("2026-03-08T06:30", Rhythm.AT_ONCE, Quiet(22, 3), "08 03:00 -0400"),
        ("2026-03-08T06:59", Rhythm.AT_ONCE, None, "08 03:01 -0400"),
        ("2026-03-07T20:00", Rhythm.WEEKLY, Quiet(23, 8), "09 08:00 -0400"),
        # Over midnight, the end is on the other day.
        ("2026-09-16T03:00", Rhythm.AT_ONCE, Quiet(22, 7), "16 07:00 -0400"),
        ("2026-09-16T05:00", Rhythm.AT_ONCE, Quiet(22, 7), "16 07:00 -0400"),
    ],
)  # fmt: skip
def test_clocks_that_change_and_midnight_move_nothing(
    at: str, rhythm: Rhythm, quiet: Quiet | None, local: str
) -> None:
    due = due_at(rhythm, datetime.fromisoformat(at).replace(tzinfo=UTC), ZONE, quiet)
    assert due is not None
    assert due.astimezone(ZoneInfo(ZONE)).strftime("%d %H:%M %z") == local
