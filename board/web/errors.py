"""An error page is a page: each error of the domain has one, in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from board import errors
from board.extensions import db
from board.web import files
from board.web.languages import reader_language
from board.web.rendering import render

PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503})
log = logging.getLogger(__name__)
Dress = Callable[[int], Response]
_dresses: list[tuple[str, Dress]] = []


def dresses(prefix: str, dress: Dress) -> None:
    """Let a feature answer errors below an address in its own way."""
    if (prefix, dress) not in _dresses:
        _dresses.append((prefix, dress))


def error_page(status: int, message: str | None = None, *, page: str | None = None) -> Response:
    """Answer one error as a page, or as problem+json where programs ask."""
    db.session.rollback()
    if "language" not in g:
        g.language = reader_language()
    if request.path.startswith("/api/"):
        return problem(status, message)
    for prefix, dress in _dresses:
        if request.path.startswith(prefix):
            return dress(status)
    known = status if status in PAGES else 400 if status < 500 else 500
    return render(f"errors/{page or known}.html", status=status, code=status, message=message)


def problem(status: int, detail: str | None = None, **more: object) -> Response:
    """Answer an error to a program (RFC 9457)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **more}
    if detail:
        body["detail"] = detail
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def register(app: Flask) -> None:
    """Say for each error which page it is."""
    for kind, status in PLAIN.items():
        app.register_error_handler(kind, lambda _error, status=status: error_page(status))
    for kind, answer in ANSWERS.items():
        app.register_error_handler(kind, answer)


def _too_many(error: errors.TooMany) -> Response:
    response = error_page(429)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _known(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    response = error_page(error.code)
    if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _busy(error: OperationalError) -> Response:
    log.error("database: %s", error.__class__.__name__)
    response = error_page(503)
    response.headers["Retry-After"] = "5"
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", exc_info=error)
    if current_app.testing:
        raise error
    return error_page(500)


PLAIN: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    DataError: 400,
}
ANSWERS: dict[type[Exception], Callable[[Any], ResponseReturnValue]] = {
    errors.Gone: lambda _error: error_page(410, page="gone"),
    errors.OrganisationGone: lambda _error: error_page(410, page="closed"),
    errors.Invalid: lambda error: error_page(422, error.message),
    errors.Unclear: lambda error: error_page(400, error.message),
    errors.TooMany: _too_many,
    RequestEntityTooLarge: lambda _error: error_page(413, files.refusal()),
    HTTPException: _known,
    OperationalError: _busy,
    Exception: _unexpected,
}
