"""Public pages, kept: one answer for everybody without a session, until anything public changes.

It stands before Flask. A question is looked up by all that its answer depends on (host, address,
what htmx asks for, encoding, and where it says no language the browser's), the board's version, and
the instant until which the answer holds by itself. A page is kept only when its view says `shared`
and nobody's cookie or Authorization came with the question. Signed-in readers have pages of their
own sort (`reader_pages`), which are never shown to anybody without a session.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import wraps
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from typing import Any, ParamSpec
from zoneinfo import ZoneInfo

from flask import Flask, Response, has_request_context, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers

from board import news
from board.clock import now
from board.config import Settings
from board.database import reading
from board.extensions import db
from board.news import Version
from board.web.packing import PASSING, PREFIXES, Kept, packed, takes_gzip
from board.web.reader_pages import ReaderPages
from board.web.versions import VersionReader

P = ParamSpec("P")
Environ = dict[str, Any]
SHARED, VERSION = "board.shared", "board.version"
NEVER = ("/static/", "/healthz", "/readyz", "/metrics")
MOST_BYTES = 4 * 1024 * 1024
LONGEST = 600
HTMX = ("HTTP_HX_REQUEST", "HTTP_HX_REQUEST_TYPE", "HTTP_HX_TARGET",
        "HTTP_HX_HISTORY_RESTORE_REQUEST")  # fmt: skip
_changes_next: list[Callable[[datetime], datetime]] = []
_counters: list[Callable[[int], None]] = []


def shared(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Say that without a session this view answers everybody alike, by the board's version."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        request.environ[SHARED] = True
        return view(*args, **kwargs)

    return marked


def is_passing() -> None:
    """Say that this answer stands in for a better one: nobody may keep it, here or elsewhere."""
    if has_request_context():
        request.environ.pop(SHARED, None)
        request.environ[PASSING] = True


def changes_next(source: Callable[[datetime], datetime]) -> None:
    """Let a feature say when what it shows changes by itself (in the application's context)."""
    if source not in _changes_next:
        _changes_next.append(source)


def counts(counter: Callable[[int], None]) -> None:
    """Let `counter` know the status of each answer that was kept: no hook of Flask sees it."""
    if counter not in _counters:
        _counters.append(counter)


@dataclass(frozen=True, slots=True)
class Moment:
    """What every kept answer is true for: settings and version of the board, for some time."""

    settings: Settings
    version: Version
    since: datetime
    until: datetime

    def holds(self, settings: Settings, version: Version, at: datetime) -> bool:
        """Whether it is still so."""
        same = self.settings is settings and self.version == version
        return same and self.since <= at < self.until


class PageCache:
    """The WSGI application in front of the board."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app
        with app.app_context():
            self._reader = VersionReader(db.engine)
        board = app.config["BOARD"]
        self._zone = ZoneInfo(board.timezone)
        self._cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self._secret = blake2b(board.secret_key.encode() + fingerprint(app)).digest()
        self._readers = ReaderPages(app, self._inner, self._reader.ask)
        self._lock = threading.Lock()
        self._moment: Moment | None = None
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer from what is kept, else let the board answer and keep it."""
        is_read = environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        if not is_read or environ["PATH_INFO"].startswith(NEVER):
            return self._inner(environ, start_response)
        version = environ[VERSION] = self._reader.read()
        question = self._question(environ)
        if version is None or question is None:
            return self._inner(environ, start_response)
        if self._cookie in environ.get("HTTP_COOKIE", ""):
            return self._to_reader(environ, start_response, version, question)
        moment = self._at(version)
        kept = self._pages.get(question)
        if kept is None:
            return self._ask(environ, start_response, moment, question)
        same = kept.tag in environ.get("HTTP_IF_NONE_MATCH", "")
        _tell(304 if same else 200)
        if same:
            return self._same(kept, start_response)
        start_response("200 OK", kept.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]

    def _to_reader(
        self, environ: Environ, start_response: Any, version: Version, question: str
    ) -> Iterable[bytes]:
        """Answer a page that is the same for all readers of a sort, with what is this one's."""
        known = self._readers.of(environ)
        if known is None:
            return self._inner(environ, start_response)
        moment = self._at(version)
        shell = self._readers.find(question, known, moment)
        if shell is not None:
            _tell(200)
        else:
            shell = self._readers.make(environ, question, known, moment)
        headers, body = shell.of(known)
        start_response(shell.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._readers.forget()
            self._moment, self._bytes = None, 0
            self._pages.clear()

    def _question(self, environ: Environ) -> str | None:
        """Write all that an answer depends on, but who reads; None when it is never kept."""
        if "HTTP_AUTHORIZATION" in environ:
            return None
        path = environ["PATH_INFO"]
        parts = [environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), path,
                 environ.get("QUERY_STRING", ""), "gzip" if takes_gzip(environ) else "",
                 *(environ.get(name, "-") for name in HTMX)]  # fmt: skip
        if not path.startswith(PREFIXES):
            parts.append(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        question = "\n".join(parts)
        return question if len(question) <= LONGEST else None

    def _at(self, version: Version) -> Moment:
        at, moment, board = now(), self._moment, self._app.config["BOARD"]
        if moment is not None and moment.holds(board, version, at):
            return moment
        tomorrow = at.astimezone(self._zone).date() + timedelta(days=1)
        ends = [datetime.combine(tomorrow, time(), self._zone)]
        with reading(), self._app.app_context():
            news.version_is(version)
            ends += [source(at) for source in _changes_next]
        self.forget()
        self._moment = Moment(board, version, at, min(ends))
        return self._moment

    def _tag(self, question: str, moment: Moment) -> str:
        version = moment.version
        stamp = f"{question}\n{version.number}\n{version.changed_at}\n{moment.until.timestamp()}"
        return f'W/"{blake2b(stamp.encode(), digest_size=16, key=self._secret).hexdigest()}"'

    def _ask(
        self, environ: Environ, start_response: Any, moment: Moment, question: str
    ) -> Iterable[bytes]:
        """Let the board answer; keep what is everybody's."""
        begun: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            begun[:] = [status, headers]
            if SHARED not in environ:
                return start_response(status, headers, *more)
            return None

        chunks = self._inner(environ, begin)
        if SHARED not in environ:
            return chunks
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        status, headers = begun[0], Headers(begun[1])
        if int(status[:3]) == HTTPStatus.OK and "Set-Cookie" not in headers:
            kept = packed(environ, headers, body, self._tag(question, moment))
            headers, body = Headers(kept.headers), kept.body
            if environ["REQUEST_METHOD"] == "GET":
                self._keep(moment, question, kept)
            if kept.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
                return self._same(kept, start_response)
        start_response(status, headers.to_wsgi_list())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    @staticmethod
    def _same(kept: Kept, start_response: Any) -> Iterable[bytes]:
        """Say that what the reader holds is still so."""
        start_response("304 Not Modified", [h for h in kept.headers if h[0] not in _OF_BODY])
        return []

    def _keep(self, moment: Moment, question: str, kept: Kept) -> None:
        with self._lock:
            if moment is not self._moment or question in self._pages:
                return
            self._pages[question] = kept
            self._bytes += len(kept.body)
            while self._bytes > MOST_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1].body)


_OF_BODY = frozenset({"Content-Length", "Content-Type", "Content-Encoding"})


def _tell(status: int) -> None:
    for counter in _counters:
        counter(status)


def fingerprint(app: Flask) -> bytes:
    """Tell these settings, this code, its templates and words from others: their pages differ."""
    root = Path(app.root_path)
    folders = (
        (root, "*.py"),
        (Path(app.template_folder or ""), "*"),
        (Path(app.config["TRANSLATIONS"]), "*.mo"),
        (Path(app.static_folder or ""), "*"),
    )
    digest = blake2b(repr(app.config["BOARD"]).encode())
    for folder, pattern in folders:
        for path in sorted(p for p in folder.rglob(pattern) if p.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


def register(app: Flask) -> None:
    """Stand before the board; hand on the version that was read at the door."""
    cache = PageCache(app)
    app.extensions["board.page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
    news.keeps(cache.forget)

    @app.before_request
    def hand_on() -> None:
        news.version_is(request.environ.get(VERSION))

    @app.after_request
    def keep_nothing(response: Response) -> Response:
        if PASSING in request.environ:
            response.headers["Cache-Control"] = "no-store"
            response.headers.pop("ETag", None)
        return response
