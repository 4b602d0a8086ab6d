"""Needs and offers, their lines, their life: the heart."""

from __future__ import annotations

from flask import Flask

from board.posts import models  # noqa: F401
from board.web.reader_pages import readers_are


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.posts import (  # noqa: F401
        compose,
        instead,
        known,
        listeners,
        on_organisations,
        pages,
        persons,
        views,
    )
    from board.posts.blueprint import bp

    pages.register(app)
    app.register_blueprint(bp)
    listeners.listen()
    on_organisations.register()
    persons.register()
    instead.register()
    readers_are(known.KnownReaders)
