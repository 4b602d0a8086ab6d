"""A request that writes commits once, at its end; whatever went wrong rolls back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, flash, g, make_response, request
from flask.typing import ResponseReturnValue

from board import news
from board.database import will_write
from board.extensions import db

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., ResponseReturnValue])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def commits(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Commit when the view answered below 400, tell the news, then flash; else roll back."""

    @wraps(view)
    def committing(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        response = make_response(view(*args, **kwargs))
        if response.status_code >= 400:
            db.session.rollback()
            return response
        news.commit()
        for message, category in g.pop("messages", []):
            flash(message, category)
        return response

    return committing


def slow_first(view: F) -> F:
    """Mark a view that hashes or draws before it writes: it calls `begin_writing` itself."""
    view.slow_first = True  # type: ignore[attr-defined]
    return view


def register(app: Flask) -> None:
    """Say before the first query whether a request will write."""

    @app.before_request
    def declare_intent() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        will_write(request.method not in SAFE and not hasattr(view, "slow_first"))
