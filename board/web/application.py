"""Flask without what every request would pay for nothing."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer

SAID = "board.said"
POLICY = "content-security-policy"


class Extensions(dict[str, Any]):
    """What extensions keep with the application; some of it is made when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.later: dict[str, Callable[[], Any]] = {}

    def __missing__(self, name: str) -> Any:
        """Make what was put off."""
        if name not in self.later:
            raise KeyError(name)
        self[name] = self.later.pop(name)()
        return self[name]


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; the signer is made once, not for each request."""

    def __init__(self) -> None:
        self._signer: tuple[Any, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs cookies, as long as the key is the same."""
        keys = (app.secret_key, app.config["SECRET_KEY_FALLBACKS"])
        known, signer = self._signer
        if known != keys or signer is None:
            signer = super().get_signing_serializer(app)
            self._signer = (keys, signer)
        return signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Without a cookie there is nothing to read."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


class Templates(Environment):
    """Jinja as Flask has it; what all templates know is one plain dict, which imports compare."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template knows besides what it is told."""
        return super().make_globals(d) if d else self.globals


class Application(Flask):
    """The board's application; none of its functions is a coroutine."""

    session_interface = Sessions()
    jinja_environment = Templates

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extensions = Extensions()

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        """Answer; what every answer says is added here, once for all, unless it was said."""
        said = self.extensions.get(SAID, ())

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            there = {name.lower(): value for name, value in headers}
            if "frame-ancestors 'none'" not in there.get(POLICY, "frame-ancestors 'none'"):
                there["x-frame-options"] = ""  # it knows no list of sites
            headers += [each for each in said if each[0].lower() not in there]
            return start_response(status, headers, *more)

        return super().wsgi_app(environ, begin)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take each function as it is."""
        return func
