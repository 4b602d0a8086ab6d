"""Notices and kept searches: what each person wants to hear of, and how often."""

from __future__ import annotations

from flask import Flask

from board.alerts import models


def register(app: Flask) -> None:
    """Hang the pages, the jobs and the person's rights on the application."""
    from board import addressees
    from board.alerts import jobs, link_views, persons, views  # noqa: F401
    from board.alerts.blueprint import bp
    from board.alerts.forms import KINDS, RHYTHMS

    app.jinja_env.globals |= {"notice_kinds": KINDS, "rhythm_labels": RHYTHMS}
    app.register_blueprint(bp)
    addressees.names(models.SavedSearch.email)
    persons.register()
