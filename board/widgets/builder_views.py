"""The builder over HTTP: an organisation's widgets, one widget, its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors
from board.errors import Conflict, Invalid
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.web import commits, done, render
from board.web.context import settings
from board.web.forms import submitted
from board.web.security import CONTENT_SECURITY_POLICY
from board.widgets import building, clearing, designs, pasting, previews, queries, services
from board.widgets.blueprint import bp
from board.widgets.designs import Design
from board.widgets.forms import BuilderForm, NameForm
from board.widgets.models import Widget

WIDTHS = (320, 640, 1000)


@bp.route("/", methods=["GET", "POST"])
@editor_required
@commits
def index(organisation: Organisation) -> ResponseReturnValue:
    """Show an organisation's widgets; begin one more."""
    form = NameForm(request.form)

    def make() -> Widget:
        return services.create(organisation=organisation, name=form.name.data or "")

    made = doors.attempt(form, make)
    if made is None:
        widgets = queries.widgets_of(organisation.id)
        return doors.answer("widgets/index.html", form, organisation=organisation, widgets=widgets)
    return done(None, to=_address(made))


@bp.route("/<uuid:widget_id>", methods=["GET", "POST"])
@editor_required
@commits
def build(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Work on a widget, look at it, keep it, publish it."""
    widget = queries.get_own(organisation.id, widget_id)
    form, do = building.form_of(widget), request.form.get("do", "save")
    design = doors.attempt(form, lambda: building.design_of(form))
    if design is None or do == "preview":
        shown = design or designs.read(widget.draft)
        return _page(widget, form, shown, 200 if design or not submitted() else 422)
    try:
        services.save(widget=widget, design=design, seen_version=_seen(form))
    except Conflict:
        form.form_errors.append(
            _("Quelqu’un d’autre a enregistré ce module entretemps. Rouvrez-le pour voir le sien.")
        )
        return _page(widget, form, design, 409)
    if do == "publish":
        services.publish(widget=widget)
        return done(_("Publié : chaque site qui a ce module le montre ainsi."), to=_address(widget))
    return done(_("C’est enregistré. Rien ne change encore sur les sites."), to=_address(widget))


@bp.post("/<uuid:widget_id>/undo")
@editor_required
@commits
def undo(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Show again what was published before."""
    widget = queries.get_own(organisation.id, widget_id)
    message = _("La version d’avant est de retour.")
    if widget.draft != widget.published:
        message += " " + _("Votre brouillon est gardé.")
    return _step(organisation, widget_id, services.undo, message)


@bp.post("/<uuid:widget_id>/discard")
@editor_required
@commits
def discard(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Give up what was worked on since it was published."""
    return _step(organisation, widget_id, services.discard, _("Le brouillon est abandonné."))


@bp.post("/<uuid:widget_id>/pause")
@editor_required
@commits
def pause(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Close it for a while."""
    return _step(organisation, widget_id, services.pause, _("Le module est fermé."))


@bp.post("/<uuid:widget_id>/resume")
@editor_required
@commits
def resume(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Open it again."""
    return _step(organisation, widget_id, services.resume, _("Le module est rouvert."))


@bp.post("/<uuid:widget_id>/remove")
@editor_required
@commits
def remove(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Take it away for good."""
    widget = queries.get_own(organisation.id, widget_id)
    services.remove(widget=widget)
    message = _("Le module est supprimé.")
    return done(message, to=url_for("widgets.index", slug=organisation.slug))


def _step(
    organisation: Organisation, widget_id: UUID, verb: Callable[..., None], message: str
) -> ResponseReturnValue:
    widget = queries.get_own(organisation.id, widget_id)
    try:
        verb(widget=widget)
    except Conflict:
        return done(_("Il n’y a rien à défaire."), to=_address(widget), category="info")
    return done(message, to=_address(widget))


def _page(widget: Widget, form: BuilderForm, design: Design, status: int) -> Response:
    response = render(
        "widgets/build.html",
        status=status,
        form=form,
        widget=widget,
        organisation=widget.organisation,
        preview_url=url_for("embed.preview", d=previews.sign(design, widget)),
        widths=WIDTHS,
        pastes=pasting.ways(widget),
        is_changed=widget.published is not None and widget.published != widget.draft,
        design=design,
        asks_nod=design.asks_nod or clearing.design_of(widget).asks_nod,
    )
    response.headers["Content-Security-Policy"] = _policy()
    return response


def _policy() -> str:
    """Let the page show the widget in a frame: nothing else of the board ever is."""
    return f"{CONTENT_SECURITY_POLICY}; frame-src 'self' {settings().base_url}"


def _seen(form: BuilderForm) -> int:
    text = form.edit_version.data or ""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid("", _("Cette page a vieilli. Rouvrez-la."))
    return int(text)


def _address(widget: Widget) -> str:
    values: dict[str, Any] = {"slug": widget.organisation.slug, "widget_id": widget.uuid}
    return url_for("widgets.build", **values)
