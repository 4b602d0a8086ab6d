"""Which language a page is in: its address says so, else the browser, else the instance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import force_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.routing import BaseConverter

from board.config import LANGUAGES
from board.extensions import babel
from board.web import words


class LanguageConverter(BaseConverter):
    """The first step of an address: /fr/, /en/ or /es/."""

    regex = "|".join(LANGUAGES)


def reader_language() -> str:
    """Return the language that the browser asks for, or the instance's."""
    default: str = current_app.config["BOARD"].language
    return _best(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""), default)


@lru_cache(maxsize=256)
def _best(asked: str, default: str) -> str:
    """Return the first choice that is ours, whatever its country: fr-CA asks for French."""
    wished = parse_accept_header(asked, LanguageAccept)
    mains = (re.split("[-_]", choice)[0].lower() for choice, quality in wished if quality > 0)
    return next((main for main in mains if main in LANGUAGES), default)


def timezone() -> str:
    """Return the zone that local dates are written in."""
    zone: str = current_app.config["BOARD"].timezone
    return zone


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write words for somebody who reads this language, whatever the page's is."""
    before = g.get("language")
    g.language = language
    try:
        with force_locale(language):
            yield
    finally:
        if before is None:
            g.pop("language")
        else:
            g.language = before


def register(app: Flask) -> None:
    """Take the language out of each address and put it back into each link."""
    app.url_map.converters["language"] = LanguageConverter
    babel.init_app(
        app,
        default_translation_directories=app.config["TRANSLATIONS"],
        locale_selector=lambda: g.get("language", app.config["BOARD"].language),
        timezone_selector=timezone,
    )
    words.register(app, babel)

    @app.url_value_preprocessor
    def take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        named = values.pop("language", None) if values else None
        first = request.path.split("/", 2)[1]
        g.language = named or (first if first in LANGUAGES else reader_language())

    @app.url_defaults
    def put_back(endpoint: str, values: dict[str, Any]) -> None:
        if "language" not in values and app.url_map.is_endpoint_expecting(endpoint, "language"):
            values["language"] = g.get("language", app.config["BOARD"].language)
