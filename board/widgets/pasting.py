"""What a partner pastes: an address, a frame, or the element; once, then edited here for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from board.web.context import settings
from board.widgets import designs, script_views
from board.widgets.designs import Design
from board.widgets.models import Widget
from board.widgets.rules import Layout

HEIGHTS = {Layout.COUNTER: 80, Layout.SINGLE: 220, Layout.COMPACT: 420}
TALL = 640


@dataclass(frozen=True, slots=True)
class Paste:
    """One way to show a widget: for whom, and the code."""

    name: str
    help: str
    code: str
    rows: int


def ways(widget: Widget) -> list[Paste]:
    """Return the ways, the simplest first."""
    about = _about(widget)

    def code(name: str) -> str:
        template = current_app.jinja_env.get_template(f"widgets/paste/{name}.html")
        return template.render(about).strip()

    own = " " + _("Un cadre ne peut pas savoir la langue de votre page\u00a0: lang=fr, lang=en ou"
                  " lang=es dans son adresse la dit.") if about["follows"] else ""  # fmt: skip
    return [
        Paste(_("L’adresse"),
              _("Dans WordPress, Discourse et d’autres, collez l’adresse seule sur une ligne\u00a0:"
                " elle devient le module.") + own,
              str(about["address"]), 1),
        Paste(_("Un cadre"),
              _("Partout où l’on peut coller du HTML, même sans script\u00a0: Wix, Google Sites.")
              + own,
              code("frame"), 4),
        Paste(_("L’élément"),
              _("Le meilleur résultat\u00a0: il prend les lettres de votre page, grandit et"
                " rapetisse."),
              code("element"), 4),
        Paste(_("L’élément, avec un script qui ne change jamais"),
              _("Pour les sites qui vérifient ce qu’ils exécutent."),
              code("pinned"), 4),
    ]  # fmt: skip


def height(design: Design) -> int:
    """Return how high a frame is until somebody knows better; what is longer scrolls in it."""
    return HEIGHTS.get(design.layout, TALL)


def _about(widget: Widget) -> dict[str, Any]:
    """Return what the codes say."""
    design = designs.read(widget.published or widget.draft)
    newest = url_for("embed_scripts.evergreen")
    pinned = url_for("embed_scripts.pinned", edition=script_views.NEWEST)
    return {
        "address": settings().url(url_for("embed.page", widget_id=widget.uuid)),
        "uuid": widget.uuid,
        "title": design.title or settings().instance_name,
        "height": height(design),
        "newest": settings().url(newest),
        "pinned": settings().url(pinned),
        "integrity": script_views.integrity(),
        "follows": g.language if design.language == designs.AS_READER else "",
        "language": "" if design.language == designs.AS_READER else design.language,
    }
