"""« Jumelages »: what an organisation is proposed, and why; only its editors see it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader, signed_in
from board.errors import NotFound
from board.matching import (
    circles,
    circles_shown,
    dismissed,
    panels,
    queries,
    services,
    shown,
    wording,
)
from board.matching.circles_shown import CircleShown
from board.matching.rules import Dismissal
from board.organisations import queries as organisations
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.posts.fields import as_uuid
from board.web import commits, done, render
from board.web.pagination import Page, read_page

bp = Blueprint("matching", __name__, url_prefix="/<language:language>")
PER_PAGE = 10
MOST_SEEN = 50


@bp.get("/matches")
@signed_in
def mine() -> ResponseReturnValue:
    """Lead to the pairs of the person's first organisation."""
    acts_for = organisations.organisations_of(get_reader())
    if not acts_for:
        return render("matching/none.html")
    return redirect(url_for("matching.index", slug=acts_for[0][0].slug), code=303)


@bp.get("/organisations/<slug>/matches")
@editor_required
def index(organisation: Organisation) -> ResponseReturnValue:
    """Show the best pairs of an organisation, one plain sentence each."""
    changed = queries.effects_of(organisation.id)
    found, hidden = queries.pairs_of(organisation, changed)
    number = read_page(request.args.get("page", "1"))
    page = Page(number, PER_PAGE, len(found))
    if number > page.last:
        raise NotFound
    some = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return render(
        "matching/index.html",
        organisation=organisation,
        others=_others(organisation),
        more=panels.parts_of(organisation),
        total=len(found),
        counted=shown.counted(found),
        pairs=shown.pairs(organisation, some),
        dismissed=_last_dismissed(organisation),
        reasons=[(reason.value, word) for reason, word in wording.DISMISSALS.items()],
        changed=changed,
        lowered=[wording.labels(concepts) for concepts in sorted(changed.lowered)],
        hidden=hidden,
        blocked=queries.blocked_by(organisation.id),
        pages=page.links(lambda n: url_for("matching.index", slug=organisation.slug, page=n)),
        circles=_circles(organisation) if number == 1 else [],
        gone_circle=_gone_circle(organisation),
        set_aside=dismissed.set_aside(organisation),
        circles_aside=_circles_aside(organisation),
    )


@bp.post("/organisations/<slug>/matches/seen")
@editor_required
@commits
def seen(organisation: Organisation) -> ResponseReturnValue:
    """Note which pairs were shown (the page tells by itself where scripts run)."""
    asked = [pair.partition(".") for pair in request.form.getlist("pair")[:MOST_SEEN]]
    names = [(as_uuid(need), as_uuid(offer)) for need, _dot, offer in asked]
    ids = queries.line_ids([name for pair in names for name in pair if name is not None])
    own = queries.own_pairs(organisation.id, [
        (ids[need], ids[offer]) for need, offer in names if need in ids and offer in ids
    ])  # fmt: skip
    services.see(organisation=organisation, pairs=own)
    return _nothing()


@bp.post("/organisations/<slug>/matches/<uuid:need>/<uuid:offer>/dismiss")
@editor_required
@commits
def dismiss(organisation: Organisation, need: UUID, offer: UUID) -> ResponseReturnValue:
    """Set a pair aside, with a reason."""
    match = queries.get_pair(organisation, need, offer)
    back = url_for("matching.index", slug=organisation.slug)
    if request.form.get("reason") not in set(Dismissal):
        return done(_("Choisissez une raison."), to=back, category="error")
    reason = Dismissal(request.form["reason"])
    services.dismiss(organisation=organisation, match=match, reason=reason)
    return done(
        None, to=url_for("matching.index", slug=organisation.slug, dismissed=f"{need}.{offer}")
    )


@bp.post("/organisations/<slug>/matches/<uuid:need>/<uuid:offer>/undo")
@editor_required
@commits
def undo(organisation: Organisation, need: UUID, offer: UUID) -> ResponseReturnValue:
    """Propose a dismissed pair again."""
    services.undo(organisation=organisation, view=queries.get_view(organisation, need, offer))
    return done(_("Ce jumelage est de nouveau proposé."),
                to=url_for("matching.index", slug=organisation.slug))  # fmt: skip


@bp.post("/organisations/<slug>/matches/reset")
@editor_required
@commits
def reset(organisation: Organisation) -> ResponseReturnValue:
    """Forget what dismissals changed, or let one organisation be proposed again."""
    back = url_for("matching.index", slug=organisation.slug)
    other = organisations.find_organisation(request.form.get("unblock", ""))
    if other is not None and queries.find_block(organisation.id, other.id) is not None:
        services.unblock(organisation=organisation, other_id=other.id)
        return done(_("%(name)s peut de nouveau vous être proposée.", name=other.name), to=back)
    if "unblock" in request.form:  # pressed twice, or a name that was never theirs to learn
        return done(None, to=back)
    services.forget_effects(organisation=organisation)
    return done(_("Vos refus ne changent plus ce qui vous est proposé."), to=back)


def _circles(organisation: Organisation) -> list[CircleShown]:
    return circles_shown.circles(organisation, circles.circles_of(organisation))


def _circles_aside(organisation: Organisation) -> list[CircleShown]:
    return circles_shown.circles(organisation, circles.taken_away_by(organisation))


def _gone_circle(organisation: Organisation) -> str | None:
    """Where the circle that was just taken away is brought back."""
    asked = as_uuid(request.args.get("circle", ""))
    if asked is None or not circles.is_dismissed_by(organisation, asked):
        return None
    return url_for("matching.undo_circle", slug=organisation.slug, circle_id=asked)


def _others(organisation: Organisation) -> list[Organisation]:
    acts_for = organisations.organisations_of(get_reader())
    return [one for one, _role in acts_for if one.id != organisation.id]


def _last_dismissed(organisation: Organisation) -> dict[str, object] | None:
    """What was just set aside, for the message that takes it back."""
    need, _dot, offer = request.args.get("dismissed", "").partition(".")
    names = as_uuid(need), as_uuid(offer)
    if names[0] is None or names[1] is None:
        return None
    try:
        view = queries.get_view(organisation, names[0], names[1])
    except NotFound:
        return None
    if view.reason is None:
        return None
    return {
        "reason": wording.DISMISSALS[view.reason],
        "code": view.reason.value,
        "kilometres": view.kilometres,
        "undo": url_for("matching.undo", slug=organisation.slug, need=names[0], offer=names[1]),
    }


def _nothing() -> Response:
    return make_response("", 204)
