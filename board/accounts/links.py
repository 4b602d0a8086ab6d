"""Links in mails: a page that is never kept, at a clean address, with one button.

The first GET carries the secret in its query (access logs leave queries out), puts its hash into
the session and leads to the same page without it: a cookie can be read, and says no link.
"""

from __future__ import annotations

from flask import Response, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from board.accounts.rules import digest
from board.accounts.session import KEPT


def hold(name: str, raw: str) -> None:
    """Keep the hash of a link in the visitor's session, under the name of its page."""
    session[KEPT + name] = digest(raw)


def held(name: str) -> str | None:
    """Return the hash of the link that this visitor followed to this page."""
    link = session.get(KEPT + name)
    return link if isinstance(link, str) else None


def let_go(name: str) -> None:
    """Forget a link that was used."""
    session.pop(KEPT + name, None)


def take_from_address(name: str, endpoint: str) -> ResponseReturnValue | None:
    """Move `?token=` from the address to the session and lead to the clean address."""
    raw = request.args.get("token")
    if raw is None:
        return None
    hold(name, raw)
    return private(redirect(url_for(endpoint), code=303))


def private(answer: ResponseReturnValue) -> Response:
    """Return a page of a link: no cache keeps it, no other site hears of it."""
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
