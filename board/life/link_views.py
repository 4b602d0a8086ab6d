"""The page of a reminder's link: still true, or over; no account is asked for."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import links as held_links
from board.clock import now
from board.errors import Conflict, Gone
from board.life import links, services
from board.life.blueprint import bp
from board.posts import cards, queries, rules, words
from board.posts import services as posts
from board.posts.forms import MetForm
from board.posts.models import Post
from board.posts.rules import VISITOR, Outcome, Page
from board.web import commits, done, render, token_link
from board.web.forms import submitted


@bp.route("/p/<uuid:post_id>/still", methods=["GET", "POST"])
@token_link
@commits
def still(post_id: UUID) -> ResponseReturnValue:
    """Ask of one post whether it is still true; two buttons, and each works once."""
    if (raw := request.args.get("token")) is not None:
        held_links.hold(links.name_of(post_id), raw)
        return held_links.private(redirect(url_for("life.still", post_id=post_id), code=303))
    post = queries.find_post(post_id)
    try:
        if post is None:
            raise Gone
        links.bearer_of(post)
        return _answer(post) if submitted() else _page(post, MetForm())
    except Gone:
        return held_links.private(render("life/dead_link.html", status=410))


def _answer(post: Post) -> ResponseReturnValue:
    form = MetForm(request.form)
    ends = request.form.get("do") == "end"
    if ends and not form.validate():
        return _page(post, form, status=422)
    person = links.use(post)
    try:
        if ends:
            services.end(post=post, by=person, outcome=Outcome(form.outcome.data))
            message = _("C’est noté, merci. L’annonce n’est plus dans les listes.")
        else:
            posts.confirm(post=post, by=person, via="link")
            message = _("Merci. L’annonce est confirmée, elle remonte en haut.")
    except Conflict:
        message = _("Rien n’a changé : l’annonce n’en est plus là. Voici où elle en est.")
    held_links.let_go(links.name_of(post.uuid))
    shown = rules.page(post, VISITOR) is Page.SHOWN
    to = url_for("post.page", post_id=post.uuid) if shown else url_for("search.board")
    return held_links.private(done(message, to=to))


def _page(post: Post, form: MetForm, status: int = 200) -> Response:
    at = now()
    since = post.confirmed_at or post.published_at
    page = render(
        "life/still.html",
        status=status,
        form=form,
        post=post,
        title=cards.masked(post.title),
        purpose=post.purpose.value,
        purpose_label=str(words.PURPOSES[post.purpose]),
        freshness=rules.freshness(post, at).value,
        freshness_label=words.freshness_words(rules.freshness(post, at), since, at),
        lines=[cards.card_line(post.purpose, line, post) for line in post.lines],
        may_confirm=rules.may_confirm(post, at),
        may_end=rules.may_mark_met(post),
    )
    return held_links.private(page)
