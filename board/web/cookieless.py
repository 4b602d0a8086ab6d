"""Answers for other sites and programs: no cookie is read there, none is set, whoever asks.

An address that matches is stripped of cookies, of Authorization and of what htmx says before
anything reads them, and has no session to write to. So its answers are the same for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Flask, request
from flask.sessions import SecureCookieSession
from flask.typing import ResponseReturnValue
from flask.wrappers import Request, Response

from board.config import LANGUAGES
from board.web.application import Sessions
from board.web.packing import KEEP
from board.web.page_cache import SHARED

F = TypeVar("F", bound=Callable[..., ResponseReturnValue])
Environ = dict[str, Any]
Listener = Callable[[Environ, int], None]
Completer = Callable[[Environ], None]
MARK = "board.cookieless"
STRIPPED = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_HX_REQUEST", "HTTP_HX_REQUEST_TYPE",
            "HTTP_HX_TARGET", "HTTP_HX_HISTORY_RESTORE_REQUEST")  # fmt: skip
PATHS = re.compile(
    r"/(?:embed/|oembed$|robots\.txt$|sitemap[.-]"
    rf"|(?:{'|'.join(LANGUAGES)})/(?:.+/)?(?:feed\.|picture\.png$|poster\.pdf$|tabs\.pdf$))"
)
# A browser may show for a minute what it just showed, and half a minute more while it asks again;
# whoever keeps a copy for several people asks each time, so that none outlives a withdrawal.
FOR_A_MINUTE = "public, max-age=60, s-maxage=0, proxy-revalidate, stale-while-revalidate=30"
ASKED_EACH_TIME = "public, max-age=0, must-revalidate"
HEARD, COMPLETED = "board.answers_heard", "board.questions_completed"
# What scripts of any site may read, and see of its headers; nobody's credentials are ever taken.
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link",
        "Cross-Origin-Resource-Policy": "cross-origin"}  # fmt: skip
PREFLIGHT = {"Access-Control-Allow-Origin": "*",
             "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
             "Access-Control-Allow-Headers": "If-None-Match",
             "Access-Control-Max-Age": "86400", "Allow": "GET, HEAD, OPTIONS",
             "Cross-Origin-Resource-Policy": "cross-origin"}  # fmt: skip
OPEN_PATHS = re.compile(rf"{PATHS.pattern}|/api/v1/posts$")


def cookieless(keep: str) -> Callable[[F], F]:
    """Mark a view whose answers are everybody's: caches anywhere may hold them as `keep` says."""

    def mark(view: F) -> F:
        def marked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            request.environ[SHARED] = True
            request.environ[KEEP] = keep
            return view(*args, **kwargs)

        marked.__name__, marked.__doc__ = view.__name__, view.__doc__
        marked.cookieless = True  # type: ignore[attr-defined]
        marked.__dict__ |= vars(view)
        return marked  # type: ignore[return-value]

    return mark


def hears_answers(app: Flask, prefix: str, listener: Listener) -> None:
    """Tell `listener` the status of each answer below an address, those that were kept too."""
    app.extensions[HEARD].append((prefix, listener))


def completes_questions(app: Flask, prefix: str, completer: Completer) -> None:
    """Let `completer` write into the address of a question what its headers alone say."""
    app.extensions[COMPLETED].append((prefix, completer))


def to_everybody(response: Response) -> Response:
    """Let any site read it, without credentials."""
    response.headers.update(OPEN)
    return response


def before_asking() -> Response | None:
    """Answer a browser that asks whether another site's script may ask (CORS, preflight)."""
    if request.method != "OPTIONS" or not OPEN_PATHS.match(request.path):
        return None
    return Response(status=204, headers=PREFLIGHT)


def open_refusals(response: Response) -> Response:
    """Let scripts of any site read why they got nothing, where they could have read something."""
    if MARK in request.environ and response.status_code >= 400:
        to_everybody(response)
    return response


class Cookieless:
    """The WSGI application before all others."""

    def __init__(self, app: Flask) -> None:
        self._inner: Any = app.wsgi_app
        self._listeners: list[tuple[str, Listener]] = app.extensions.setdefault(HEARD, [])
        self._completers: list[tuple[str, Completer]] = app.extensions.setdefault(COMPLETED, [])

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Strip the question of what says who asks."""
        path = environ["PATH_INFO"]
        if not PATHS.match(path):
            return self._inner(environ, start_response)  # type: ignore[no-any-return]
        for name in STRIPPED:
            environ.pop(name, None)
        environ[MARK] = True
        for prefix, complete in self._completers:
            if path.startswith(prefix):
                complete(environ)
        heard = [listener for prefix, listener in self._listeners if path.startswith(prefix)]
        if not heard:
            return self._inner(environ, start_response)  # type: ignore[no-any-return]

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            for listener in heard:
                listener(environ, int(status[:3]))
            return start_response(status, headers, *more)

        return self._inner(environ, begin)  # type: ignore[no-any-return]


class NoSessions(Sessions):
    """Sessions as everywhere, but none where nobody is asked who they are."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session of a request; None makes one that refuses to be written to."""
        return None if MARK in request.environ else super().open_session(app, request)


def register(app: Flask) -> None:
    """Stand before the kept pages."""
    app.session_interface = NoSessions()
    app.before_request(before_asking)
    app.after_request(open_refusals)
    app.wsgi_app = Cookieless(app)  # type: ignore[method-assign]
