"""Widgets: the board on partners' sites."""

from __future__ import annotations

from flask import Flask

from board.widgets import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.widgets import (
        blueprint,
        builder_views,  # noqa: F401 - its views hang on the blueprint
        clearance_views,  # noqa: F401
        embed_views,
        jobs,  # noqa: F401
        newsletter_views,  # noqa: F401
        oembed_views,
        paper_views,
        parts,
        persons,
        script_views,
        statistics_views,  # noqa: F401
    )

    app.register_blueprint(embed_views.bp)
    app.register_blueprint(script_views.bp)
    app.register_blueprint(oembed_views.bp)
    app.register_blueprint(paper_views.bp)
    app.register_blueprint(blueprint.bp)
    parts.register(app)
    persons.register()
