"""Files on their way in, with a limit of their own, and pictures on their way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from board.web.context import has_session

F = TypeVar("F", bound=Callable[..., ResponseReturnValue])
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
SMALLER_THAN_A_FILE = 64 * 1024
MOST_PARTS = 120  # each file waits in a file of its own until it is read
# A browser may show again what it just showed; whoever else keeps a copy asks each time.
FOR_EVERYBODY = "public, max-age=300, s-maxage=0, must-revalidate"
FOR_THIS_BROWSER = "private, max-age=300, must-revalidate"
FOR_NOBODY_ELSE = "private, no-store"


@dataclass(frozen=True, slots=True)
class Takes:
    """How much a form with files may send, and what is said beyond."""

    bytes: int
    parts: int
    refusal: Any


def takes_files(*, files: int, each: int, refusal: Any) -> Callable[[F], F]:
    """Let a view's form carry so many files of that size; every other form stays small."""

    def mark(view: F) -> F:
        takes = Takes(files * each + SMALLER_THAN_A_FILE, MOST_PARTS, refusal)
        view.takes = takes  # type: ignore[attr-defined]
        return view

    return mark


def refusal() -> str | None:
    """Say how much this form takes, when it takes files."""
    takes = _takes()
    return str(takes.refusal) if takes else None


def picture(content: bytes, *, media_type: str, mark: str, everyone: bool) -> Response:
    """Answer a picture of ours: of one type, never run, kept no longer than it may be seen.

    Its address never shows another picture, but it may be taken away: copies are short-lived.
    """
    response = Response(content, mimetype=media_type)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = "inline"
    keep = FOR_THIS_BROWSER if has_session() else FOR_EVERYBODY
    response.headers["Cache-Control"] = keep if everyone else FOR_NOBODY_ELSE
    response.set_etag(mark)
    response.make_conditional(request)
    return response


def _takes() -> Takes | None:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes", None)


def register(app: Flask) -> None:
    """Set the limit of a request before anybody reads it."""

    @app.before_request
    def make_room() -> None:
        if (takes := _takes()) is not None:
            request.max_content_length = takes.bytes
            request.max_form_parts = takes.parts
