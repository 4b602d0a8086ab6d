"""Needs meet offers, and people see why."""

from __future__ import annotations

from flask import Flask

from board.matching import models  # noqa: F401
from board.matching.cli import match


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.matching import block_views, circle_views, jobs, join_views, owed, parts, views  # noqa: F401

    owed.listen()
    parts.register()
    app.register_blueprint(views.bp)
    app.cli.add_command(match)
