"""The suggestions under the search field, for its script; anybody else gets the board."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, g, redirect, request
from flask.typing import ResponseReturnValue

from board import search
from board.accounts import budget
from board.search import addresses, suggest_page, views
from board.search.filters import without
from board.web import public, render, shared
from board.web.rendering import is_partial

bp = Blueprint("suggestions", __name__)
CANDIDATES = 20


@bp.get("/<language:language>/suggest")
@public
@shared
def suggest() -> ResponseReturnValue:
    """Answer posts, organisations and categories that go on from what is typed."""
    asked = addresses.read(request.args, also={"map"})
    if "map" in request.args:
        asked = asked.on("maps.page")
    if not asked.is_understood:
        return views.show(asked.on("search.board"))
    if not is_partial():
        return redirect(asked.url(), code=302)
    around, board = views.found(replace(asked, query=without(asked.query, "q")))
    if not around.is_understood:
        return views.show(asked.on("search.board"))
    with budget.spending():
        found = search.current_engine().suggest_grouped(
            asked.query.q, language=g.language, limit=CANDIDATES
        )
    groups = suggest_page.groups(found, asked, board, g.language)
    return render("search/suggestions.html", groups=groups, said=suggest_page.count_said(groups))
