"""What the clock does to posts. Each job may be late by days, or run twice."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app

from board import clock, jobs, news
from board.config import Settings
from board.database import begin_writing, will_write
from board.extensions import db
from board.life import queries, reminders, rules, services
from board.life.rules import Step


@jobs.job(minutes=1)
def let_time_pass() -> None:
    """Note each step that posts came to, a few hundred at a time."""
    for step in Step:
        while not jobs.must_give_way() and services.advance(step):
            news.commit()


@jobs.job(minutes=1)
def turn_the_day() -> None:
    """Move the board on at local midnight: what is written in days is another day old."""
    if _is_another_day():
        news.note("day", {0})


@jobs.job(minutes=10)
def remind() -> None:
    """From the morning on, owe each person the one reminder of the day."""
    at = clock.now()
    local = at.astimezone(ZoneInfo(_zone()))
    if not rules.is_morning(local):
        return
    while not jobs.must_give_way() and (people := _waiting(at, local)):
        owed = 0
        for person_id in people:
            owed += reminders.remind(person_id, local.date())
            news.commit()
        if not owed:
            return  # their addresses had enough mail today


def _waiting(at: datetime, local: datetime) -> list[int]:
    """Look without holding the write lock: the answer may take a while."""
    db.session.rollback()
    will_write(False)
    people = queries.people_to_remind(at, local.date())
    begin_writing()
    return people


def _is_another_day() -> bool:
    """Whether the local day changed since this was last asked."""
    last = jobs.last_beat("day")
    if last is not None and last.astimezone(ZoneInfo(_zone())).date() == clock.today(_zone()):
        return False
    jobs.mark("day")
    return last is not None


def _zone() -> str:
    settings: Settings = current_app.config["BOARD"]
    return settings.timezone
