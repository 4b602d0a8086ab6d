"""What a widget's own element is told: the same as the frame shows, every word ready."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from board.posts.cards import PostCard
from board.web.context import settings, with_query
from board.widgets import dress
from board.widgets.queries import Placed
from board.widgets.shown import View


def view(shown: View, widget: Placed) -> dict[str, Any]:
    """Return one page of a widget."""
    design = shown.design
    post = settings().url(url_for("embed.page", widget_id=widget.uuid) + "/p/")
    about = with_query("", dress.kept(design))
    return {
        "language": g.language,
        "title": design.title,
        "intro": design.intro,
        "layout": design.layout.value,
        "level": design.heading_level,
        "sites": design.sites,
        "count": shown.count,
        "colours": {"fond": design.ground, "texte": design.ink, "lien": design.link},
        "items": [_item(card, post, about) for card in shown.cards],
        "tabs": [
            {"label": f"{tab['label']} ({tab['count']})", "ask": tab["asked"].pairs(),
             "current": tab["current"]}
            for tab in shown.tabs
        ],
        "search": _("Chercher") if design.has_search else "",
        "previous": shown.previous.pairs() if shown.previous else None,
        "following": shown.following.pairs() if shown.following else None,
        "words": words(shown),
        "board_url": shown.board_url,
        "publish_url": shown.publish_url,
    }  # fmt: skip


def words(shown: View) -> dict[str, str]:
    """Return what stands around the posts."""
    design = shown.design
    return {
        "previous": _("Page précédente"),
        "following": _("Page suivante"),
        "empty": design.empty or _("Rien pour l’instant."),
        "all": _("Voir sur %(board)s", board=settings().instance_name),
        "publish": _("Publier") if design.has_publish else "",
        "filters": _("Besoins ou offres"),
    }


def _item(card: PostCard, post: str, about: str) -> dict[str, str]:
    far = f" · {card.distance_label}" if card.distance_label else ""
    return {
        "id": card.uuid,
        "purpose": card.purpose,
        "label": card.state_label or card.purpose_label,
        "title": card.title_html.unescape(),
        "lang": card.language,
        "url": post + card.uuid,
        "answer": f"{post}{card.uuid}/answer{about}",
        "how_many": card.lines[0].words if card.lines else "",
        "who": card.organisation_name,
        "where": card.place_label + far,
        "fresh": card.freshness_label,
    }
