"""The form of a post is sent: its words are kept, put up, or set beside those of somebody else."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import kept
from board.accounts.session import get_reader
from board.errors import Conflict, Invalid, NotAllowed
from board.posts import about, attachments, compared, conflicts, editing, queries, rules, services
from board.posts.forms import PostForm
from board.posts.models import Post
from board.posts.readers import current_reader, misses_their_own
from board.posts.values import PostValues, differences, snapshot, values_of
from board.taxonomy import queries as taxonomy
from board.web import done, render


def write(post: Post, form: PostForm, do: str) -> ResponseReturnValue:
    """Keep what was typed, and put it up when asked; nothing typed is lost on the way."""
    if problem := _problem_of_button(post, do):
        form.form_errors = [problem]
        return editing.page(post, form, status=422)
    values = editing.read(post, form)
    if values is None:
        return editing.page(post, form, status=422)
    values, is_decided = conflicts.settle(post, form, values)
    if not is_decided:
        return editing.page(post, form, status=422)
    if editing.has_unseen_notices(post, form, do):
        return editing.page(post, form)
    try:
        services.save(post=post, values=values, by=get_reader(), edit_version=form.version)
    except Conflict:
        return conflict_page(post, form, values)
    except Invalid as refused:
        form.refuse(refused)
        return editing.page(post, form, status=422)
    about.decide(post, form)
    kept.forget()
    if step := attachments.find_step(post, do):
        return _kept(post, to=step.url)
    return put_up(post) if do == "publish" else _kept(post)


def _problem_of_button(post: Post, do: str) -> str:
    """Say of a button that this form does not have that nothing came of it."""
    if do in {"save", "publish"} or attachments.find_step(post, do) is not None:
        return ""
    return _(
        "Ce bouton n’existe pas, ou n’existe plus : rien n’est enregistré. Votre texte est"
        " encore là ; choisissez un des boutons du bas."
    )


def put_up(post: Post) -> ResponseReturnValue:
    """Publish what is kept, or say what is still missing."""
    edit = url_for("posts.edit", post_id=post.uuid)
    try:
        services.publish(post=post, by=get_reader())
    except Invalid as refused:
        return done(refused.message, to=edit, category="error")
    except NotAllowed:
        return _kept(post)
    if post.published_at is None:
        message = _("Annonce envoyée. Elle attend avant d’être publiée : voyez pourquoi.")
        return done(message, to=editing.address(post), category="info")
    return done(_said_of(post), to=editing.address(post))


def _said_of(post: Post) -> str:
    if not misses_their_own(post, current_reader(post.organisation_id)):
        return _("Annonce publiée. Elle est sur le babillard.")
    return _(
        "Annonce publiée pour les organisations vérifiées. La vôtre ne la verra pas dans les"
        " listes avant d’être vérifiée."
    )


def _kept(post: Post, *, to: str | None = None) -> ResponseReturnValue:
    if rules.publication(post) is not rules.Publication.DRAFT:
        return done(_("Changements enregistrés."), to=to or editing.address(post))
    edit = url_for("posts.edit", post_id=post.uuid)
    return done(_("Brouillon gardé. Rien n’est publié encore."), to=to or edit)


def conflict_page(post: Post, form: PostForm, mine: PostValues) -> ResponseReturnValue:
    """Show both versions, and both in one form: only what both changed is still to choose."""
    said = differences(snapshot(mine), snapshot(values_of(post)))
    labels = taxonomy.catalogue(g.language).labels()
    revision = queries.latest_revision(post.id)
    both = editing.with_choices(conflicts.merged_form(post, form, mine))
    return render(
        "posts/conflict.html",
        status=409,
        compared=compared.in_words(said, labels),
        who=revision.by.name if revision and revision.by else "",
        is_known=1 <= form.version <= post.edit_version,
        **editing.context_of(post, both),
    )
