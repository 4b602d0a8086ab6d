"""The page of « Comment cela s’est-il passé ? »: one button, no account; it works once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response as Answer
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import links
from board.accounts.models import Person, Token
from board.answers import endings, queries, words
from board.answers.access import name_of, side_of
from board.answers.blueprint import bp
from board.answers.ending_letters import PURPOSE
from board.answers.forms import OutcomeForm
from board.answers.models import Response
from board.answers.rules import SAID, Actor
from board.errors import Conflict, Gone
from board.posts import cards, rules
from board.posts import queries as posts
from board.posts import words as post_words
from board.posts.access import edits
from board.posts.models import Post
from board.posts.rules import VISITOR, Outcome, Page
from board.web import commits, done, render, token_link
from board.web.forms import submitted


@bp.route("/answers/<uuid:response_id>/outcome", methods=["GET", "POST"])
@token_link
@commits
def outcome(response_id: UUID) -> ResponseReturnValue:
    """Ask one side of an answer how it ended."""
    if (clean := _clean(response_id)) is not None:
        return clean
    response = queries.find_response(response_id)
    try:
        token = _token(response_id)
        if response is None:
            raise Gone
        side, person = _party(response, token)
    except Gone:
        return _dead()
    labels = {code: words.OUTCOMES[code] for code in SAID}

    def say(code: Outcome) -> None:
        endings.say(response=response, side=side, by=person, code=code)

    agreed = words.agreed_of(response) or words.lines_of(response)
    return _answer(response, response.post, labels, say, agreed=agreed)


@bp.route("/p/<uuid:post_id>/outcome", methods=["GET", "POST"])
@token_link
@commits
def post_outcome(post_id: UUID) -> ResponseReturnValue:
    """Ask the editors of a post how it ended."""
    if (clean := _clean(post_id)) is not None:
        return clean
    post = posts.find_post(post_id)
    try:
        person = _token(post_id).person
        if post is None or person is None or not edits(person.id, post.organisation_id):
            raise Gone
    except Gone:
        return _dead()

    def say(code: Outcome) -> None:
        endings.say_of_post(post=post, by=person, code=code)

    return _answer(post, post, post_words.OUTCOMES, say, agreed=[])


def _answer(
    about: Response | Post, post: Post, labels: Any, say: Callable[[Outcome], None], *,
    agreed: list[str],
) -> ResponseReturnValue:  # fmt: skip
    first = {"outcome": next(iter(labels)).value}
    form = (OutcomeForm(request.form) if submitted() else OutcomeForm(data=first)).offer(labels)
    if not submitted() or not form.validate():
        said = endings.said_of(about)
        page = render(
            "answers/outcome.html", status=422 if submitted() else 200, form=form, agreed=agreed,
            said=str(labels[said]) if said in labels else None, action=request.path,
            title=cards.masked(post.title), language_of_post=post.language,
            organisation=post.organisation.name,
        )  # fmt: skip
        return links.private(page)
    try:
        say(form.chosen)
        message = _("C’est noté, merci. On ne vous le demandera plus.")
    except Conflict:
        message = _("C’était déjà dit, merci\u00a0: rien n’a changé.")
    links.let_go(name_of(PURPOSE, about.uuid))
    shown = rules.page(post, VISITOR) is Page.SHOWN
    to = url_for("post.page", post_id=post.uuid) if shown else url_for("search.board")
    return links.private(done(message, to=to))


def _token(about: UUID) -> Token:
    token = queries.find_link(links.held(name_of(PURPOSE, about)), PURPOSE)
    if token is None or token.object_uuid != about:
        raise Gone
    return token


def _party(response: Response, token: Token) -> tuple[Actor, Person | None]:
    """Return on which side the bearer of a link stands, as long as they do."""
    if token.person is None:
        if not response.is_guest or response.guest_email is None:
            raise Gone
        return Actor.ANSWERER, None
    side = side_of(response, token.person)
    if side is None:
        raise Gone
    return side, token.person


def _clean(about: UUID) -> ResponseReturnValue | None:
    """Move the secret from the address to the session."""
    raw = request.args.get("token")
    if raw is None:
        return None
    links.hold(name_of(PURPOSE, about), raw)
    return links.private(redirect(request.path, code=303))


def _dead() -> Answer:
    return links.private(render("answers/dead_link.html", status=410))
