"""The map: the board's own list, counted at coarse points, beside it and never instead."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from board import search
from board.accounts import budget
from board.errors import Invalid
from board.posts.cards import cards_for
from board.posts.readers import current_reader
from board.search import addresses, map_page, views
from board.search.engine import Points
from board.web import public, render, shared
from board.web.context import has_session
from board.web.security import policy_with_images

bp = Blueprint("maps", __name__)
MOST_AT_A_POINT = 50
IN_A_POPUP = 6


@bp.get("/<language:language>/map")
@public
@shared
def page() -> ResponseReturnValue:
    """Show the map above the same list, by the same filters."""
    asked = addresses.read(request.args, also={"places"}).on("maps.page")
    response = views.show(asked, map_page.panel)
    tiles = map_page.tiles()
    if tiles is not None:
        response.headers["Content-Security-Policy"] = policy_with_images(tiles.origins)
    return response


@bp.get("/<language:language>/map/points")
@public
@shared
def points() -> ResponseReturnValue:
    """Answer how many needs and offers are at each coarse point, for the map's script."""
    response = jsonify(map_page.as_json(counted(addresses.read(request.args))))
    return kept_as_html_is(response)


@bp.get("/<language:language>/map/point")
@public
@shared
def point() -> ResponseReturnValue:
    """Show what is at one coarse point, by the same filters."""
    at = map_page.where(request.args)
    asked = addresses.read(request.args, also={"at"}).on("maps.point")
    asked, _results = views.found(asked)
    found = search.current_engine().posts_at(
        asked.query, at, reader=current_reader(), limit=MOST_AT_A_POINT
    )
    here = map_page.found_at(asked, at)
    return render(
        "search/map_point.html",
        status=200 if asked.is_understood else 400,
        here=here,
        title=map_page.title_of(here),
        cards=cards_for([post_id for post_id, _label in found], near=asked.query.near),
        in_a_popup=IN_A_POPUP,
        url=map_page.point_url(asked, at),
        **map_page.around_point(asked, at),
    )


def counted(asked: addresses.Asked) -> Points:
    """Count by point; a category or an organisation that does not exist is left out."""
    engine, reader = search.current_engine(), current_reader()
    while True:
        try:
            with budget.spending():
                return engine.points(asked.query, reader=reader)
        except Invalid as error:
            asked = asked.without_wrong(error)


def kept_as_html_is(response: Response) -> Response:
    """A visitor's answer may be asked again by its mark; a member's is kept by nobody."""
    response.vary.add("Cookie")
    if has_session():
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
