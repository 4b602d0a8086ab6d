"""What the board tells its operator: a JSON object a line, on standard error, about nobody.

A line names the rule of a route and never the address that was asked for: that may hold a token,
a search or a name. Of an error it tells the kind and the places in the code, not the words.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from board.config import Settings
from board.web import page_cache

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
FIELDS = ("method", "rule", "status", "duration_ms")
# What a person does on their own pages is told as one.
OWN_PAGES = "/<language:language>/account"
_gathered: set[str] = set()
requests = logging.getLogger("board.requests")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write what happened, without the words of an error."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "began" in g:
            line["request_id"] = request_id()
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line |= error_words(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """The same for people who watch a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write level, logger and message, then the fields."""
        told = [f"{name}={getattr(record, name)}" for name in FIELDS if hasattr(record, name)]
        words = [record.levelname.lower(), record.name, record.getMessage(), *told]
        if record.exc_info and record.exc_info[0] is not None:
            words += [f"{name}={value}" for name, value in error_words(record.exc_info[1]).items()]
        return " ".join(words)


def error_words(error: BaseException | None) -> dict[str, Any]:
    """Tell the kind of an error and where it came from; its words may quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__ if error else None)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "trace": places[-30:]}


class StandardError(logging.StreamHandler[Any]):
    """Whatever standard error is when the line is written."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        """The present standard error."""
        return sys.stderr

    @stream.setter
    def stream(self, _value: Any) -> None:
        raise AttributeError("it is always standard error")


_handler = StandardError()


def set_up(settings: Settings) -> None:
    """Send every record of this process there, in the form and from the level that are set."""
    _handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    root = logging.getLogger()
    if _handler not in root.handlers:
        root.addHandler(_handler)
    root.setLevel(settings.log_level.upper())
    logging.getLogger("board").setLevel(settings.log_level.upper())


def gathers(blueprint: str) -> None:
    """Let requests of a feature be told like any of a person's own pages, never by themselves."""
    _gathered.add(blueprint)


def rule_of_request() -> str:
    """Return the rule that the request met: `/<language>/p/<uuid>`, never what stood there.

    A person's own pages are one: how many keep a profile is nobody's to count.
    """
    if request.url_rule is None:
        return "none"
    rule: str = request.url_rule.rule
    own = request.blueprint in _gathered or rule.startswith(OWN_PAGES)
    return OWN_PAGES if own else rule


def request_id() -> str:
    """Name the request under way; made when somebody tells of it."""
    if "request_id" not in g:
        g.request_id = token_hex(8)
    name: str = g.request_id
    return name


def method_of_request() -> str:
    """Return the method, if it is one of the known."""
    return request.method if request.method in METHODS else "other"


def _begin() -> None:
    g.began = time.perf_counter()


def _tell(response: Response) -> Response:
    if requests.isEnabledFor(logging.INFO) and "began" in g:
        told = {
            "method": method_of_request(),
            "rule": rule_of_request(),
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - g.began) * 1000, 1),
        }
        requests.info("request", extra=told)
    return response


def _tell_kept(status: int) -> None:
    if requests.isEnabledFor(logging.INFO):
        requests.info("request", extra={"rule": "kept", "status": status})


def register(app: Flask) -> None:
    """Tell of each request, first to begin and last to end."""
    set_up(app.config["BOARD"])
    app.before_request(_begin)
    app.after_request(_tell)
    page_cache.counts(_tell_kept)
