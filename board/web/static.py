"""Static files: kept for ever under an address that carries their edition, compressed once."""

from __future__ import annotations

import gzip
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from werkzeug.security import safe_join

from board.web.access import public
from board.web.cookieless import to_everybody
from board.web.packing import takes_gzip

FOR_EVER = "public, max-age=31536000, immutable"
PACKED = ("text/", "application/json", "application/javascript", "image/svg+xml")
_EDITION = re.compile(r"(?:^|/)[^/]+-\d+(?:\.\d+)+/")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent, and packed where that makes it smaller."""

    kind: str
    mark: str
    plain: bytes
    packed: bytes | None


@lru_cache(maxsize=256)
def _read(path: str, modified: int) -> File:  # noqa: ARG001
    body = Path(path).read_bytes()
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if kind.startswith(PACKED) else body
    mark = sha256(body).hexdigest()[:10]
    return File(kind, mark, body, packed if len(packed) < len(body) else None)


@public
def send(filename: str) -> Response:
    """Send a file of the static folder; a named edition may be kept without asking again."""
    path = safe_join(current_app.static_folder or "static", filename)
    if path is None or not Path(path).is_file():
        abort(404)
    file = _read(path, Path(path).stat().st_mtime_ns)
    packed = file.packed if takes_gzip(request.environ) else None
    response = Response(packed or file.plain, content_type=file.kind)
    if file.kind.startswith("text/"):
        response.headers["Content-Type"] = f"{file.kind}; charset=utf-8"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    known = request.args.get("v") == file.mark or _EDITION.search(filename)
    response.headers["Cache-Control"] = FOR_EVER if known else "no-cache"
    response.vary.add("Accept-Encoding")
    to_everybody(response)  # a widget in a sandbox asks for its letters from nowhere
    response.set_etag(file.mark + ("-gzip" if packed else ""))
    response.make_conditional(request)
    return response


def register(app: Flask) -> None:
    """Take the place of Flask's own view of static files."""
    app.view_functions["static"] = send
