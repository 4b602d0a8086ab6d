"""The newsletter over HTTP: what to paste into a mail, and into a message on a network."""

from __future__ import annotations

from uuid import UUID

from flask import g
from flask.typing import ResponseReturnValue

from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.web import languages, render
from board.widgets import clearing, newsletter, queries, shown
from board.widgets.blueprint import bp
from board.widgets.shown import Asked


@bp.get("/<uuid:widget_id>/newsletter")
@editor_required
def show_newsletter(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Show what a widget finds today, ready to paste."""
    widget = queries.get_own(organisation.id, widget_id)
    design = clearing.design_of(widget)
    with languages.speaking(design.language_for() or g.language):
        view = shown.view(design, Asked(), widget=widget)
        mail, plain = newsletter.html(view, widget), newsletter.plain(view, widget)
    return render(
        "widgets/newsletter.html",
        widget=widget,
        organisation=organisation,
        on_paper=[card for card in view.cards if card.state_label is None],
        mail=mail,
        plain=plain,
    )
