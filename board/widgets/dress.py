"""The dress of what stands in another site's page: its language, its light, its closed door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request, url_for
from flask_babel import gettext as _

from board.web.context import asset, settings
from board.widgets import counting, designs, queries, shown
from board.widgets.designs import Design
from board.widgets.frames import framed
from board.widgets.queries import Placed
from board.widgets.rules import Layout, Theme


def published(widget: Placed | None) -> Design | None:
    """Return what a widget shows, if it shows anything yet; an organisation's go with it."""
    if widget is None or widget.published is None or widget.gone_at is not None:
        return None
    return designs.read(widget.published)


def opened(uuid: UUID) -> tuple[Placed, Design] | None:
    """Return a widget that shows something now, and what; None of one that is closed."""
    widget = queries.find_placed(uuid)
    design = published(widget)
    return None if widget is None or design is None or widget.is_closed else (widget, design)


def of(design: Design) -> dict[str, Any]:
    """Return what every page in the dress prints."""
    asked = request.args.get("theme", "")
    theme = asked if asked in set(Theme) else design.theme.value
    return {
        "design": design,
        "language": g.language,
        "follows": design.language == designs.AS_READER and not request.args.get("lang"),
        "theme": theme,
        "instance_name": settings().instance_name,
        "sheet": asset("css/embed.css"),
        "script": asset("js/embed-frame.js"),
        "is_map": design.layout is Layout.MAP,
    }


def kept(design: Design) -> dict[str, str]:
    """Return what every link inside the widget carries on: language, light, the site around."""
    args = request.args
    about = {"lang": args.get("lang", "") if design.language == designs.AS_READER else "",
             "theme": args.get("theme", ""), "site": site()}  # fmt: skip
    return {name: value for name, value in about.items() if value}


def site() -> str:
    """Return the site around a frame, as its script said; nothing without one."""
    return counting.site_named(request.args.get("site", ""))


def style(widget: Placed) -> str:
    """Return the address of a widget's own colours."""
    return url_for("embed.style", widget_id=widget.uuid, r=widget.revision)


def template(name: str) -> Any:
    """Return a template, to be told only what it prints: no reader, no session."""
    return current_app.jinja_env.get_template(name)


def closed(words: str, status: int, design: Design | None = None, **more: Any) -> Response:
    """Say why there is nothing, with a way to the board; in the widget's colours if it is known."""
    shown.page_language(design or Design(), request.args.get("lang", ""))
    board = settings().url(url_for("search.board"))
    about = {"board_url": board, "list_url": "", "style": ""} | more
    text = template("widgets/closed.html").render(of(design or Design()), words=words, **about)
    return framed(Response(text, status), design.sites if design else ())


def nothing() -> str:
    """Say that a widget is not there."""
    return _("Ce module n’existe pas, ou n’est pas encore publié.")
