"""Concepts with labels in each language, and places."""

from __future__ import annotations

from flask import Flask

from board import news
from board.taxonomy import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.taxonomy import persons, place_views, services

    persons.register()
    app.register_blueprint(place_views.bp)
    news.hears("concept", services.concepts_changed)
