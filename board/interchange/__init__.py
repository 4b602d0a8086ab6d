"""The JSON API and other formats for programs."""

from __future__ import annotations

from flask import Flask

from board.interchange import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.interchange import api, cli, feed_views, site_views

    app.register_blueprint(api.bp)
    app.register_blueprint(feed_views.bp)
    app.register_blueprint(site_views.bp)
    app.jinja_env.globals["feed_links"] = feed_views.links_of
    cli.register(app)
