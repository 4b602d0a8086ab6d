"""The partner's nod over HTTP: what waits, one word for each, what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader
from board.errors import Invalid, NotFound
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.posts import cards
from board.posts import queries as posts
from board.posts.models import Post
from board.web import commits, done, render
from board.web.forms import clean
from board.web.pagination import LAST_RESULT, Page, read_page
from board.widgets import clearing, queries
from board.widgets.blueprint import bp
from board.widgets.models import Widget
from board.widgets.rules import Nod


@bp.get("/<uuid:widget_id>/clearance")
@editor_required
def clearance(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Show what waits for a yes or a no."""
    return _page(queries.get_own(organisation.id, widget_id))


@bp.post("/<uuid:widget_id>/clearance/<uuid:post_id>")
@editor_required
@commits
def decide(organisation: Organisation, widget_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Say yes or no to one post, or yes to all of its organisation."""
    widget = queries.get_own(organisation.id, widget_id)
    post, do = posts.find_post(post_id), request.form.get("do", "")
    reason = " ".join(clean(request.form.get("reason")).split())
    if post is None or do not in {*Nod, "welcome"}:
        raise NotFound
    try:
        message = _said(widget, post, do, reason)
    except Invalid:
        wrong = _("Dites pourquoi, en quelques mots\u00a0: votre équipe s’en souviendra.")
        return _page(widget, wrong, str(post_id), 422)
    return done(message, to=_address(widget, _number()))


def _said(widget: Widget, post: Post, do: str, reason: str) -> str:
    """Do what was said of a post, and tell what follows."""
    clearing.must_be_public(post)
    name = post.organisation.name
    if do == "welcome":
        clearing.welcome(widget=widget, organisation=post.organisation)
        return _("Ce que %(name)s publie paraît désormais sans attendre.", name=name)
    clearing.decide(widget=widget, post=post, nod=Nod(do), reason=reason, by=get_reader())
    if do == Nod.ACCEPTED:
        return _("Acceptée\u00a0: elle paraît.")
    return _("Refusée\u00a0: elle ne paraît pas.")


def _page(widget: Widget, wrong: str = "", about: str = "", status: int = 200) -> Response:
    number = _number()
    ids, total = clearing.waiting(widget, number)
    if number > 1 and not ids:
        number, (ids, total) = 1, clearing.waiting(widget)
    slugs = clearing.design_of(widget).welcome
    context: dict[str, Any] = {
        "widget": widget,
        "organisation": widget.organisation,
        "waiting": cards.cards_for(ids, heading_level=3),
        "total": total,
        "page": number,
        "pages": _pages(widget, Page(number, clearing.PER_PAGE, total)),
        "decided": [
            {"post": one.post, "title": cards.masked(one.post.title), "reason": one.reason,
             "accepted": one.nod is Nod.ACCEPTED}
            for one in clearing.decided(widget)
        ],
        "asks": clearing.design_of(widget).asks_nod,
        "welcome": queries.organisations_named(slugs),
        "wrong": wrong,
        "about": about,
    }  # fmt: skip
    return render("widgets/clearance.html", status=status, **context)


def _number() -> int:
    """Return the page that is looked at, also while one is answered there; else the first."""
    try:
        number = read_page(request.values.get("page", "1"))
    except Invalid:
        return 1
    return min(number, LAST_RESULT // clearing.PER_PAGE)


def _pages(widget: Widget, page: Page) -> list[dict[str, Any]]:
    return page.links(lambda number: _address(widget, number))


def _address(widget: Widget, page: int = 1) -> str:
    values: dict[str, Any] = {"slug": widget.organisation.slug, "widget_id": widget.uuid}
    return url_for("widgets.clearance", **values, page=page if page > 1 else None)
