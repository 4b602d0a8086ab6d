"""Two questions that a supervisor asks: is the process alive, is the board ready?"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from board.extensions import db
from board.web.access import public
from board.web.operators import is_operator

Check = Callable[[], bool]
_checks: dict[str, Check] = {}
_figures: dict[str, Callable[[], object]] = {}


def is_ready_when(name: str, check: Check) -> None:
    """Let a feature say what it needs before the board is ready."""
    _checks[name] = check


def tells(name: str, figure: Callable[[], object]) -> None:
    """Let a feature tell its operator a figure beside the checks."""
    _figures[name] = figure


def _database_answers() -> bool:
    return bool(db.session.scalar(text("SELECT 1 FROM alembic_version")) == 1)


_own: dict[str, Check] = {"database": _database_answers}


def _passes(check: Check) -> bool:
    try:
        return check()
    except Exception:
        db.session.rollback()
        return False


@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@public
def readyz() -> ResponseReturnValue:
    """Everything that the board needs answers: 200, else 503; only its operator is told what."""
    found = {name: _passes(check) for name, check in {**_own, **_checks}.items()}
    ready = all(found.values())
    told: dict[str, object] = {"checks": found} if is_operator() else {}
    if told and found["database"]:
        told |= {name: figure() for name, figure in _figures.items()}
    response = jsonify(ready=ready, **told)
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Both answer at the root, without language or cookie."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
