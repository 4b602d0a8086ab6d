"""Needs meet offers, and people see why."""

from __future__ import annotations

from flask import Flask

from board.matching import models  # noqa: F401
from board.matching.cli import match
from board.posts.about import reads_with
from board.posts.similar import matcher_is


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.matching import (  # noqa: F401
        beside,
        block_views,
        circle_views,
        jobs,
        join_views,
        meaning,
        owed,
        parts,
        views,
        word_views,
    )

    owed.listen()
    reads_with(meaning.read)
    matcher_is(beside.find)
    parts.register()
    app.register_blueprint(views.bp)
    app.cli.add_command(match)
