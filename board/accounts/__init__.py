"""People, sign-in, their privacy rights."""

from __future__ import annotations

from flask import Flask

from board.accounts import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board import mail
    from board.accounts import cli, jobs, outbox, own_views, session, views  # noqa: F401

    mail.register(app)
    session.register(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(outbox.bp)
    app.cli.add_command(cli.mail)
