"""Babillard: a board where community organisations post needs and offers."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from board.config import Settings, read_settings

ROOT = Path(__file__).resolve().parent.parent
MAX_BODY_BYTES = 2 * 1024 * 1024  # a form with files says how much more: web/files.py
# In the order in which they see a request; what leaves passes them the other way round.
PARTS = (
    "board.web.page_cache",
    "board.web.cookieless",
    "board.web.static",
    "board.logs",
    "board.metrics",
    "board.web.languages",
    "board.web.transactions",
    "board.web.files",
    "board.web.security",
    "board.web.errors",
    "board.web.context",
    "board.web.filter_rows",
    "board.health",
    "board.jobs",
    "board.erasures",
    "board.cli",
)
FEATURES = (
    "board.accounts",
    "board.taxonomy",
    "board.organisations",
    "board.posts",
    "board.photos",
    "board.life",
    "board.search",
    "board.matching",
    "board.private",
    "board.answers",
    "board.alerts",
    "board.interchange",
    "board.widgets",
    "board.moderation",
    "board.commons",
    "board.backups",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings: the table of contents of the board."""
    from board import database, migrations
    from board.extensions import db, login_manager
    from board.web.application import Application

    settings = settings or read_settings()
    app = Application(__name__, root_path=str(ROOT / "board"), static_folder=str(ROOT / "static"),
                      template_folder=str(ROOT / "templates"))  # fmt: skip
    app.config.from_mapping(configuration(settings, database.engine_options(settings.database_url)))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    migrations.register(app, str(ROOT / "migrations"))
    login_manager.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    for part in (*PARTS, *FEATURES):
        import_module(part).register(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def configuration(settings: Settings, engine_options: dict[str, object]) -> dict[str, object]:
    """Return what Flask and its extensions are told of the settings."""
    return {
        "BOARD": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options,
        "SESSION_COOKIE_NAME": "__Host-babillard" if settings.secure else "babillard",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 1_000,
        "WTF_CSRF_TIME_LIMIT": None,
        "TRANSLATIONS": str(ROOT / "translations"),
    }
