"""The pages of links in mails about notices: nothing changes before a button is pressed."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import links as held_links
from board.accounts.models import Token
from board.accounts.rules import TokenPurpose, digest
from board.alerts import links, queries, searches, services
from board.alerts.blueprint import bp
from board.alerts.models import SavedSearch
from board.alerts.rules import NoticeKind
from board.clock import now
from board.errors import Gone, Invalid, NotFound
from board.extensions import db
from board.web import commits, done, render, token_link
from board.web.forms import submitted

CONFIRM, LESS = "follow", "less"


@bp.route("/follow/confirm", methods=["GET", "POST"])
@token_link
@commits
def confirm() -> ResponseReturnValue:
    """Confirm that an address follows a search: the page has one button."""
    if (clean := held_links.take_from_address(CONFIRM, "alerts.confirm")) is not None:
        return clean
    try:
        token = links.bearer(held_links.held(CONFIRM), TokenPurpose.FOLLOW_SEARCH)
        kept = _search_of(token)
    except Gone:
        return held_links.private(render("alerts/dead_link.html", status=410))
    if not submitted():
        return _confirm_page(kept)
    try:
        searches.confirm(kept)
    except Invalid as refused:
        return _confirm_page(kept, refused.message, 422)
    token.used_at = now()
    held_links.let_go(CONFIRM)
    message = _("C’est confirmé. Nous vous écrirons quand il y aura du nouveau.")
    return held_links.private(done(message, to=url_for("search.board")))


@bp.route("/notices/less/<kind>", methods=["GET", "POST"])
@token_link
@commits
def less(kind: str) -> ResponseReturnValue:
    """Hear less of some kinds of news, or nothing: a mail program's one click means nothing."""
    kinds, name = _kinds(kind), f"{LESS}:{kind}"
    raw = request.args.get("token")
    if raw is not None and not submitted():
        held_links.hold(name, raw)
        to = url_for("alerts.less", kind=kind)
        return held_links.private(done(None, to=to))
    try:
        secret = digest(raw) if raw is not None else held_links.held(name)
        token = links.bearer(secret, TokenPurpose.HEAR_LESS)
    except Gone:
        return held_links.private(render("alerts/dead_link.html", status=410))
    if not submitted():
        return held_links.private(_less_page(token, kinds))
    one_click = raw is not None
    nothing = one_click or request.form.get("do") == "stop"
    for what in kinds:
        services.hear_less(token=token, kind=what, nothing=nothing)
    if one_click:
        return held_links.private(_less_page(token, kinds, said=_("C’est fait.")))
    return held_links.private(done(_("C’est fait."), to=url_for("alerts.less", kind=kind)))


def _confirm_page(kept: SavedSearch, refused: str = "", status: int = 200) -> Response:
    shown = searches.names([kept])[0]
    page = render("alerts/confirm.html", status=status, followed=shown, refused=refused)
    return held_links.private(page)


def _less_page(token: Token, kinds: list[NoticeKind], said: str = "") -> Any:
    db.session.flush()
    rhythms = queries.rhythms_of(token.person_id, token.email)
    context: dict[str, Any] = {
        "kind": ",".join(kinds), "said": said, "searches": None,
        "rhythms": {one: rhythms[one] for one in kinds if one is not NoticeKind.SEARCHES},
    }  # fmt: skip
    if NoticeKind.SEARCHES in kinds:
        kept = (queries.searches_of(token.person) if token.person
                else queries.searches_at(token.email or ""))  # fmt: skip
        context["searches"] = searches.names(kept)
    return render("alerts/less.html", **context)


def _search_of(token: Token) -> SavedSearch:
    kept = db.session.query(SavedSearch).filter_by(uuid=token.object_uuid, email=token.email)
    found = kept.one_or_none()
    if found is None:
        raise Gone
    return found


def _kinds(text: str) -> list[NoticeKind]:
    """Return the kinds that an address names: one, or those of a digest."""
    try:
        return [NoticeKind(one) for one in text.split(",")]
    except ValueError:
        raise NotFound from None
