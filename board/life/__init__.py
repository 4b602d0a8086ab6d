"""What time does to posts: they end, they ask to be confirmed, and their people hear of it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from board.config import Settings
from board.life import models  # noqa: F401
from board.posts.terms import Terms, agree


def register(app: Flask) -> None:
    """Agree on the numbers, then hang the feature on the application."""
    from board.life import jobs, link_views, persons, views  # noqa: F401
    from board.life.blueprint import bp

    settings: Settings = app.config["BOARD"]
    agree(
        Terms(
            fresh_for=timedelta(days=settings.confirm_days),
            stale_after=timedelta(days=settings.stale_days),
            warned_before=tuple(timedelta(days=days) for days in settings.warning_days),
            closed_after=timedelta(days=settings.closing_days),
        )
    )
    app.register_blueprint(bp)
    persons.register()
