"""What people answer: an appeal against a decision; yes or no to being named."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from board.accounts import doors
from board.accounts.session import get_reader
from board.errors import Conflict, NotFound
from board.moderation import holds, queries, services, shown
from board.moderation.blueprint import bp
from board.moderation.forms import AppealForm
from board.moderation.marks import Subject
from board.moderation.models import Decision
from board.organisations.access import responsible_required
from board.organisations.models import Organisation
from board.posts import cards
from board.posts.access import post_editor_required
from board.posts.models import Post
from board.web import commits, done, render


@bp.route("/p/<uuid:post_id>/appeal", methods=["GET", "POST"])
@post_editor_required
@commits
def appeal_post(post: Post) -> ResponseReturnValue:
    """Ask, once, that somebody look at a decision about a post again."""
    return _appeal(post, url_for("post.page", post_id=post.uuid))


@bp.route("/organisations/<slug>/appeal", methods=["GET", "POST"])
@responsible_required
@commits
def appeal_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Ask, once, that somebody look at a decision about an organisation again."""
    return _appeal(organisation, url_for("organisations.page", slug=organisation.slug))


@bp.get("/organisations/<slug>/names")
@responsible_required
def names(organisation: Organisation) -> ResponseReturnValue:
    """Show the posts that wait for this organisation's word, and who may name it already."""
    questions = [
        {"uuid": one.uuid, "title": cards.masked(one.post.title), "language": one.post.language,
         "who": one.post.organisation.name, "slug": one.post.organisation.slug,
         "body": Markup(one.post.body_html),  # noqa: S704 - sanitised when written
         "refused": one.answer is not None,
         "lines": [cards.masked(line.title) for line in one.post.lines]}
        for one in queries.questions_to(organisation.id)
    ]  # fmt: skip
    consents = queries.consents_of(organisation.id)
    return render("moderation/names.html", organisation=organisation, questions=questions,
                  consents=consents)  # fmt: skip


@bp.post("/organisations/<slug>/names/<uuid:hold_id>")
@responsible_required
@commits
def answer(organisation: Organisation, hold_id: UUID) -> ResponseReturnValue:
    """Say yes or no to being named."""
    hold, yes = queries.get_question(organisation.id, hold_id), request.form.get("do") == "yes"
    back = url_for("moderation.names", slug=organisation.slug)
    if not yes and request.form.get("do") != "no":
        return done(_("Répondez oui ou non."), to=back, category="error")
    try:
        holds.answer(hold=hold, yes=yes, by=get_reader())
    except Conflict:
        message = _("Cette annonce n’attend plus votre réponse.")
        return done(message, to=back, category="info")
    said = _("C’est oui : elle peut vous nommer, maintenant et plus tard.")
    return done(said if yes else _("C’est non : l’annonce ne paraît pas avec votre nom."), to=back)


@bp.post("/organisations/<slug>/names/consents/<uuid:consent_id>/revoke")
@responsible_required
@commits
def revoke(organisation: Organisation, consent_id: UUID) -> ResponseReturnValue:
    """Take a yes back, for what is published from now on."""
    holds.revoke(consent=queries.get_consent(organisation.id, consent_id))
    message = _("C’est repris : ses prochaines annonces vous demanderont de nouveau.")
    return done(message, to=url_for("moderation.names", slug=organisation.slug))


def _appeal(subject: Subject, back: str) -> ResponseReturnValue:
    decision = next((d for d in queries.decisions_on(subject) if services.may_appeal(d)), None)
    if decision is None:
        if request.method == "GET":
            raise NotFound
        message = _("Cette décision ne peut plus être contestée. Voici où elle en est.")
        return done(message, to=back, category="info")
    form = AppealForm(request.form)
    if not doors.attempt(form, lambda: _ask(decision, form)):
        return doors.answer("moderation/appeal.html", form, decision=shown.read(decision),
                            back=back, action=request.path, **shown.named(subject))  # fmt: skip
    return done(_("Votre appel est parti. Une personne de la modération va relire."), to=back)


def _ask(decision: Decision, form: AppealForm) -> bool:
    services.appeal(decision=decision, text=form.text.data or "", by=get_reader())
    return True
