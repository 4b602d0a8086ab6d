"""Needs meet offers, and people see why."""

from __future__ import annotations

from flask import Flask

from board.matching import models  # noqa: F401
from board.matching.cli import match


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.matching import (  # noqa: F401  # noqa: F401
        block_views,
        circle_views,
        jobs,
        join_views,
        owed,
        parts,
        views,
        word_views,
    )

    owed.listen()
    parts.register()
    app.register_blueprint(views.bp)
    app.cli.add_command(match)
