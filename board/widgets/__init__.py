"""Widgets: the board on partners' sites."""

from __future__ import annotations

from flask import Flask

from board.widgets import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.widgets import (
        blueprint,
        builder_views,  # noqa: F401 - its views hang on the blueprint
        embed_views,
        oembed_views,
        parts,
        script_views,
    )

    app.register_blueprint(embed_views.bp)
    app.register_blueprint(script_views.bp)
    app.register_blueprint(oembed_views.bp)
    app.register_blueprint(blueprint.bp)
    parts.register(app)
