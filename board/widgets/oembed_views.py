"""oEmbed 1.0: an address of this board, pasted, becomes what it names."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.web import public
from board.web.context import settings
from board.web.cookieless import FOR_A_MINUTE, cookieless, to_everybody
from board.web.errors import problem
from board.widgets import pasted
from board.widgets.pasted import Pasted

bp = Blueprint("oembed", __name__)
WIDE = 600


@bp.get("/oembed")
@public
@cookieless(FOR_A_MINUTE)
def answer() -> ResponseReturnValue:
    """Say how to show what an address names; JSON only."""
    if request.args.get("format", "json") != "json":
        return to_everybody(problem(501, "json"))
    found = pasted.of(request.args.get("url", ""))
    if found is None:
        return to_everybody(problem(404, _(
            "Cette adresse n’est pas celle d’un module, d’une annonce, d’une organisation ou d’une"
            " recherche que ce babillard peut montrer ailleurs."
        )))  # fmt: skip
    return to_everybody(jsonify(_told(found)))


def _told(found: Pasted) -> dict[str, Any]:
    """Return the answer: a frame ("rich"), else a link with its title."""
    told = {
        "version": "1.0",
        "type": "rich" if found.frame else "link",
        "title": found.title,
        "provider_name": settings().instance_name,
        "provider_url": settings().base_url,
        "cache_age": 60,
    }
    if found.author:
        told["author_name"] = found.author
    return {**told, **_framed(found)} if found.frame else told


def _framed(found: Pasted) -> dict[str, Any]:
    """Return the frame; WordPress hides it until it speaks."""
    width, height = _within("maxwidth", WIDE), _within("maxheight", found.height)
    template = current_app.jinja_env.get_template("widgets/oembed.html")
    html = template.render(address=found.frame, title=found.title, height=height)
    return {"width": width, "height": height, "html": html.strip()}


def _within(name: str, wished: int) -> int:
    given = request.args.get(name, "")
    most = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else wished
    return max(1, min(wished, most))
