"""oEmbed 1.0: the address of a widget or of a post, pasted, becomes what it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from board.clock import now
from board.config import LANGUAGES
from board.posts import cards, rules
from board.posts import queries as posts
from board.posts.models import Post
from board.web import public
from board.web.context import settings
from board.web.cookieless import FOR_A_MINUTE, cookieless, to_everybody
from board.web.errors import problem
from board.widgets import designs, pasting, queries
from board.widgets.models import Widget

bp = Blueprint("oembed", __name__)
WIDE, LOW = 600, 240
_WIDGET = re.compile(r"/embed/([0-9a-f-]{36})")
_POST = re.compile(rf"(?:/(?:{'|'.join(LANGUAGES)}))?/p/([0-9a-f-]{{36}})")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What an address of this board becomes where it is pasted."""

    frame: str
    title: str
    author: str
    height: int


@bp.get("/oembed")
@public
@cookieless(FOR_A_MINUTE)
def answer() -> ResponseReturnValue:
    """Say how to show the widget, or the post, of an address; JSON only."""
    if request.args.get("format", "json") != "json":
        return to_everybody(problem(501, "json"))
    pasted = _pasted(request.args.get("url", ""))
    if pasted is None:
        return to_everybody(problem(404))
    return to_everybody(jsonify(_told(pasted)))


def _told(pasted: Pasted) -> dict[str, Any]:
    """Return the answer of type "rich"; WordPress hides the frame until it speaks."""
    width, height = _within("maxwidth", WIDE), _within("maxheight", pasted.height)
    template = current_app.jinja_env.get_template("widgets/oembed.html")
    html = template.render(address=pasted.frame, title=pasted.title, height=height)
    return {
        "version": "1.0",
        "type": "rich",
        "title": pasted.title,
        "provider_name": settings().instance_name,
        "provider_url": settings().base_url,
        "author_name": pasted.author,
        "cache_age": 60,
        "width": width,
        "height": height,
        "html": html.strip(),
    }


def _pasted(address: str) -> Pasted | None:
    """Read an address of this board; None when it names nothing that may be shown."""
    try:
        parts = urlsplit(address)
        if parts.netloc.lower() != settings().host.lower():
            return None
        if found := _WIDGET.fullmatch(parts.path):
            return _widget(queries.find_widget(UUID(found[1])))
        if found := _POST.fullmatch(parts.path):
            return _post(posts.find_post(UUID(found[1])))
    except ValueError:
        pass
    return None


def _widget(widget: Widget | None) -> Pasted | None:
    if widget is None or widget.published is None or widget.paused_at is not None:
        return None
    design = designs.read(widget.published)
    title = design.title or settings().instance_name
    frame = settings().url(url_for("embed.page", widget_id=widget.uuid))
    return Pasted(frame, title, widget.organisation.name, pasting.height(design))


def _post(post: Post | None) -> Pasted | None:
    if post is None or not rules.in_widgets(post, now()):
        return None
    frame = settings().url(url_for("embed.one_post", post_id=post.uuid))
    return Pasted(frame, cards.masked(post.title), post.organisation.name, LOW)


def _within(name: str, wished: int) -> int:
    given = request.args.get(name, "")
    most = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else wished
    return max(1, min(wished, most))
