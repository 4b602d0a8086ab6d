"""Working days, whatever the day, the hour and the holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from board.answers.calendar import MORNING, Calendar, Pace, Step, Wait, next_step
from board.answers.holidays import public_holidays

ZONE = "America/Toronto"
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
instants = st.datetimes(
    datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
calendars = st.builds(Calendar, st.just(ZONE), st.frozensets(days, max_size=40))
paces = st.lists(st.integers(1, 20), min_size=3, max_size=3, unique=True).map(
    lambda found: Pace(*sorted(found))
)
HOURS = timedelta(hours=30)


@given(calendars, days, st.integers(1, 15))
def test_so_many_working_days_lie_between(calendar: Calendar, day: date, count: int) -> None:
    found = calendar.after(day, count)
    assert calendar.is_working(found)
    between = (day + timedelta(n) for n in range(1, (found - day).days + 1))
    assert sum(map(calendar.is_working, between)) == count


@given(calendars, instants, st.integers(1, 15))
def test_a_deadline_is_a_working_day_and_never_at_night(
    calendar: Calendar, at: datetime, count: int
) -> None:
    local = calendar.deadline(at, count, None).astimezone(ZoneInfo(ZONE))
    assert calendar.is_working(local.date())
    assert local.time() >= MORNING
    assert local > at + timedelta(hours=20)


@given(calendars, paces, instants, st.lists(st.integers(0, 40), min_size=2, max_size=2))
def test_steps_come_in_turn_and_each_keeps_its_distance(
    calendar: Calendar, pace: Pace, start: datetime, late: list[int]
) -> None:
    step, first = next_step(Wait(start), pace, calendar)
    assert step is Step.NUDGE
    nudged = first + timedelta(days=late[0])
    step, second = next_step(Wait(start, nudged), pace, calendar)
    assert step is Step.HAND_OVER
    assert second >= first
    handed = second + timedelta(days=late[1])
    step, third = next_step(Wait(start, nudged, handed), pace, calendar)
    assert step is Step.RELEASE
    for before, after, gap in (
        (nudged, second, pace.hand_over - pace.nudge),
        (handed, third, pace.release - pace.hand_over),
    ):
        assert calendar.day_of(after) >= calendar.after(calendar.day_of(before), gap)
    if late == [0, 0]:
        assert calendar.day_of(third) == calendar.after(calendar.day_of(start), pace.release)


def test_a_long_week_end_is_no_three_days() -> None:
    calendar = Calendar(ZONE, frozenset({date(2026, 12, 25), date(2027, 1, 1)}))
    friday = datetime(2026, 12, 24, 20, 0, tzinfo=UTC)
    due = [
        calendar.day_of(calendar.deadline(friday, n, None)) for n in (3, 6, 10)
    ]  # 25 December and 1 January, and two week-ends, do not count
    assert due == [date(2026, 12, 30), date(2027, 1, 5), date(2027, 1, 11)]


def test_the_clock_that_moves_in_march_keeps_its_hour() -> None:
    calendar = Calendar(ZONE)
    noon = datetime(2026, 3, 6, 12, 0, tzinfo=ZoneInfo(ZONE))
    due = calendar.deadline(noon, 1, None).astimezone(ZoneInfo(ZONE))
    assert (due.date(), due.hour) == (date(2026, 3, 9), 12)


def test_quebec_has_its_own_holidays() -> None:
    known = public_holidays("CA-QC", 2026)
    assert {date(2026, 6, 24), date(2026, 5, 18), date(2026, 12, 25)} <= set(known)
    assert date(2026, 6, 24) not in public_holidays("CA-ON", 2026)
