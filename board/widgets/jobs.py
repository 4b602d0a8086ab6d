"""What widgets do by the clock: tell their owners what waits, forget old counts."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete

from board import jobs, news
from board.clock import today
from board.database import begin_writing
from board.extensions import db
from board.widgets import clearing, queries
from board.widgets.models import Widget, WidgetCount

KEPT_DAYS = 400


@jobs.job(daily_at="07:40")
def tell_owners() -> None:
    """One mail a day at most for each widget whose owner has something new to say yes or no to."""
    for widget_id in queries.widgets_with_nods():
        begin_writing()
        clearing.tell_waiting(db.session.get_one(Widget, widget_id))
        news.commit()


@jobs.job(daily_at="04:10")
def forget_old_counts() -> None:
    """Forget what was counted more than a year ago."""
    begin_writing()
    first = today(current_app.config["BOARD"].timezone) - timedelta(days=KEPT_DAYS)
    db.session.execute(delete(WidgetCount).where(WidgetCount.day < first))
    news.commit()
