"""A circle is taken away by one of its organisations, or brought back by the same."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.matching import circles
from board.matching.views import bp
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.web import commits, done


@bp.post("/organisations/<slug>/circles/<uuid:circle_id>/dismiss")
@editor_required
@commits
def dismiss_circle(organisation: Organisation, circle_id: UUID) -> ResponseReturnValue:
    """Take a circle away from all."""
    circle = circles.get_circle(organisation, circle_id)
    circles.dismiss(organisation=organisation, circle=circle)
    return done(None, to=url_for("matching.index", slug=organisation.slug, circle=circle_id))


@bp.post("/organisations/<slug>/circles/<uuid:circle_id>/undo")
@editor_required
@commits
def undo_circle(organisation: Organisation, circle_id: UUID) -> ResponseReturnValue:
    """Propose a circle again."""
    circle = circles.get_circle(organisation, circle_id)
    circles.undo(organisation=organisation, circle=circle)
    return done(_("Ce cercle est de nouveau proposé."),
                to=url_for("matching.index", slug=organisation.slug))  # fmt: skip
