"""Who operates the board: this machine itself, or whoever holds the token of figures."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from flask import request

from board.web.context import settings

PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def is_operator() -> bool:
    """Whether details may be told: to a bearer of the token, or on this machine directly."""
    return _holds_token() or is_direct()


def is_direct() -> bool:
    """Whether the request comes from this machine and through no proxy.

    Behind a proxy on the same machine everybody's connection is local: its headers say so, and the
    Host that it passes on is the board's public one.
    """
    if any(name in request.headers for name in FORWARDED):
        return False
    host = request.host.rpartition(":")[0] or request.host
    return _is_loopback(request.remote_addr) and (
        host == "localhost" or _is_loopback(host.strip("[]"))
    )


def _is_loopback(text: str | None) -> bool:
    try:
        return ip_address(text or "").is_loopback
    except ValueError:
        return False


def _holds_token() -> bool:
    token = settings().metrics_token
    said = request.headers.get("Authorization", "")
    return bool(token) and compare_digest(said.encode(), f"Bearer {token}".encode())
