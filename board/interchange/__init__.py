"""The JSON API and other formats for programs."""

from __future__ import annotations

from flask import Flask

from board.interchange import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.interchange import api, cli

    app.register_blueprint(api.bp)
    cli.register(app)
