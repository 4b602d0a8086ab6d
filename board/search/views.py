"""The board: what is needed and offered, found by words and filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from board import search
from board.accounts import budget
from board.errors import Invalid
from board.posts.fragments import cards_html
from board.posts.readers import current_reader
from board.search import addresses, board_page, frames, remarks
from board.search.engine import Results
from board.search.filters import FACETED, to_args
from board.search.highlight import mark
from board.web import alike, public, render, shared
from board.web.rendering import is_partial

bp = Blueprint("search", __name__)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Lead to the board in the reader's language."""
    response = redirect(url_for("search.board", language=g.language), code=302)
    response.vary.add("Accept-Language")
    return response


@bp.get("/<language:language>/")
@public
@shared
@alike
def board() -> ResponseReturnValue:
    """Show the posts that fit, newest published or confirmed first."""
    asked = addresses.read(request.args)
    if asked.is_understood and not is_partial() and "" in request.args.values():
        return redirect(asked.url(), code=302)  # one search, one address: a form sends all it has
    return show(asked)


def show(
    asked: addresses.Asked, panel: Callable[[addresses.Asked], dict[str, Any]] | None = None
) -> Response:
    """Answer the list, with what a panel above it shows of the same question."""
    asked, results = found(asked)
    shown = [(hit.post_id, hit.version) for hit in results.hits]
    cards = cards_html(shown, near=asked.query.near, mark=marker(results))

    def make(cards: Sequence[Markup]) -> Response:
        return render(
            "search/board.html",
            status=200 if asked.is_understood else 400,
            asked=asked,
            query=asked.query,
            results=results,
            cards=cards,
            **around(asked, results),
            **(panel(asked) if panel else {}),
        )

    return make(cards) if panel else frames.page(asked, results, cards, make)


def found(asked: addresses.Asked) -> tuple[addresses.Asked, Results]:
    """Search; a category or organisation that does not exist, or a page after the end, is said."""
    engine, reader = search.current_engine(), current_reader()
    while True:
        try:
            with budget.spending():
                results = engine.search(asked.query, reader=reader)
        except Invalid as error:
            asked = asked.without_wrong(error)
            continue
        try:
            board_page.check_page(asked.query, results.total)
        except Invalid as after_the_end:
            asked = asked.on_first_page(after_the_end)
        else:
            return asked, results


def marker(results: Results) -> Any:
    """Return what marks the matched words of each title, or None without words."""
    matched = {hit.post_id: hit.matched for hit in results.hits if hit.matched}
    if not matched:
        return None

    def of(post_id: int, title: str) -> Markup:
        return mark(title, matched.get(post_id, ()))

    return of


def around(asked: addresses.Asked, results: Results) -> dict[str, Any]:
    """Return what stands around the cards."""
    wider = []
    if not results.total:
        for radius, query in addresses.wider(asked):
            found = search.current_engine().search(query, reader=current_reader()).total
            wider.append((radius, query, found))
            if found:
                break
    return {
        "tabs": board_page.tabs(asked, results),
        "chips": (chips := board_page.chips(asked, results, g.language)),
        "filters_on": len(chips) - bool(asked.query.q),
        "groups": {name: board_page.options(name, asked, results, g.language) for name in FACETED},
        "is_empty": board_page.is_empty(asked, results),
        "paging": board_page.pages(asked, results.total),
        "title": board_page.count_words(results.total),
        "see_words": board_page.see_words(results.total),
        "loosenings": board_page.loosenings(asked, results, wider),
        "radii": board_page.radii(asked),
        "sorts": board_page.sorts(asked),
        "why": board_page.WHY[asked.query.order],
        "clear_url": url_for(asked.endpoint),
        "meant_url": board_page.meant_url(asked, results),
        "suggest_url": board_page.suggest_url(asked),
        "other_view": board_page.other_view(asked),
        "follow_url": board_page.follow_url(asked),
        "remarks": remarks.of_home() if board_page.is_home(asked) else [],
        "unseen_pairs": unseen_pairs(asked),
    }


def unseen_pairs(asked: addresses.Asked) -> list[tuple[str, str]]:
    """Return what the address asks and no field of the page shows: the form sends it on."""
    unseen = {"purpose", "per_page"} | (set() if asked.place else {"near"})
    return [pair for pair in to_args(asked.query) if pair[0] in unseen]


def register(app: Flask) -> None:
    """Hang the board, its map and its suggestions on the application."""
    from board.search import map_views, suggest_views

    app.register_blueprint(suggest_views.bp)
    app.register_blueprint(map_views.bp)
    app.register_blueprint(bp)
