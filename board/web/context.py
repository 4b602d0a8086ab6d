"""What every page is told: its language, its other languages, its reader, its messages."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, get_flashed_messages, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from board.config import LANGUAGES, Settings
from board.web import reader_pages

LANGUAGE_NAMES = {"fr": "Français", "en": "English", "es": "Español"}
LOOK_AGAIN_S = 1.0
MOST_ROWS = 48
_assets: dict[str, tuple[float, str]] = {}
_rows: OrderedDict[Any, Markup] = OrderedDict()
IN_A_QUERY = "!$'()*,/:;?@"
_viewer: list[Callable[[], Any]] = []


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language."""

    language: str
    label: str
    url: str
    current: bool
    full_url: str = ""
    is_default: bool = False  # for readers of any other language


def settings() -> Settings:
    """Return the settings of the running application."""
    board: Settings = current_app.config["BOARD"]
    return board


def has_session() -> bool:
    """Whether the request carries a session; without one nothing may depend on the reader."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def page_context() -> dict[str, Any]:
    """Return the variables that base.html needs; anonymous pages touch no session."""
    known = has_session()
    viewer = _viewer[0]() if known and _viewer else None
    return {
        "language": g.language,
        "alternates": alternates(),
        "viewer": viewer,
        "messages": messages() if known and not reader_pages.sort() else [],
        "instance_name": settings().instance_name,
        "settings": settings(),
        "source_url": settings().source_url or url_for("source.archive"),
        "csrf_field": csrf_field if viewer is not None else _no_token,
        "here": here(),
    }


def messages() -> list[dict[str, str]]:
    """Return what the last write had to say, once."""
    return [{"category": category, "text": text} for category, text in _flashed()]


def _flashed() -> list[tuple[str, str]]:
    return list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type]


def viewer_is(source: Callable[[], Any]) -> None:
    """Let the accounts feature say who reads (a small object, or None for a visitor)."""
    _viewer[:] = [source]


def csrf_field() -> Markup:
    """Return the hidden field that a signed-in person's forms carry."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf_token())


def csrf_token() -> str:
    """Return the token of this reader's forms, or its place in a page that is kept."""
    return reader_pages.TOKEN if reader_pages.sort() else str(generate_csrf())


def _no_token() -> Markup:
    return Markup("")


def here() -> str:
    """Return this page's path and query, for links that lead back."""
    return request.full_path.rstrip("?")


def alternates() -> list[Alternate]:
    """Return this page in each language, when its address names one and it can be linked to."""
    arguments = request.view_args or {}
    endpoint = request.endpoint
    if endpoint is None or not _can_be_opened() or "language" not in _rule_arguments():
        endpoint, arguments, query = "search.board", {}, {}
    else:
        query = request.args.to_dict(flat=False)
    urls = {
        code: with_query(url_for(endpoint, **{**arguments, "language": code}), query)
        for code in LANGUAGES
    }
    return [
        Alternate(
            code,
            LANGUAGE_NAMES[code],
            url,
            code == g.language,
            settings().url(url),
            code == settings().language,
        )
        for code, url in urls.items()
    ]


def with_query(path: str, pairs: Mapping[str, Any]) -> str:
    """Return an address; a name may stand in its path and, with another sense, in its query."""
    asked = urlencode(pairs, doseq=True, safe=IN_A_QUERY)
    return f"{path}?{asked}" if asked else path


def _can_be_opened() -> bool:
    """Whether the address of this page answers when it is opened again."""
    rule = request.url_rule
    return request.method == "GET" or (rule is not None and "GET" in (rule.methods or ()))


def _rule_arguments() -> set[str]:
    return request.url_rule.arguments if request.url_rule is not None else set()


def asset(path: str) -> str:
    """Return the address of a static file, with its fingerprint so that it may be kept for ever."""
    at, known = time.monotonic(), _assets.get(path)
    if known is None or at - known[0] > LOOK_AGAIN_S:
        known = _assets[path] = (at, url_for("static", filename=path, v=fingerprint_of(path)))
    return known[1]


def fingerprint_of(path: str) -> str:
    """Return what tells this edition of a static file from another."""
    file = Path(current_app.static_folder or "static") / path
    modified = file.stat().st_mtime_ns if file.is_file() else 0
    return _fingerprint(str(file), modified) if modified else "missing"


@lru_cache(maxsize=512)
def _fingerprint(path: str, modified: int) -> str:  # noqa: ARG001
    return sha256(Path(path).read_bytes()).hexdigest()[:10]


def drawn_once(name: str, rows: Sequence[dict[str, Any]], caller: Callable[[], Markup]) -> Markup:
    """Return what was made of the same rows before (a `call` block that says them alone)."""
    key = (name, tuple(tuple(row.values()) for row in rows))
    if key in _rows:
        _rows.move_to_end(key)
    else:
        _rows[key] = caller()
        while len(_rows) > MOST_ROWS:
            _rows.popitem(last=False)
    return _rows[key]


def register(app: Flask) -> None:
    """Give the templates their few globals."""
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["drawn_once"] = drawn_once
    app.jinja_env.globals["csrf_token"] = csrf_token
