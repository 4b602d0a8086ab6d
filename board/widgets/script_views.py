"""The scripts that partners put in their pages: one that follows, and copies that never change."""

from __future__ import annotations

import base64
from functools import lru_cache
from hashlib import sha384
from pathlib import Path

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from board.errors import NotFound
from board.web import public
from board.web.cookieless import cookieless, to_everybody

bp = Blueprint("embed_scripts", __name__, url_prefix="/embed")
NEWEST = "1.3.0"  # made of static/embed/element.js by tools/embed_script.py
EDITIONS = ("1.0.0", "1.1.0", "1.2.0", NEWEST)
# These hold no post: a copy may stand in for a board that does not answer.
FIVE_MINUTES = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/v1.js")
@public
@cookieless(FIVE_MINUTES)
def evergreen() -> ResponseReturnValue:
    """Give the newest script of the first edition: what is pasted today works for ever."""
    return _script(NEWEST)


@bp.get("/<any('1.0.0', '1.1.0', '1.2.0', '1.3.0'):edition>.js")
@public
@cookieless(FOR_EVER)
def pinned(edition: str) -> ResponseReturnValue:
    """Give a script that never changes, for pages that check what they run."""
    return _script(edition)


@bp.get("/LICENSE")
@public
@cookieless(FIVE_MINUTES)
def licence() -> ResponseReturnValue:
    """Say under which terms anybody may take the script: MIT, unlike the board."""
    return to_everybody(Response(_folder().joinpath("LICENSE").read_bytes(), mimetype="text/plain"))


def integrity(edition: str = NEWEST) -> str:
    """Return what a page checks a pinned script against."""
    return "sha384-" + base64.b64encode(sha384(_read(str(_path(edition)))).digest()).decode()


def _script(edition: str) -> Response:
    if edition not in EDITIONS:
        raise NotFound
    body = _read(str(_path(edition)))
    return to_everybody(Response(body, content_type="text/javascript; charset=utf-8"))


@lru_cache(maxsize=8)
def _read(path: str) -> bytes:
    return Path(path).read_bytes()


def _path(edition: str) -> Path:
    return _folder() / f"{edition}.js"


def _folder() -> Path:
    return Path(current_app.static_folder or "static") / "embed"
