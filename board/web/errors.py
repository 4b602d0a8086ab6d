"""An error page is a page: each error of the domain has one, in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, request
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
    pages: dict[type[Exception], int] = {
        errors.NotFound: 404,
        errors.Gone: 410,
        errors.NotAllowed: 403,
        errors.Conflict: 409,
        DataError: 400,
    }
    for kind, status in pages.items():
        app.register_error_handler(kind, lambda _error, status=status: error_page(status))

    @app.errorhandler(errors.Invalid)
    def refuse(error: errors.Invalid) -> ResponseReturnValue:
        return error_page(422, error.message)

    @app.errorhandler(errors.Unclear)
    def unclear(error: errors.Unclear) -> ResponseReturnValue:
        return error_page(400, error.message)

    @app.errorhandler(errors.TooMany)
    def slow_down(error: errors.TooMany) -> ResponseReturnValue:
        response = error_page(429)
        response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
        return error_page(413, files.refusal())

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        response = error_page(error.code)
        if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
            response.headers["Allow"] = ", ".join(allowed)
        return response

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> ResponseReturnValue:
        log.error("database: %s", error.__class__.__name__)
        response = error_page(503)
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected", exc_info=error)
        if app.testing:
            raise error
        return error_page(500)
