"""What people may be told of, how often, and when a notice goes out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from board.accounts.rules import Limit

MORNING = time(7)
MONDAY = 0
# Edits come in storms: one mail once it is over, or when it has lasted long enough.
STORM = timedelta(minutes=2)
LONGEST_STORM = timedelta(minutes=10)
KEEP_TOLD = timedelta(days=60)
KEEP_PAIRS = timedelta(days=365)
KEEP_UNCONFIRMED = timedelta(days=3)
MOST_IN_MAIL = 20
MOST_SEARCHES = 30
MOST_POSTS_TOLD = 8
MOST_MATCHES_TOLD = 5
MOST_CIRCLES_TOLD = 2
MOST_NEEDS_TOLD = 5
MOST_QUESTIONS_TOLD = 3
# Who said long ago that they need the same is no news.
JOINED_WITHIN = KEEP_TOLD
NAME_MAX = 120
QUERY_MAX = 1000
FOLLOW_BY_NETWORK = Limit(30, timedelta(hours=1))
FOLLOW_BY_ADDRESS = Limit(5, timedelta(hours=1))
UNCONFIRMED_BY_ADDRESS = Limit(10, timedelta(days=1))


class Rhythm(StrEnum):
    """How often somebody hears of a kind of thing."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class NoticeKind(StrEnum):
    """What a notice is about."""

    ANSWERS = "answers"
    MESSAGES = "messages"
    MATCHES = "matches"
    SEARCHES = "searches"
    OUTCOMES = "outcomes"


class Weight(StrEnum):
    """How much a piece of news may wait, whatever its reader chose.

    `usual` follows their rhythm. `soon` comes by the next morning: somebody waits for a word, or
    has it at last. `always` comes at once: something was promised or given. Quiet hours hold.
    """

    USUAL = "usual"
    SOON = "soon"
    ALWAYS = "always"


class Quiet(NamedTuple):
    """Hours of the local clock without notices: from the first to just before the last."""

    first: int
    last: int


DEFAULTS = {
    NoticeKind.ANSWERS: Rhythm.AT_ONCE,
    NoticeKind.MESSAGES: Rhythm.AT_ONCE,
    NoticeKind.MATCHES: Rhythm.WEEKLY,
    NoticeKind.SEARCHES: Rhythm.DAILY,
    NoticeKind.OUTCOMES: Rhythm.AT_ONCE,
}
LESS = {
    Rhythm.AT_ONCE: Rhythm.DAILY,
    Rhythm.DAILY: Rhythm.WEEKLY,
    Rhythm.WEEKLY: Rhythm.NEVER,
    Rhythm.NEVER: Rhythm.NEVER,
}


def rhythm_for(weight: Weight, chosen: Rhythm) -> Rhythm:
    """Return the rhythm in which news of this weight goes to somebody who chose `chosen`."""
    if weight is Weight.ALWAYS:
        return Rhythm.AT_ONCE
    if weight is Weight.SOON and chosen is not Rhythm.AT_ONCE:
        return Rhythm.DAILY
    return chosen


def due_at(rhythm: Rhythm, at: datetime, zone: str, quiet: Quiet | None = None) -> datetime | None:
    """Return when news of `at` (aware) goes out at the earliest; None: never."""
    local = at.astimezone(ZoneInfo(zone))
    match rhythm:
        case Rhythm.NEVER:
            return None
        case Rhythm.AT_ONCE:
            wanted = (at + STORM).astimezone(local.tzinfo)  # two real minutes, whatever clocks do
        case Rhythm.DAILY:
            wanted = _morning_after(local)
        case Rhythm.WEEKLY:
            wanted = _morning_after(local)
            while wanted.weekday() != MONDAY:
                wanted += timedelta(days=1)
    return after_quiet(wanted, quiet).astimezone(at.tzinfo)


def last_morning(at: datetime, zone: str) -> datetime:
    """Return the last hour of digests before an instant."""
    local = at.astimezone(ZoneInfo(zone))
    return (_morning_after(local) - timedelta(days=1)).astimezone(at.tzinfo)


def storm_ends(first: datetime, last: datetime) -> datetime:
    """Return when what began at `first`, and last went on at `last`, is told."""
    return min(last + STORM, first + LONGEST_STORM)


def after_quiet(local: datetime, quiet: Quiet | None) -> datetime:
    """Return this local instant, or the end of the quiet hours that it falls into."""
    if quiet is None or not is_quiet(local.hour, quiet):
        return local
    end = local.replace(hour=quiet.last, minute=0, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)


def is_quiet(hour: int, quiet: Quiet) -> bool:
    """Whether an hour of the clock is in the quiet ones, which may go over midnight."""
    if quiet.first <= quiet.last:
        return quiet.first <= hour < quiet.last
    return hour >= quiet.first or hour < quiet.last


def may_look(rhythm: Rhythm, looked: datetime, at: datetime, zone: str,
             quiet: Quiet | None = None) -> bool:  # fmt: skip
    """Whether one may look again for news: at once, each morning, each Monday morning."""
    due = due_at(rhythm, looked, zone, quiet)
    return due is not None and due <= at and not sleeps(at, zone, quiet)


def sleeps(at: datetime, zone: str, quiet: Quiet | None) -> bool:
    """Whether an instant falls into somebody's quiet hours."""
    return quiet is not None and is_quiet(at.astimezone(ZoneInfo(zone)).hour, quiet)


def wakes_at(at: datetime, zone: str, quiet: Quiet | None) -> datetime:
    """Return an instant, or the end of the quiet hours that it falls into."""
    return after_quiet(at.astimezone(ZoneInfo(zone)), quiet).astimezone(at.tzinfo)


def _morning_after(local: datetime) -> datetime:
    morning = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
