"""A guest's pages: their link confirms, then follows, amends and withdraws; no account is asked."""

from __future__ import annotations

from uuid import UUID

from flask import Response as Answer
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import links
from board.accounts.rules import TokenPurpose
from board.answers import letters, services, shown, views, ways
from board.answers.access import Party, bearer, name_of
from board.answers.blueprint import bp
from board.answers.rules import Actor
from board.errors import Conflict, Gone, Invalid
from board.web import commits, done, render, token_link
from board.web.forms import submitted

CONFIRM, FOLLOW = TokenPurpose.CONFIRM_ANSWER, TokenPurpose.FOLLOW_ANSWER


@bp.route("/answers/<uuid:response_id>/confirm", methods=["GET", "POST"])
@token_link
@commits
def confirm(response_id: UUID) -> ResponseReturnValue:
    """Show a guest what they wrote; one button says that the address is theirs and sends it."""
    if (clean := _clean_address("answers.confirm", CONFIRM, response_id)) is not None:
        return clean
    try:
        response, token = bearer(response_id, CONFIRM)
        if not submitted():
            said = shown.rows([response], side=Actor.ANSWERER)[0]
            return links.private(render("answers/confirm.html", answer=said, action=request.path))
        sent = services.confirm(response=response, token=token)
    except (Gone, Conflict, Invalid):
        return _dead()
    ways.arrived(response)
    links.let_go(name_of(CONFIRM, response_id))
    links.hold(name_of(FOLLOW, response_id), letters.new_link(response, FOLLOW))
    message = _("Votre réponse est partie. Merci !")
    if not sent:
        message = _("Vous êtes en réserve. Nous vous écrivons dès qu’une place se libère.")
    return links.private(done(message, to=url_for("answers.guest", response_id=response_id)))


@bp.route("/answers/<uuid:response_id>/guest", methods=["GET", "POST"])
@token_link
@commits
def guest(response_id: UUID) -> ResponseReturnValue:
    """Let a guest follow their answer, change it, say something or take it back."""
    if (clean := _clean_address("answers.guest", FOLLOW, response_id)) is not None:
        return clean
    try:
        response, _token = bearer(response_id, FOLLOW)
    except Gone:
        return _dead()
    party = Party(response, Actor.ANSWERER, None)
    if not submitted():
        return links.private(views.page(party))
    return links.private(views.perform(party, request.form.get("do", ""), back=request.path))


def _clean_address(
    endpoint: str, purpose: TokenPurpose, response_id: UUID
) -> ResponseReturnValue | None:
    """Move the secret from the address to the session."""
    raw = request.args.get("token")
    if raw is None:
        return None
    links.hold(name_of(purpose, response_id), raw)
    return links.private(redirect(url_for(endpoint, response_id=response_id), code=303))


def _dead() -> Answer:
    return links.private(render("answers/dead_link.html", status=410))
