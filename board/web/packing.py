"""A public answer made ready to be kept: compressed once, named by its tag."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import Headers

from board.config import LANGUAGES

Environ = dict[str, Any]
PASSING = "board.passing"  # it stands in for a better answer: nobody may keep it
KEEP = "board.keep"  # what caches elsewhere are told of an answer that is the same for everybody
WORTH_PACKING = 600
GZIP_LEVEL = 3  # a tenth larger than at 6, in a third of the time: the first reader waits for it
VARY = ("HX-Request", "HX-Request-Type", "HX-Target", "Cookie", "Accept-Encoding")
PREFIXES = tuple(f"/{language}/" for language in LANGUAGES)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is sent."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str


def takes_gzip(environ: Environ) -> bool:
    """Whether the reader takes gzip."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "")


def packed(environ: Environ, headers: Headers, body: bytes, tag: str) -> Kept:
    """Compress a public page once (nothing secret is in it to be guessed at)."""
    if takes_gzip(environ) and len(body) >= WORTH_PACKING and "Content-Encoding" not in headers:
        body = gzip.compress(body, GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    headers["ETag"] = tag
    everybody = environ.get(KEEP)
    headers["Cache-Control"] = everybody or "no-cache"
    varies = {name.strip() for name in headers.get("Vary", "").split(",") if name.strip()}
    more = () if environ["PATH_INFO"].startswith(PREFIXES) else ("Accept-Language",)
    by = ("Accept-Encoding",) if everybody else VARY
    headers["Vary"] = ", ".join(dict.fromkeys((*by, *more, *sorted(varies))))
    return Kept(headers.to_wsgi_list(), body, tag)
