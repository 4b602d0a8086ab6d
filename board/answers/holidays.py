"""The days on which clocks do not count: public holidays of a place, and the instance's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select

from board import clock, jobs
from board.answers.calendar import Calendar, Pace
from board.answers.holiday_models import Holiday
from board.config import PREFIX, Settings, SettingsError
from board.extensions import db
from board.web.context import settings

NONE = "none"
YEARS_AHEAD = 2
LABEL_MAX = 80


class UnknownPlace(ValueError):
    """Nobody knows the public holidays of that place."""


def public_holidays(place: str, year: int) -> dict[date, str]:
    """Return the public holidays of a country or a part of it (CA-QC), with their names."""
    import holidays  # worker and commands alone need it

    country, _dash, part = place.partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=part or None, years=[year])
    except NotImplementedError:
        raise UnknownPlace(place) from None
    return {day: name[:LABEL_MAX] for day, name in sorted(known.items()) if day.year == year}


def check_place() -> None:
    """Refuse a setting that names a place whose holidays nobody knows (the library is heavy)."""
    place = settings().holidays
    if place not in {NONE, Settings().holidays}:
        try:
            public_holidays(place, clock.today(settings().timezone).year)
        except UnknownPlace:
            raise SettingsError(
                f"{PREFIX}HOLIDAYS takes a place whose public holidays are known, like CA-QC or FR,"
                f" or none, not « {place} »"
            ) from None


def load_ahead() -> int:
    """Load this year and the next ones, each once: a day that somebody removed stays away."""
    place = settings().holidays
    if place.lower() == NONE:
        return 0
    this_year = clock.today(settings().timezone).year
    added = 0
    for year in range(this_year, this_year + YEARS_AHEAD + 1):
        mark = f"holidays {place} {year}"
        if jobs.last_beat(mark) is None:
            added += add_all(public_holidays(place, year).items())
            jobs.mark(mark)
    return added


def add_all(days: Iterable[tuple[date, str]]) -> int:
    """Add days that are not there yet; returns how many."""
    wanted = dict(days)
    there = set(db.session.scalars(select(Holiday.day).where(Holiday.day.in_(wanted))))
    new = [Holiday(day=day, label=label) for day, label in wanted.items() if day not in there]
    db.session.add_all(new)
    db.session.flush()
    return len(new)


def remove(day: date) -> bool:
    """Let clocks count on a day again; says whether it was a holiday."""
    gone = db.session.execute(delete(Holiday).where(Holiday.day == day))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def every() -> list[Holiday]:
    """Return the holidays from this year on, in order."""
    first = date(clock.today(settings().timezone).year, 1, 1)
    rows = select(Holiday).where(Holiday.day >= first).order_by(Holiday.day)
    return list(db.session.scalars(rows.limit(500)))


def calendar() -> Calendar:
    """Return the instance's calendar of working days."""
    return Calendar(settings().timezone, frozenset(db.session.scalars(select(Holiday.day))))


def pace() -> Pace:
    """Return after how many working days each step comes here."""
    board = settings()
    return Pace(board.nudge_days, board.hand_over_days, board.release_days)
