"""Organisations, who acts for them, invitations."""

from __future__ import annotations

from flask import Flask

from board.organisations import models


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board import addressees, uploads
    from board.organisations import logos, member_views, persons, views  # noqa: F401

    persons.register()
    addressees.names(models.Invitation.email_folded)
    uploads.are_named_by(logos.named)
    app.register_blueprint(views.bp)
