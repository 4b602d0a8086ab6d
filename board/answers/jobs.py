"""What time does to answers: days of loans end, and people are forgotten."""

from __future__ import annotations

from flask import current_app

from board import clock, jobs, news
from board.answers import forgetting, holds, moving, queries
from board.config import Settings
from board.extensions import db
from board.posts import services as posts
from board.posts.models import Line


@jobs.job(minutes=60)
def purge() -> None:
    """Forget guests who never confirmed, and who they were long after it ended."""
    while forgetting.purge():
        news.commit()


@jobs.job(minutes=10)
def take_back() -> None:
    """What was lent for days that are over can go out again; the reserve hears of it."""
    settings: Settings = current_app.config["BOARD"]
    for line_id in queries.lines_that_came_back(clock.today(settings.timezone)):
        line = db.session.get(Line, line_id)
        if line is None:
            continue
        posts.lock(line.post)
        before = line.committed
        holds.recount(line.post, [line])
        if line.committed != before:
            moving.settle(line.post)
        news.commit()
