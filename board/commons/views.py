"""The pages that say what this board is and what it does with what it is told."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from board.posts import rules
from board.web import public, render

bp = Blueprint("pages", __name__, url_prefix="/<language:language>")


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    """Say what the board is for, and by which rules."""
    return render("commons/about.html")


@bp.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """Say what people agree to."""
    return render("commons/terms.html")


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say who is responsible, what is kept and how long."""
    return render("commons/privacy.html", fresh_days=rules.FRESH_FOR.days)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say what was checked and where to tell what fails."""
    return render("commons/accessibility.html")


@bp.get("/open-data")
@public
def open_data() -> ResponseReturnValue:
    """Say how programs read the board, and under which licence."""
    return render("commons/open_data.html")
