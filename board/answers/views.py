"""One answer, for both sides: where it stands, what is said, what each may do."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader, signed_in
from board.answers import (
    acts,
    blocking,
    conversing,
    ledger,
    queries,
    reading,
    shown,
    steps,
    unread,
)
from board.answers.access import Party, party_required
from board.answers.blueprint import bp
from board.answers.forms import BlockForm, DeclineForm, ReasonForm, SayForm
from board.answers.rules import DECLINE_REASONS, WITHDRAW_REASONS, Actor
from board.errors import Conflict, Invalid
from board.web import commits, done, render
from board.web.security import safe_path


@bp.get("/account/answers")
@signed_in
def mine() -> ResponseReturnValue:
    """Show what the reader answered, for themselves and for their organisations."""
    reader = get_reader()
    rows = shown.rows(queries.given_by(reader.id), side=Actor.ANSWERER, reader=reader)
    return render("answers/mine.html", rows=rows)


@bp.get("/answers/<uuid:response_id>")
@party_required
def one(party: Party) -> ResponseReturnValue:
    """Show an answer to whoever takes part in it."""
    return page(party)


@bp.post("/answers/<uuid:response_id>")
@party_required
@commits
def act(party: Party) -> ResponseReturnValue:
    """Do one thing with an answer: the button says which."""
    return perform(party, request.form.get("do", ""), back=_back(party))


def perform(party: Party, do: str, *, back: str) -> ResponseReturnValue:
    """Do what a button says, when this side has such a button; what is wrong is said in place."""
    verbs = acts.EDITOR_VERBS if party.edits else acts.ANSWERER_VERBS
    verb = verbs.get(do)
    if verb is None:
        return page(party, status=422, refused=_("Ce bouton n’existe pas. Rechargez la page."))
    try:
        message = verb(party)
    except acts.Refused as refused:
        return page(party, status=refused.status, **{refused.name: refused.form})
    except Invalid as error:
        return page(party, status=409, refused=error.message)
    except Conflict:
        message = _("Rien n’a changé : la réponse n’en est plus là. Voici où elle en est.")
        return done(message, to=back, category="info")
    return done(message, to=back)


def page(party: Party, *, status: int = 200, **more: Any) -> Response:
    """Show an answer with what its reader may do."""
    response, side = party.response, party.side
    context: dict[str, Any] = {
        "say": SayForm(),
        "no": DeclineForm().offer(DECLINE_REASONS)
        if party.edits
        else ReasonForm().offer(WITHDRAW_REASONS),
        "amending": reading.form_for(response.post, response) if not party.edits else None,
        "contacts": acts.contacts_form(party),
        "block": BlockForm(),
        "refused": None,
    } | more
    return render(
        "answers/one.html", status=status, answer=shown.row(response, side=side), edits=party.edits,
        messages_said=shown.conversation(party), steps=steps.of(response),
        takes=shown.takes(response, request.form) if party.edits else {},
        may_say=conversing.is_open(response, side, party.person),
        before=queries.count_before(response), disclosed=ledger.on_page(response, side),
        asked=reading.asked_lines(response.post), is_guest=party.person is None,
        terms=shown.terms(response, amends=not party.edits),
        blockable=blocking.whom(response) if party.edits else None,
        blocks_url=url_for("matching.blocked", slug=response.post.organisation.slug),
        action=request.path, new_since=_new_since(party), **context,
    )  # fmt: skip


def _new_since(party: Party) -> str:
    """Say since when there is something new for its reader, for the button that says « seen »."""
    found = unread.since(party.response, party.person) if party.person is not None else None
    return found.isoformat() if found else ""


def _back(party: Party) -> str:
    asked = safe_path(request.form.get("back"))
    return asked or url_for("answers.one", response_id=party.response.uuid)
