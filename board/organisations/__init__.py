"""Organisations, who acts for them, invitations."""

from __future__ import annotations

from flask import Flask

from board.organisations import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.organisations import member_views, persons, views  # noqa: F401

    persons.register()
    app.register_blueprint(views.bp)
