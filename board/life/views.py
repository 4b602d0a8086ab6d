"""« À garder à jour »: what waits for an organiser, each thing one tap away."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from board.accounts.session import get_reader, signed_in
from board.errors import Conflict, Invalid
from board.life import services, shown
from board.life.blueprint import bp
from board.posts.access import post_editor_required
from board.posts.fields import as_day, as_uuid, member
from board.posts.models import Post
from board.posts.rules import Outcome
from board.web import commits, done, render
from board.web.forms import clean


@bp.get("/account/due")
@signed_in
def due() -> ResponseReturnValue:
    """Show what ends soon or ended, what waits for a word, and the drafts."""
    return _page()


@bp.post("/account/due")
@signed_in
@commits
def confirm_all() -> ResponseReturnValue:
    """Say of every post that is ticked that it is still true."""
    uuids = [found for text in request.form.getlist("post") if (found := as_uuid(text))]
    if not uuids:
        return _page(status=422, refused=_("Cochez au moins une annonce."))
    said = services.confirm_all(uuids=uuids, by=get_reader())
    message = ngettext(
        "Merci : une annonce confirmée.", "Merci : %(num)s annonces confirmées.", said
    )
    if not said:
        message = _("Rien n’a changé : ces annonces n’en sont plus là. Voici où elles en sont.")
    return done(message, to=url_for("life.due"), category="success" if said else "info")


@bp.post("/p/<uuid:post_id>/extend")
@post_editor_required
@commits
def extend(post: Post) -> ResponseReturnValue:
    """Give a post another last day."""
    typed = clean(request.form.get("expires_on"))[:40]
    try:
        services.extend(post=post, by=get_reader(), last_day=as_day(typed))
    except Invalid as error:
        return _page(status=422, refused=error.message, at=post.uuid, typed=typed)
    except Conflict:
        return _moved_on()
    return done(_("L’annonce dure plus longtemps."), to=url_for("life.due"))


@bp.post("/p/<uuid:post_id>/end")
@post_editor_required
@commits
def end(post: Post) -> ResponseReturnValue:
    """Say that a post is over, and how it ended."""
    outcome = member(Outcome, request.form.get("outcome"))
    if outcome is None:
        refused = _("Choisissez comment cela s’est terminé.")
        return _page(status=422, refused=refused, at=post.uuid, ending=True)
    try:
        services.end(post=post, by=get_reader(), outcome=outcome)
    except Conflict:
        return _moved_on()
    message = _("C’est noté, merci. L’annonce n’est plus dans les listes.")
    return done(message, to=url_for("life.due"))


def _page(status: int = 200, **more: Any) -> ResponseReturnValue:
    context = {"refused": None, "at": None, "typed": None, "ending": False} | more
    sections = shown.sections(get_reader().id)
    return render("life/due.html", status=status, sections=sections, **shown.choices(), **context)


def _moved_on() -> ResponseReturnValue:
    message = _("Rien n’a changé : l’annonce n’en est plus là. Voici où elle en est.")
    return done(message, to=url_for("life.due"), category="info")
