"""What time does to answers: days of loans end, and people are forgotten."""

from __future__ import annotations

import logging

from board import clock, jobs, news
from board.answers import (
    clocks,
    disclosing,
    endings,
    figures,
    forgetting,
    holds,
    moving,
    over_posts,
    queries,
    waiting,
    yearly,
)
from board.answers import holidays as working_days
from board.database import reading_apart
from board.extensions import db
from board.posts import services as posts
from board.posts.models import Line
from board.web.context import settings

log = logging.getLogger(__name__)


@jobs.job(minutes=5)
def keep_clocks() -> None:
    """Remind, hand over, let go: at most one step for each answer, in turn after a stop."""
    while not jobs.must_give_way() and clocks.wind():
        news.commit()
    with reading_apart():
        due = waiting.due(clock.now(), clocks.AT_ONCE)
    for response_id in due:
        clocks.strike(response_id)
        news.commit()


@jobs.job(minutes=720, long=True)
def load_holidays() -> None:
    """Know this year's holidays and those of the next two."""
    try:
        added = working_days.load_ahead()
    except working_days.UnknownPlace as unknown:
        log.warning("BABILLARD_HOLIDAYS: nobody knows the holidays of %s", unknown)
        return
    if added:
        clocks.wind_again()


@jobs.job(minutes=60)
def purge() -> None:
    """Forget guests who never confirmed, and who they were long after it ended."""
    while not jobs.must_give_way() and forgetting.purge():
        news.commit()


@jobs.job(minutes=60)
def take_contacts_back() -> None:
    """Forget contacts whose day has come, and those of answers that ended long ago."""
    while not jobs.must_give_way() and disclosing.purge():
        news.commit()


@jobs.job(minutes=20)
def ask_how_it_ended() -> None:
    """Ask both sides of what is over, once."""
    at = clock.now()
    with reading_apart():
        over = endings.due(at, clock.today(settings().timezone), clocks.AT_ONCE)
    for response_id in over:
        endings.ask(response_id)
        news.commit()
    with reading_apart():
        ended = over_posts.due(at, clock.today(settings().timezone), clocks.AT_ONCE)
    for post_id in ended:
        over_posts.ask(post_id)
        news.commit()


@jobs.job(daily_at="07:20")
def ask_to_begin_again() -> None:
    """About eleven months on, ask once whether to begin again what was met."""
    with reading_apart():
        found = list(yearly.to_ask())
    for post_id in found:
        yearly.ask(post_id)
        news.commit()


@jobs.job(daily_at="03:20")
def count() -> None:
    """Count how answers fare; the pages that say it are made anew when it changed."""
    figures.refresh()


@jobs.job(minutes=10)
def take_back() -> None:
    """What was lent for days that are over can go out again; the reserve hears of it."""
    over = queries.lines_that_came_back(clock.today(settings().timezone))
    for line_id in [*over, *queries.lines_without_days()]:
        line = db.session.get(Line, line_id)
        if line is None:
            continue
        posts.lock(line.post)
        before = line.committed
        holds.recount(line.post, [line])
        if line.committed != before:
            moving.settle(line.post)
        news.commit()
