"""What every request must be and every answer must say, whoever wrote the view."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from board.config import Settings
from board.errors import Unclear
from board.web import operators
from board.web.application import SAID
from board.web.context import has_session, settings
from board.web.rendering import is_partial, target

COOKIELESS = "board.cookieless"  # set by board/web/cookieless.py
FORM = "application/x-www-form-urlencoded"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# Asked for while a form is being filled in: a refusal is said beside it, or not at all.
BESIDE_A_FORM = frozenset({"preview", "live-panel", "lines", "widget-preview"})
UNSAID = frozenset({"place-options"})
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def policy_with_images(origins: Iterable[str]) -> str:
    """Return the policy of a page that may also show images of these origins."""
    return CONTENT_SECURITY_POLICY.replace("img-src 'self'", " ".join(("img-src 'self'", *origins)))


class CrossSite(Exception):
    """A write that another site asked for, or a form whose token has aged."""


def is_same_origin() -> bool:
    """Whether this board itself asked: by Sec-Fetch-Site, else by Origin, else by nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.host}"


def safe_path(target: str | None) -> str | None:
    """Return `target` when it is a path of this site, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(c) < 32 or c == "\\" for c in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def check_host() -> None:
    """Refuse a Host that is not ours: links and caches must not follow it."""
    ours, loopback = _host_of(settings().base_url)
    asked = request.host.lower()
    if loopback:
        asked = asked.replace("localhost", "127.0.0.1", 1)
    if asked != ours and not (request.path in operators.PATHS and operators.is_direct()):
        abort(400)


@cache
def _host_of(base_url: str) -> tuple[str, bool]:
    """Return the board's host, and whether it is this machine by any of its names."""
    board = Settings(base_url=base_url)
    host = board.host.lower()
    return host.replace("localhost", "127.0.0.1", 1) if board.loopback else host, board.loopback


def check_unicode() -> None:
    """Refuse broken UTF-8, and NUL in addresses; forms clean what they are sent."""
    try:
        asked = request.path + unquote_to_bytes(request.query_string).decode("utf-8")
        if request.method in UNSAFE and request.mimetype == FORM:
            unquote_to_bytes(request.get_data()).decode("utf-8")
    except UnicodeDecodeError:
        asked = "\ufffd"
    if "\x00" in asked or "\ufffd" in asked:
        raise Unclear(_("Certains caractères ne peuvent pas être lus. Écrivez-les de nouveau."))


def check_csrf() -> None:
    """Refuse writes from elsewhere; a signed-in person's form also carries a token."""
    if request.method not in UNSAFE:
        return
    if not is_same_origin():
        raise CrossSite
    if has_session() and current_app.config["TOKENS"]():
        try:
            validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRF-Token"))
        except ValidationError as error:
            raise CrossSite from error


def follow_for_htmx(response: Response) -> Response:
    """Turn a redirect into 204 with HX-Redirect, which htmx follows as a page."""
    if request.headers.get("HX-Request") == "true" and response.status_code in {302, 303, 307, 308}:
        target = response.headers.pop("Location")
        response.headers["HX-Redirect"] = target
        response.status_code = 204
        response.set_data(b"")
    elif (
        is_partial()
        and response.status_code >= 400
        and response.mimetype == "text/html"
        and b"<html" in response.get_data()[:300]
    ):
        _leave_the_form(response)
    return response


def _leave_the_form(response: Response) -> None:
    """A page of error takes the place of the page, unless somebody is writing on it."""
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    if target() in UNSAID:
        response.headers["HX-Reswap"] = "none"
        response.set_data(b"")
    elif target() in BESIDE_A_FORM:
        response.headers["HX-Retarget"] = "#live-said"
        response.set_data(_said_beside(response.status_code))


def _said_beside(status: int) -> str:
    """Say in one line why nothing came."""
    if status == 403:
        return _(
            "Vous n’êtes plus connecté, ou votre session a changé. Continuez d’écrire\u00a0: votre"
            " texte reste ici, et il est gardé quand vous l’envoyez."
        )
    return _("Le babillard n’a pas pu répondre. Votre texte est encore là.")


def fixed_headers(secure: bool) -> tuple[tuple[str, str], ...]:
    """What every answer says, unless its view said otherwise."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return tuple(headers.items())


def set_headers(response: Response) -> Response:
    """Say of a page who may keep it."""
    if COOKIELESS in request.environ:
        return response
    if response.mimetype != "text/html" and has_session() and request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-store")
    elif response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Request-Type", "HX-Target", "Cookie"))
        keep = "private, no-store" if has_session() or request.method != "GET" else "no-cache"
        response.headers.setdefault("Cache-Control", keep)
    return response


def register(app: Flask) -> None:
    """Guard the door both ways."""
    app.extensions[SAID] = fixed_headers(app.config["BOARD"].secure)
    app.config.setdefault("TOKENS", lambda: False)
    app.before_request(check_host)
    app.before_request(check_unicode)
    app.before_request(check_csrf)
    app.after_request(set_headers)
    app.after_request(follow_for_htmx)
