"""Pages of signed-in readers, kept without their reader: one for each sort of readers.

What such a page shows of its own reader (a name, the token of its forms, how much is new for them)
has its place in the kept text and is put in for each answer. While the page is made nobody knows
who asked: the view is told the sort of the reader and nothing else, so nothing of one can be kept
for another.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, has_request_context, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from board.config import LANGUAGES
from board.web.packing import PASSING

P = ParamSpec("P")
Environ = dict[str, Any]
Headers = list[tuple[str, str]]
OFFERED, TAKEN = "board.sort_offered", "board.sort"
NAME = f"[name-{secrets.token_hex(8)}]"
TOKEN = f"[token-{secrets.token_hex(8)}]"
UNREAD = f"[unread-{secrets.token_hex(8)}]"
MOST_BYTES = 4 * 1024 * 1024
log = logging.getLogger(__name__)
HOLES = (NAME.encode(), TOKEN.encode(), UNREAD.encode())


@dataclass(frozen=True, slots=True)
class Known:
    """A signed-in reader: the sort, which decides what the page is, and what is put in."""

    sort: Hashable
    name: str
    token: str
    unread: str = "0"


Reads = Callable[[str, Callable[[str, Any], Any]], Known | None]
Source = Callable[[Flask], Reads]
_sources: list[Source] = []


def readers_are(source: Source) -> None:
    """Let a feature say who holds a cookie: `source(app)(cookie, ask)`; `ask` gives one row."""
    _sources[:] = [source]


def source_of(app: Flask) -> Reads | None:
    """Return what tells readers, if some feature can."""
    return _sources[0](app) if _sources else None


def alike(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Say that this view answers readers of a sort alike, but for what `Known` has of each."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if OFFERED in request.environ:
            request.environ[TAKEN] = request.environ[OFFERED]
        return view(*args, **kwargs)

    marked.alike = True  # type: ignore[attr-defined]
    return marked


def sort() -> Any:
    """Return the sort of readers that the page is made for; None when it is made for one."""
    return request.environ.get(TAKEN) if has_request_context() else None


@dataclass(frozen=True, slots=True)
class Shell:
    """A page in pieces: between two of them stands what is the reader's."""

    status: str
    headers: Headers
    pieces: tuple[bytes, ...]
    holes: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return sum(map(len, self.pieces))

    def of(self, known: Known) -> tuple[Headers, bytes]:
        """Return the page of this reader."""
        own = (str(escape(known.name)).encode(), known.token.encode(), known.unread.encode())
        parts = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            parts += (own[hole], piece)
        body = b"".join(parts)
        return [*self.headers, ("Content-Length", str(len(body)))], body


def shell(status: str, headers: Headers, body: bytes) -> Shell:
    """Cut a page where something of its reader belongs."""
    pieces, holes, rest = [], [], body
    while True:
        found = [(at, n) for n, hole in enumerate(HOLES) if (at := rest.find(hole)) >= 0]
        if not found:
            break
        at, hole = min(found)
        pieces.append(rest[:at])
        holes.append(hole)
        rest = rest[at + len(HOLES[hole]) :]
    others = [each for each in headers if each[0].lower() != "content-length"]
    return Shell(status, others, (*pieces, rest), tuple(holes))


class ReaderPages:
    """What stands at the door for readers with a session; the page cache says when it is over."""

    def __init__(self, app: Flask, inner: Any, ask: Callable[[str, Any], Any]) -> None:
        self._app, self._inner, self._ask = app, inner, ask
        self._cookie = app.config["SESSION_COOKIE_NAME"]
        self._shells: OrderedDict[Hashable, tuple[object, Shell]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._reads: Reads | None = None
        self._paths: frozenset[str] | None = None

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._shells.clear()
            self._bytes = 0

    def of(self, environ: Environ) -> Known | None:
        """Return who asks, for an address that answers readers of a sort alike."""
        if self._paths is None:
            self._paths, self._reads = paths_of(self._app), source_of(self._app)
        if environ["PATH_INFO"] not in self._paths or self._reads is None:
            return None
        cookie = cookie_of(environ, self._cookie)
        try:
            return self._reads(cookie, self._ask) if cookie else None
        except Exception as error:
            log.warning("a reader cannot be told: %s", type(error).__name__)
            return None

    def find(self, question: str, known: Known, moment: object) -> Shell | None:
        """Return what is kept of that moment for readers of this sort."""
        kept = self._shells.get((question, known.sort))
        return kept[1] if kept is not None and kept[0] is moment else None

    def make(self, environ: Environ, question: str, known: Known, moment: object) -> Shell:
        """Let the board answer for the sort of the reader, and keep it as of that moment."""
        begun: list[Any] = []
        environ[OFFERED] = known.sort
        chunks = self._inner(environ, lambda *said: begun.__setitem__(slice(None), said))
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        made = shell(begun[0], begun[1], body)
        names = {name.lower() for name, _value in made.headers}
        whole = made.status.startswith("200") and environ["REQUEST_METHOD"] == "GET"
        lasting = TAKEN in environ and PASSING not in environ and "set-cookie" not in names
        if whole and lasting:
            self._keep((question, known.sort), moment, made)
        return made

    def _keep(self, key: Hashable, moment: object, made: Shell) -> None:
        with self._lock:
            if key in self._shells:
                self._bytes -= self._shells.pop(key)[1].size
            self._shells[key] = (moment, made)
            self._bytes += made.size
            while self._bytes > MOST_BYTES:
                self._bytes -= self._shells.popitem(last=False)[1][1].size


def paths_of(app: Flask) -> frozenset[str]:
    """Return the addresses whose views answer readers of a sort alike."""
    views = {name for name, view in app.view_functions.items() if hasattr(view, "alike")}
    rules = [each.rule for each in app.url_map.iter_rules() if each.endpoint in views]
    whole = [rule.replace("<language:language>", one) for rule in rules for one in LANGUAGES]
    return frozenset(path for path in whole if "<" not in path)


def cookie_of(environ: Environ, name: str) -> str | None:
    """Return the one cookie of that name; None when there is none, or more than one."""
    found = [
        value
        for part in environ.get("HTTP_COOKIE", "").split(";")
        for key, _equals, value in [part.strip().partition("=")]
        if key == name
    ]
    return found[0] if len(found) == 1 else None
