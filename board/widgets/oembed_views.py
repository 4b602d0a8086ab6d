"""oEmbed 1.0: the address of a widget, pasted, becomes the widget."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from board.web import public
from board.web.context import settings
from board.web.cookieless import FOR_A_MINUTE, cookieless, to_everybody
from board.web.errors import problem
from board.widgets import designs, queries, shown
from board.widgets.designs import Design
from board.widgets.models import Widget

bp = Blueprint("oembed", __name__)
WIDE, HIGH = 600, 480
_WIDGET = re.compile(r"/embed/([0-9a-f-]{36})")


@bp.get("/oembed")
@public
@cookieless(FOR_A_MINUTE)
def answer() -> ResponseReturnValue:
    """Say how to show the widget of an address; JSON only."""
    if request.args.get("format", "json") != "json":
        return to_everybody(problem(501, "json"))
    widget = _widget(request.args.get("url", ""))
    if widget is None or widget.published is None or widget.paused_at is not None:
        return to_everybody(problem(404))
    design = designs.read(widget.published)
    shown.page_language(design, request.args.get("lang", ""))
    return to_everybody(jsonify(_told(widget, design)))


def _told(widget: Widget, design: Design) -> dict[str, Any]:
    """Return the answer of type "rich"."""
    width, height = _within("maxwidth", WIDE), _within("maxheight", HIGH)
    return {
        "version": "1.0",
        "type": "rich",
        "title": design.title,
        "provider_name": settings().instance_name,
        "provider_url": settings().base_url,
        "author_name": widget.organisation.name,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": html(widget, design, width, height),
    }


def html(widget: Widget, design: Design, width: int, height: int) -> str:
    """Return the frame as WordPress takes it: hidden behind its link until the frame speaks."""
    template = current_app.jinja_env.get_template("widgets/oembed.html")
    address = settings().url(url_for("embed.page", widget_id=widget.uuid))
    title = design.title or settings().instance_name
    return template.render(address=address, title=title, width=width, height=height).strip()


def _widget(address: str) -> Widget | None:
    """Find the widget that an address of this board names."""
    try:
        parts = urlsplit(address)
        found = _WIDGET.fullmatch(parts.path)
        if parts.netloc.lower() != settings().host.lower() or found is None:
            return None
        return queries.find_widget(UUID(found[1]))
    except ValueError:
        return None


def _within(name: str, wished: int) -> int:
    given = request.args.get(name, "")
    most = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else wished
    return max(1, min(wished, most))
