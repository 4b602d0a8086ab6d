"""Working on a post: the form, its history, and each step of its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.kept import keeps_typed
from board.accounts.session import get_reader
from board.errors import Conflict
from board.posts import editing, endings, history, lines_page, queries, rules, saving, services
from board.posts.access import post_editor_required
from board.posts.blueprint import bp
from board.posts.forms import MetForm
from board.posts.models import Post
from board.posts.readers import current_reader
from board.posts.rules import Outcome
from board.web import commits, done, public, render, shared


@bp.route("/p/<uuid:post_id>/edit", methods=["GET", "POST"])
@post_editor_required
@commits
@keeps_typed
def edit(post: Post) -> ResponseReturnValue:
    """Check and change a post; add and remove lines; look at it before anybody does."""
    if not rules.may_edit(post):
        return editing.refuse(post)
    if request.method == "GET":
        return editing.first_page(post)
    form, do = editing.typed_form(post), request.form.get("do", "save")
    if changed := lines_page.change(post, form, do):
        return changed
    if do == "preview":
        right = editing.read(post, form) is not None
        return editing.page(post, form, status=200 if right else 422, preview=True)
    return saving.write(post, form, do)


@bp.post("/p/<uuid:post_id>/preview")
@post_editor_required
def preview(post: Post) -> ResponseReturnValue:
    """Show the sheet that the words being typed make, and what must be said of them."""
    return render("posts/preview.html", **editing.preview_of(post, editing.typed_form(post)))


@bp.get("/p/<uuid:post_id>/history", endpoint="history")
@public
@shared
def history_page(post_id: UUID) -> ResponseReturnValue:
    """Show each step of a post's life; who and which words, only to its editors."""
    post = queries.get_post(post_id)
    reader = current_reader(post.organisation_id)
    answer = rules.page(post, reader)
    if answer is not rules.Page.SHOWN:
        abort(int(answer))
    response = render("posts/history.html", **history.words_of(post, reader))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.post("/p/<uuid:post_id>/publish")
@post_editor_required
@commits
def publish(post: Post) -> ResponseReturnValue:
    """Put a draft up, or up again what was withdrawn."""
    return saving.put_up(post)


@bp.post("/p/<uuid:post_id>/pause")
@post_editor_required
@commits
def pause(post: Post) -> ResponseReturnValue:
    """Let a post rest."""
    return _step(post, services.pause, _("En pause : l’annonce n’est plus dans les listes."))


@bp.post("/p/<uuid:post_id>/resume")
@post_editor_required
@commits
def resume(post: Post) -> ResponseReturnValue:
    """Bring a resting post back."""
    return _step(post, services.resume, _("L’annonce est de nouveau dans les listes."))


@bp.post("/p/<uuid:post_id>/withdraw")
@post_editor_required
@commits
def withdraw(post: Post) -> ResponseReturnValue:
    """Take a post off the board."""
    message = _("Annonce retirée. Vous seuls la voyez, et pouvez la remettre en ligne.")
    if rules.publication(post) is rules.Publication.DRAFT:
        message = _("Brouillon jeté. Vous seuls le voyez encore, et pouvez le publier.")
    return _step(post, services.withdraw, message)


@bp.post("/p/<uuid:post_id>/confirm")
@post_editor_required
@commits
def confirm(post: Post) -> ResponseReturnValue:
    """Say that it is still true."""
    return _step(post, services.confirm, _("Merci. L’annonce est confirmée, elle remonte en haut."))


@bp.post("/p/<uuid:post_id>/reopen")
@post_editor_required
@commits
def reopen(post: Post) -> ResponseReturnValue:
    """Take the word « complet » back."""
    return _step(post, services.reopen, _("L’annonce est rouverte."))


@bp.route("/p/<uuid:post_id>/met", methods=["GET", "POST"])
@post_editor_required
@commits
def met(post: Post) -> ResponseReturnValue:
    """Say that it is over, and how it ended."""
    if request.method == "GET":
        return redirect(editing.address(post), code=303)
    form = MetForm(request.form)
    if not form.validate():
        return render("posts/met.html", status=422, form=form, post=post)
    outcome = Outcome(form.outcome.data)
    return _step(post, services.mark_met, str(endings.NOTED[outcome]), outcome=outcome)


@bp.post("/p/<uuid:post_id>/duplicate")
@post_editor_required
@commits
def duplicate(post: Post) -> ResponseReturnValue:
    """Begin a new draft with the same words."""
    copy = services.duplicate(post=post, by=get_reader())
    message = _("Voici une copie, en brouillon. Changez ce qui change, puis publiez.")
    return done(message, to=url_for("posts.edit", post_id=copy.uuid))


def _step(post: Post, verb: Callable[..., None], message: str, **more: Any) -> ResponseReturnValue:
    try:
        verb(post=post, by=get_reader(), **more)
    except Conflict:
        message = _("Rien n’a changé : l’annonce n’en est plus là. Voici où elle en est.")
        return done(message, to=editing.address(post), category="info")
    return done(message, to=editing.address(post))
