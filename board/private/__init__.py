"""What is matched without being shown: volunteers' profiles, what organisations could share."""

from __future__ import annotations

from flask import Flask

from board import logs
from board.private import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.private import jobs, owed, parts, sleeping_views, views  # noqa: F401

    owed.listen()
    parts.register()
    logs.gathers(views.bp.name)
    app.register_blueprint(views.bp)
