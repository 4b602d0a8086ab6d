"""A post inside a widget, and answering it there: a guest's answer, without cookie or session.

A frame on another site has no session to act with. The form is taken from the board's own page
alone (`check_csrf` looks at Sec-Fetch-Site and Origin), counts against the limits of the board's
own form, and nothing becomes of it before the mail that it brings is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from board.accounts import doors
from board.answers import parts, reading, sending, ways
from board.answers.forms import AnswerForm
from board.clock import now
from board.posts import endings, pages
from board.posts import queries as posts
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.rules import Page, Reader, State
from board.web import commits, public
from board.web.context import asset, settings, with_query
from board.web.cookieless import ASKED_EACH_TIME, cookieless
from board.widgets import dress, queries, shown, sieve
from board.widgets.designs import Design
from board.widgets.embed_views import bp
from board.widgets.frames import framed
from board.widgets.queries import Placed

NOBODY = Reader()
REFUSED = 403


@dataclass(frozen=True, slots=True)
class Opened:
    """A post opened in a widget."""

    widget: Placed
    design: Design
    post: Post


@bp.get("/<uuid:widget_id>/p/<uuid:post_id>/answer")
@public
@cookieless(ASKED_EACH_TIME)
def answer(widget_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Show a post in its widget, with the form of an answer."""
    opened = _open(widget_id, post_id)
    if not isinstance(opened, Opened):
        return opened
    waits = post_rules.is_open(opened.post, now())
    return _page(opened, reading.form_for(opened.post), reserve=not waits)


@bp.post("/<uuid:widget_id>/p/<uuid:post_id>/answer")
@public
@commits
def send(widget_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Take an answer given on a partner's site; what is wrong is said in place."""
    opened = _open(widget_id, post_id)
    if not isinstance(opened, Opened):
        return opened
    form, way = reading.form_for(opened.post), ways.asked(opened.post, _via(widget_id))
    if doors.attempt(form, partial(sending.send, opened.post, form, way)):
        there = url_for("embed.answered", widget_id=widget_id, post_id=post_id)
        return _sent(redirect(with_query(there, _carried(opened.design)), code=303), opened)
    wait: int | None = g.pop("retry_after", None)
    again = _page(opened, form, reserve=form.offers_reserve, status=429 if wait else 422)
    if wait:
        again.headers["Retry-After"] = str(wait)
    return _sent(again, opened)


@bp.get("/<uuid:widget_id>/p/<uuid:post_id>/answered")
@public
@cookieless(ASKED_EACH_TIME)
def answered(widget_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Tell a guest that the rest is in their mail: the same whatever happened, whatever the post.

    No post is looked up, so that nobody learns from it which there are.
    """
    found = _widget(widget_id)
    if isinstance(found, Response):
        return found
    return _rendered("widgets/answered.html", *found, post_id)


def crossed() -> Response:
    """Refuse a form that a frame sent without saying that it is ours; what was typed stays."""
    values: dict[str, Any] = request.view_args or {}
    opened = _open(values["widget_id"], values["post_id"])
    if not isinstance(opened, Opened):
        return opened
    form = reading.form_for(opened.post)
    form.form_errors.append(
        _("Ce site ne laisse pas répondre dans la page. Continuez sur le babillard, dans un nouvel"
          " onglet.")
    )  # fmt: skip
    return _page(opened, form, status=REFUSED)


def _sent(answered: Any, opened: Opened) -> Response:
    response = framed(answered, opened.design.sites)
    response.headers["Cache-Control"] = "no-store"
    return response


def _widget(widget_id: UUID) -> tuple[Placed, Design] | Response:
    """Return a widget that is open and what it shows, else what is said instead."""
    widget = queries.find_placed(widget_id)
    design = dress.published(widget)
    if widget is None or design is None:
        return dress.closed(dress.nothing(), 404)
    shown.page_language(design, request.args.get("lang", ""))
    if widget.is_closed:
        words = _("Ce module est fermé pour l’instant.")
        return dress.closed(words, 200, design, style=dress.style(widget))
    return widget, design


def _open(widget_id: UUID, post_id: UUID) -> Opened | Response:
    """Return the post when this widget shows it, else what is said instead."""
    found = _widget(widget_id)
    if isinstance(found, Response):
        return found
    widget, design = found
    post = posts.find_post(post_id)
    if post is None or not sieve.shows(design, widget, post):
        list_url, style = _list_url(widget, design), dress.style(widget)
        return dress.closed(_over(post), 404, design, list_url=list_url, style=style)
    return Opened(widget, design, post)


def _over(post: Post | None) -> str:
    """Say why a post cannot be opened: it ended in sight of everybody, or it is not to be seen."""
    if post is not None and post_rules.page(post, NOBODY) is Page.SHOWN:
        state = post_rules.state(post, now())
        if state is State.MET:
            return endings.banner(post)
        if state is State.EXPIRED:
            return _("Cette annonce est terminée.")
    return _("Cette annonce n’est pas, ou plus, à montrer.")


def _page(
    opened: Opened, form: AnswerForm, *, reserve: bool = False, status: int = 200
) -> Response:
    part = parts.context_of(opened.post, form, reserve=reserve)
    part["action"] = request.full_path.rstrip("?") + "#error-summary"
    words = pages.sheet_words(opened.post, NOBODY) | {"tags": []}
    page = _rendered(
        "widgets/post.html", opened.widget, opened.design, opened.post.uuid,
        part=part, form=form, **words,
    )  # fmt: skip
    page.status_code = status
    return page


def _rendered(
    template: str, widget: Placed, design: Design, post_id: UUID, **words: Any
) -> Response:
    """Print a page about a post in the widget's dress."""
    via = _via(widget.uuid)
    board = url_for("post.page", post_id=post_id)
    text = dress.template(template).render(
        dress.of(design) | words,
        style=dress.style(widget),
        answer_sheet=asset("css/embed-answer.css"),
        list_url=_list_url(widget, design),
        post_on_board=settings().url(with_query(board, via)),
        csrf_field=Markup,
        outwards=_outwards,
    )
    return framed(Response(text), design.sites)


def _outwards(html: Markup) -> Markup:
    """Let the links of an author's words open beside the page around, not in the frame."""
    out = str(html).replace("<a href", '<a target="_blank" rel="noopener" href')
    return Markup(out)  # noqa: S704 - sanitised when it was written


def _via(widget_id: UUID) -> dict[str, str]:
    site = dress.site()
    return {"via": str(widget_id), **({"site": site} if site else {})}


def _carried(design: Design) -> dict[str, str]:
    """Return what an address inside the widget carries: language, light, site, and the way back."""
    return {**dress.kept(design), **shown.read(request.args).pairs()}


def _list_url(widget: Placed, design: Design) -> str:
    return with_query(url_for("embed.page", widget_id=widget.uuid), _carried(design))
