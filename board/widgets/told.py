"""What a widget's own element is told: the same as the frame shows, every word ready."""

from __future__ import annotations

import re
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from board.posts.cards import PostCard
from board.web.context import settings, with_query
from board.widgets import colours, dress
from board.widgets.designs import Design
from board.widgets.queries import Placed
from board.widgets.rules import Layout
from board.widgets.shown import EVERYTHING, View

_TAG = re.compile(r"</?\w+>")
LOOKS = {Layout.CARDS: "cards", Layout.SINGLE: "cards", Layout.COUNTER: "counter"}


def view(shown: View, widget: Placed) -> dict[str, Any]:
    """Return one page of a widget."""
    design = shown.design
    post = settings().url(url_for("embed.page", widget_id=widget.uuid) + "/p/")
    about = with_query("", dress.kept(design))
    whole = design.layout not in {Layout.COMPACT, Layout.COUNTER, Layout.SINGLE}
    number = design.layout is Layout.COUNTER
    back = EVERYTHING if shown.is_narrowed_to_nothing else shown.previous
    return {
        "language": g.language,
        "title": design.title,
        "intro": design.intro,
        "layout": design.layout.value,
        "look": LOOKS.get(design.layout, "rows"),
        "level": design.heading_level,
        "sites": design.sites,
        "count": shown.count,
        "style": colours.worn(design),
        "colours": {"fond": design.ground, "texte": design.ink, "lien": design.link},
        "items": [] if number else [_item(card, post, about, design) for card in shown.cards],
        "tabs": [
            {"label": f"{tab['label']} ({tab['count']})", "ask": tab["asked"].pairs(),
             "current": tab["current"]}
            for tab in shown.tabs if whole
        ],
        "search": _("Chercher") if design.has_search and whole else "",
        "previous": back.pairs() if back is not None and not number else None,
        "following": shown.following.pairs() if shown.following and not number else None,
        "words": words(shown),
        "board_url": shown.board_url,
        "publish_url": shown.publish_url,
    }  # fmt: skip


def words(shown: View) -> dict[str, str]:
    """Return what stands around the posts."""
    design = shown.design
    number = design.layout is Layout.COUNTER
    publishes = design.has_publish and design.layout not in {Layout.COMPACT, Layout.COUNTER}
    return {
        "previous": _("Tout montrer") if shown.is_narrowed_to_nothing else _("Page précédente"),
        "following": _("Page suivante"),
        "empty": "" if number else design.empty or _("Rien pour l’instant."),
        "all": shown.way_out,
        "publish": _("Publier") if publishes else "",
        "filters": _("Besoins ou offres"),
    }


def _plain(words: str) -> str:
    """Return words without what raises a letter (« 1er »)."""
    return Markup(_TAG.sub("", words)).unescape()  # noqa: S704 - told as text


def _item(card: PostCard, post: str, about: str, design: Design) -> dict[str, str]:
    """Tell a post; `top` and `line` are what its layout writes, as in `widgets/items.html`."""
    far = f" · {card.distance_label}" if card.distance_label else ""
    sheet = LOOKS.get(design.layout) == "cards"
    small = design.layout is Layout.COMPACT
    line = ("" if small else card.organisation_name, card.place_label + ("" if small else far),
            _plain(card.dates_label) if sheet else card.freshness_label)  # fmt: skip
    return {
        "id": card.uuid,
        "purpose": card.purpose,
        "label": card.state_label or card.purpose_label,
        "title": card.title_html.unescape(),
        "lang": card.language,
        "url": post + card.uuid + about,
        "answer": f"{post}{card.uuid}/answer{about}",
        "how_many": card.lines[0].words if card.lines and not card.state_label else "",
        "who": card.organisation_name,
        "where": card.place_label + far,
        "fresh": card.freshness_label,
        "top": card.freshness_label if sheet else "",
        "line": " · ".join(part for part in line if part),
    }
