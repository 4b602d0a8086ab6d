"""Reports, decisions and appeals; posts that wait for a word before they are published."""

from __future__ import annotations

from flask import Flask

from board.moderation import models


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board import addressees
    from board.life import doubts
    from board.moderation import asked_views, cli, jobs, parts, queries, report_views, views  # noqa: F401
    from board.moderation.blueprint import bp

    parts.register()
    addressees.names(models.Report.email)
    doubts.register(queries.doubted_at)
    app.register_blueprint(bp)
    app.cli.add_command(cli.moderator)
