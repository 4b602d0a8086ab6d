"""The page that stands in another site's page: plain links, no cookie, never blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData
from markupsafe import Markup

from board.web import public
from board.web.context import settings, with_query
from board.web.cookieless import ASKED_EACH_TIME, FOR_A_MINUTE, cookieless, to_everybody
from board.web.frames import Frames
from board.widgets import colours, counting, dress, kept, previews, queries, shown, told
from board.widgets.designs import Design
from board.widgets.frames import framed
from board.widgets.kept import Link
from board.widgets.queries import Placed
from board.widgets.rules import Layout
from board.widgets.shown import Asked, View

bp = Blueprint("embed", __name__, url_prefix="/embed")
MOST_FRAMED = 256 * 1024
_frames = Frames(MOST_FRAMED)


@bp.get("/<uuid:widget_id>")
@public
@cookieless(ASKED_EACH_TIME)
def page(widget_id: UUID) -> ResponseReturnValue:
    """Show a widget; one that is closed, or never was, says so in the same dress."""
    widget = queries.find_placed(widget_id)
    design = dress.published(widget)
    if widget is None or design is None:
        return refused(404)
    shown.page_language(design, request.args.get("lang", ""))
    style = dress.style(widget)
    if widget.is_closed:
        return dress.closed(_("Ce module est fermé pour l’instant."), 200, design, style=style)
    view = shown.view(design, shown.read(request.args), widget=widget)
    response = _page(view, _address(widget), style, oembed=True)
    response.vary.update(counting.SAY_THE_SITE)
    return response


@bp.get("/p/<uuid:post_id>")
@public
@cookieless(ASKED_EACH_TIME)
def one_post(post_id: UUID) -> ResponseReturnValue:
    """Show one post alone: what the address of a post becomes where it is pasted."""
    design = Design(layout=Layout.SINGLE, post=str(post_id), has_publish=False)
    shown.page_language(design, request.args.get("lang", ""))
    view = shown.view(design, Asked())
    if not view.cards:
        return dress.closed(_("Cette annonce n’est pas, ou plus, à montrer."), 404)
    return _page(view, url_for("embed.one_post", post_id=post_id), "")


@bp.get("/<uuid:widget_id>.json")
@public
@cookieless(FOR_A_MINUTE)
def data(widget_id: UUID) -> ResponseReturnValue:
    """Tell the same to a page that shows it by itself (`<babillard-widget>`)."""
    found = dress.opened(widget_id)
    if found is None:
        return to_everybody(Response('{"error":"closed"}', 404, mimetype="application/json"))
    widget, design = found
    shown.page_language(design, request.args.get("lang", ""))
    view = shown.view(design, shown.read(request.args), widget=widget)
    body = msgspec.json.encode(told.view(view, widget))
    return to_everybody(Response(body, mimetype="application/json"))


@bp.get("/<uuid:widget_id>.css")
@public
@cookieless(FOR_A_MINUTE)
def style(widget_id: UUID) -> ResponseReturnValue:
    """Give a widget's own colours."""
    design = dress.published(queries.find_placed(widget_id)) or Design()
    return to_everybody(Response(colours.sheet(design), mimetype="text/css"))


@bp.get("/<uuid:widget_id>/p/<uuid:post_id>")
@public
@cookieless(ASKED_EACH_TIME)
def open_post(widget_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Lead from a widget to a post on the board; the way is counted, not who goes it."""
    design = dress.published(queries.find_placed(widget_id)) or Design()
    shown.page_language(design, request.args.get("lang", ""))
    via = {"via": str(widget_id)}
    if (site := counting.of(current_app).site_of(request.environ)) != counting.ELSEWHERE:
        via["site"] = site
    response = redirect(with_query(url_for("post.page", post_id=post_id), via), code=302)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(counting.SAY_THE_SITE)
    return framed(response)  # type: ignore[arg-type]


@bp.get("/preview")
@public
@cookieless(ASKED_EACH_TIME)
def preview() -> ResponseReturnValue:
    """Show what a builder works on: the address holds it all, signed by the board."""
    try:
        design, widget = previews.read(request.args.get("d", ""))
    except BadData:
        return dress.closed(_("Cet aperçu a vieilli. Demandez-en un nouveau."), 404)
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


def _address(widget: Placed) -> str:
    return url_for("embed.page", widget_id=widget.uuid)


def _page(view: View, address: str, style: str, *, oembed: bool = False) -> Response:
    """Put the posts into what stands around them; that of a published widget is kept."""
    about = dress.kept(view.design)
    link = Link(f"/{g.language}/p/")
    if oembed:
        link = Link(f"{address}/p/", with_query("/answer", {**about, **view.asked.pairs()}), True)
    items = kept.drawn(view.cards, view.design.layout.value, link)

    def make(items: Sequence[Markup]) -> Response:
        text = dress.template("widgets/embed.html").render(
            dress.of(view.design), **_around(view, address, about), items=items, style=style,
            oembed_url=_oembed_url(address, {**about, **view.asked.pairs()}),
        )  # fmt: skip
        return framed(Response(text), view.design.sites)

    if not oembed or not items or view.points:
        return make(items)
    where = (settings(), g.language, request.url_root, request.full_path, style)
    return _frames.page((where, view.says), items, make)


def _around(view: View, address: str, about: dict[str, str]) -> dict[str, Any]:
    """Return what a widget prints around its posts."""
    joint, signed = "&" if "?" in address else "?", request.args.get("d")

    def url(asked: Asked) -> str:
        more = with_query("", {**about, **asked.pairs()})[1:]
        return f"{address}{joint}{more}" if more else address

    return {
        "view": view,
        "url": url,
        "search_url": address.partition("?")[0],
        "search_pairs": {**about, **({} if signed is None else {"d": signed})},
        "full_address": settings().url(address),
        "map_url": shown.map_url(view.design) if view.points else "",
    }


def _oembed_url(address: str, asked: dict[str, str]) -> str:
    """Return where this page, as it is asked, says what it becomes; a preview becomes nothing."""
    if request.endpoint == "embed.preview":
        return ""
    asked = {name: value for name, value in asked.items() if name != "site"}
    here = settings().url(with_query(address, asked))
    return settings().url(url_for("oembed.answer", url=here))


def refused(status: int) -> Response:
    """Say an error in the widget's dress: a frame that refuses to be shown tells nobody why."""
    if status in {404, 410}:
        return dress.closed(dress.nothing(), status)
    if status in {400, 413}:
        return dress.closed(_("Ce qui a été envoyé ne peut pas être lu."), status)
    return dress.closed(_("Le babillard ne répond pas pour l’instant. Réessayez bientôt."), status)
