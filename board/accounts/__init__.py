"""People, sign-in, their privacy rights."""

from __future__ import annotations

from flask import Flask

from board.accounts import models


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board import addressees, erasures, mail
    from board.accounts import (  # noqa: F401
        cli,
        jobs,
        outbox,
        own_views,
        services,
        session,
        views,
    )

    mail.register(app)
    addressees.names(models.Person.email, models.Token.email)
    session.register(app)
    erasures.is_replayed("person", services.forget_again)
    app.register_blueprint(views.bp)
    app.register_blueprint(outbox.bp)
    app.cli.add_command(cli.mail)
