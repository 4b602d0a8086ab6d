"""A need that several organisations share: join it, leave it, its own page from three on."""

from __future__ import annotations

from uuid import UUID

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors
from board.accounts.session import get_reader, signed_in
from board.clock import now
from board.errors import NotFound
from board.matching import forms, joining, shared_shown
from board.matching.views import bp
from board.organisations.models import Organisation
from board.posts import cards, queries, rules
from board.posts.fields import as_number, choice
from board.posts.models import Post
from board.posts.readers import current_reader
from board.posts.rules import Purpose
from board.web import Authority, authority, commits, done, public, render, shared


@bp.route("/p/<uuid:post_id>/join", methods=["GET", "POST"])
@authority(Authority.SIGNED_IN)
@signed_in
@commits
def join(post_id: UUID) -> ResponseReturnValue:
    """Say that an organisation needs it too, knowing who will see it."""
    post = _visible(post_id)
    mine = joining.who_may_join(post, get_reader())
    if not mine:
        return render("matching/join.html", status=200, post=post, mine=[], form=None)
    form = _form(mine)
    if doors.attempt(form, lambda: _join(post, mine, form)) is None:
        unit = counted.unit if (counted := joining.counted_line(post)) else None
        return doors.answer("matching/join.html", form, post=post, mine=mine, unit=unit,
                            title=cards.masked(post.title),
                            counted=counted is not None)  # fmt: skip
    return done(_("C’est noté\u00a0: ce besoin est aussi le vôtre."), to=_after(post))


@bp.post("/p/<uuid:post_id>/join/leave")
@authority(Authority.SIGNED_IN)
@signed_in
@commits
def leave_need(post_id: UUID) -> ResponseReturnValue:
    """Take an organisation's name off a need."""
    post = _visible(post_id)
    mine = {str(one.uuid): one for one in joining.acting_in(post, get_reader())}
    organisation = mine.get(request.form.get("organisation", ""))
    if organisation is None:
        raise NotFound
    joining.leave(post=post, organisation=organisation)
    message = _("%(name)s n’est plus parmi celles qui en ont besoin.", name=organisation.name)
    return done(message, to=url_for("post.page", post_id=post.uuid))


@bp.get("/shared/<uuid:post_id>")
@public
@shared
def shared_need(post_id: UUID) -> ResponseReturnValue:
    """Show a need that three organisations or more have, and the offers that would do."""
    post = _visible(post_id)
    joins = joining.joins_of(post)
    pool = joining.pool_of(post, joins)
    if not pool.is_shared:
        raise NotFound
    at = now()
    is_open = rules.is_open(post, at)
    fitting = joining.offers_for(post, joins) if is_open else []
    response = render(
        "matching/shared.html",
        post=post,
        title=cards.masked(post.title),
        is_open=is_open,
        state=rules.state(post, at).value,
        card=cards.cards_for([post.id])[0],
        offers=shared_shown.offers(post, pool, fitting),
        reached=shared_shown.reached(pool, fitting),
        **shared_shown.words_of(post, joins, pool),
    )
    if not rules.is_indexable(post, at):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _visible(post_id: UUID) -> Post:
    """Return a published need that this reader may see; its own page's answer otherwise."""
    post = queries.get_post(post_id)
    reader = current_reader(post.organisation_id)
    answer = rules.page(post, reader)
    if answer is not rules.Page.SHOWN:
        abort(int(answer))
    if post.purpose is not Purpose.NEED or rules.publication(post) is not (
        rules.Publication.PUBLISHED
    ):
        raise NotFound
    return post


def _form(mine: list[Organisation]) -> forms.JoinForm:
    form = forms.JoinForm(request.form)
    form.organisation.choices = [choice(str(one.uuid), one.name) for one in mine]
    if len(mine) == 1 and not form.organisation.data:
        form.organisation.data = str(mine[0].uuid)
    return form


def _join(post: Post, mine: list[Organisation], form: forms.JoinForm) -> bool:
    chosen = next(one for one in mine if str(one.uuid) == form.organisation.data)
    joining.join(post=post, organisation=chosen, by=get_reader(),
                 quantity=as_number(form.quantity.data))  # fmt: skip
    return True


def _after(post: Post) -> str:
    pool = joining.pool_of(post, joining.joins_of(post))
    if pool.is_shared:
        return url_for("matching.shared_need", post_id=post.uuid)
    return url_for("post.page", post_id=post.uuid)
