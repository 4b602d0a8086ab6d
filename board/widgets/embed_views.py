"""The page that stands in another site's page: plain links, no cookie, never blank."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData

from board.web import public
from board.web.context import asset, fingerprint_of, settings, with_query
from board.web.cookieless import ASKED_EACH_TIME, FOR_A_MINUTE, cookieless, to_everybody
from board.widgets import colours, designs, previews, queries, shown, told
from board.widgets.designs import Design
from board.widgets.frames import framed
from board.widgets.queries import Placed
from board.widgets.rules import Layout, Theme
from board.widgets.shown import Asked, View

bp = Blueprint("embed", __name__, url_prefix="/embed")


@bp.get("/<uuid:widget_id>")
@public
@cookieless(ASKED_EACH_TIME)
def page(widget_id: UUID) -> ResponseReturnValue:
    """Show a widget; one that is closed, or never was, says so in the same dress."""
    widget = queries.find_placed(widget_id)
    design = _published(widget)
    if widget is None or design is None:
        return refused(404)
    shown.page_language(design, request.args.get("lang", ""))
    if widget.is_closed:
        return _closed(_("Ce module est fermé pour l’instant."), 200, design)
    view = shown.view(design, shown.read(request.args), widget=widget)
    style = url_for("embed.style", widget_id=widget.uuid, r=widget.revision)
    return _page(view, _address(widget), style, oembed=True)


@bp.get("/p/<uuid:post_id>")
@public
@cookieless(ASKED_EACH_TIME)
def one_post(post_id: UUID) -> ResponseReturnValue:
    """Show one post alone: what the address of a post becomes where it is pasted."""
    design = Design(layout=Layout.SINGLE, post=str(post_id), has_publish=False)
    shown.page_language(design, request.args.get("lang", ""))
    view = shown.view(design, Asked())
    if not view.cards:
        return _closed(_("Cette annonce n’est pas, ou plus, à montrer."), 404)
    return _page(view, url_for("embed.one_post", post_id=post_id), "")


@bp.get("/<uuid:widget_id>.json")
@public
@cookieless(FOR_A_MINUTE)
def data(widget_id: UUID) -> ResponseReturnValue:
    """Tell the same to a page that shows it by itself (`<babillard-widget>`)."""
    widget = queries.find_placed(widget_id)
    design = _published(widget)
    if widget is None or design is None or widget.is_closed:
        return to_everybody(Response('{"error":"closed"}', 404, mimetype="application/json"))
    shown.page_language(design, request.args.get("lang", ""))
    view = shown.view(design, shown.read(request.args), widget=widget)
    body = msgspec.json.encode(told.view(view, widget))
    return to_everybody(Response(body, mimetype="application/json"))


@bp.get("/<uuid:widget_id>.css")
@public
@cookieless(FOR_A_MINUTE)
def style(widget_id: UUID) -> ResponseReturnValue:
    """Give a widget's own colours."""
    design = _published(queries.find_placed(widget_id)) or Design()
    return to_everybody(Response(colours.sheet(design), mimetype="text/css"))


@bp.get("/<uuid:widget_id>/p/<uuid:post_id>")
@public
@cookieless(ASKED_EACH_TIME)
def open_post(widget_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Lead from a widget to a post on the board; the way is counted, not who goes it."""
    design = _published(queries.find_placed(widget_id)) or Design()
    shown.page_language(design, request.args.get("lang", ""))
    response = redirect(url_for("post.page", post_id=post_id, via=widget_id), code=302)
    response.headers["Cache-Control"] = "no-store"
    return framed(response)  # type: ignore[arg-type]


@bp.get("/preview")
@public
@cookieless(ASKED_EACH_TIME)
def preview() -> ResponseReturnValue:
    """Show what a builder works on: the address holds it all, signed by the board."""
    try:
        design, widget = previews.read(request.args.get("d", ""))
    except BadData:
        return _closed(_("Cet aperçu a vieilli. Demandez-en un nouveau."), 404)
    shown.page_language(design, request.args.get("lang", ""))
    view = shown.view(design, shown.read(request.args), widget=widget)
    signed = request.args["d"]
    address = with_query(url_for("embed.preview"), {"d": signed})
    style = url_for("embed.preview_style", d=signed)
    response = _page(view, address, style)
    return framed(response, (settings().base_url,))


@bp.get("/preview.css")
@public
@cookieless(FOR_A_MINUTE)
def preview_style() -> ResponseReturnValue:
    """Give the colours of what a builder works on."""
    try:
        design, _widget = previews.read(request.args.get("d", ""))
    except BadData:
        design = Design()
    return to_everybody(Response(colours.sheet(design), mimetype="text/css"))


def _published(widget: Placed | None) -> Design | None:
    if widget is None or widget.published is None:
        return None
    return designs.read(widget.published)


def _address(widget: Placed) -> str:
    return url_for("embed.page", widget_id=widget.uuid)


def _page(view: View, address: str, style: str, *, oembed: bool = False) -> Response:
    wished, theme = request.args.get("lang", ""), request.args.get("theme", "")
    about = {"lang": wished if view.design.language == designs.AS_READER else "", "theme": theme}
    kept = {name: value for name, value in about.items() if value}
    joint = "&" if "?" in address else "?"

    def url(asked: Asked) -> str:
        more = with_query("", {**kept, **asked.pairs()})[1:]
        return f"{address}{joint}{more}" if more else address

    text = _template("widgets/embed.html").render(
        _dress(view.design),
        view=view,
        url=url,
        search_url=address.partition("?")[0],
        search_pairs={**kept, **({"d": request.args["d"]} if "d" in request.args else {})},
        style=style,
        full_address=settings().url(address),
        oembed_url=settings().url(url_for("oembed.answer", url=settings().url(address)))
        if oembed
        else "",
        map_url=shown.map_url(view.design),
        post_url=address.partition("?")[0] + "/p/" if oembed else f"/{g.language}/p/",
    )
    return framed(Response(text), view.design.sites)


def refused(status: int) -> Response:
    """Say an error in the widget's dress: a frame that refuses to be shown tells nobody why."""
    if status in {404, 410}:
        return _closed(_("Ce module n’existe pas, ou n’est pas encore publié."), status)
    return _closed(_("Le babillard ne répond pas pour l’instant. Réessayez bientôt."), status)


def _closed(words: str, status: int, design: Design | None = None) -> Response:
    """Say in the widget's dress why there is nothing, with a way to the board."""
    shown.page_language(design or Design(), request.args.get("lang", ""))
    text = _template("widgets/closed.html").render(
        _dress(design or Design()), words=words, board_url=settings().url(url_for("search.board"))
    )
    return framed(Response(text, status), design.sites if design else ())


def _dress(design: Design) -> dict[str, Any]:
    asked = request.args.get("theme", "")
    theme = asked if asked in set(Theme) else design.theme.value
    return {
        "design": design,
        "language": g.language,
        "theme": theme,
        "instance_name": settings().instance_name,
        "sheet": url_for("static", filename="css/embed.css", v=fingerprint_of("css/embed.css")),
        "script": asset("js/embed-frame.js"),
        "is_map": design.layout is Layout.MAP,
    }


def _template(name: str) -> Any:
    return current_app.jinja_env.get_template(name)
