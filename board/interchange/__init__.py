"""The JSON API and other formats for programs."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.interchange import api

    app.register_blueprint(api.bp)
