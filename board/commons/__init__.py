"""Governance pages: about, terms, privacy, accessibility, open data."""

from __future__ import annotations

from flask import Flask

from board import mail  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.commons import source_views, views

    app.register_blueprint(views.bp)
    app.register_blueprint(source_views.bp)
