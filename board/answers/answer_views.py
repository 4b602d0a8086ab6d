"""Answering a post: the form, and what a guest hears next."""

from __future__ import annotations

from uuid import UUID

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors
from board.accounts.session import current_person
from board.answers import offered, parts, reading, rules, sending, ways
from board.answers.blueprint import bp
from board.answers.forms import AnswerForm
from board.answers.instead import of_form
from board.answers.rules import State
from board.clock import now
from board.posts import cards
from board.posts import queries as posts
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.readers import current_reader
from board.web import commits, done, public, render


@bp.route("/p/<uuid:post_id>/answer", methods=["GET", "POST"])
@public
@commits
def answer(post_id: UUID) -> ResponseReturnValue:
    """Say « I can help », or « we need some »: as oneself, for an organisation, or as a guest."""
    post = _seen_post(post_id)
    form = reading.form_for(post, begun=offered.beginning(post, request.args, current_person()))
    if doors.attempt(form, lambda: sending.send(post, form, ways.asked(post))):
        return _sent(post, form)
    waits = form.offers_reserve or rules.may_wait(post, now())
    context = parts.context_of(post, form, reserve=waits)
    instead = of_form(post) if request.method == "GET" else None
    return doors.answer("answers/answer.html", form, post=post, part=context, instead=instead,
                        post_title=cards.masked(post.title))  # fmt: skip


@bp.get("/p/<uuid:post_id>/answered")
@public
def sent(post_id: UUID) -> ResponseReturnValue:
    """Tell a guest that the rest is in their mail; the same whatever happened."""
    return render("answers/sent.html", post_id=post_id)


def _sent(post: Post, form: AnswerForm) -> ResponseReturnValue:
    response = form.response
    if response is None or response.is_guest:
        return done(None, to=url_for("answers.sent", post_id=post.uuid))
    messages = {
        State.COMMITTED: _("C’est à vous : vous étiez là en premier. L’organisation le sait."),
        State.RESERVE: _("Vous êtes en réserve. Nous vous écrivons dès qu’une place se libère."),
    }
    message = messages.get(response.state) or _("Votre réponse est partie. Merci !")
    return done(message, to=url_for("answers.one", response_id=response.uuid))


def _seen_post(post_id: UUID) -> Post:
    post = posts.get_post(post_id)
    page = post_rules.page(post, current_reader(post.organisation_id))
    if page is not post_rules.Page.SHOWN:
        abort(int(page))
    return post
