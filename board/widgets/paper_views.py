"""Posters over HTTP: a public post on paper, without a cookie."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import budget
from board.clock import now, today
from board.errors import NotFound
from board.markdown import to_text
from board.posts import cards, rules, short, words
from board.posts import queries as posts
from board.posts.models import Post
from board.web import public
from board.web.context import settings
from board.web.cookieless import FOR_A_MINUTE, cookieless, to_everybody
from board.widgets.sheets import Quantity, Sheet

bp = Blueprint("paper", __name__, url_prefix="/<language:language>/p/<uuid:post_id>")


@bp.get("/poster.pdf")
@public
@cookieless(FOR_A_MINUTE)
def poster(post_id: UUID) -> ResponseReturnValue:
    """Give a post as a poster."""
    return _paper(post_id, "poster", "affiche")


@bp.get("/tabs.pdf")
@public
@cookieless(FOR_A_MINUTE)
def tabs(post_id: UUID) -> ResponseReturnValue:
    """Give a post as a poster with slips to tear off."""
    return _paper(post_id, "tear_off", "languettes")


def _paper(post_id: UUID, way: str, name: str) -> Response:
    # Loaded now: what draws letters takes a tenth of a worker's memory, and few ask for paper.
    from board.widgets import paper

    post = posts.get_post(post_id)
    if not rules.is_indexable(post, now()):
        raise NotFound
    with budget.spending():
        draw = paper.poster if way == "poster" else paper.tear_off
        drawn = draw(sheet_of(post), settings().data / "letters")
    response = Response(drawn, mimetype="application/pdf")
    file = f"{name}-{str(post.uuid)[:8]}.pdf"
    response.headers["Content-Disposition"] = f"inline; filename={file}"
    response.headers["X-Robots-Tag"] = "noindex"
    return to_everybody(response)


def sheet_of(post: Post) -> Sheet:
    """Return every word of the paper, in the page's language."""
    this_day = today(settings().timezone)
    lines = [cards.card_line(post.purpose, line) for line in post.lines]
    alone = len(lines) == 1
    quantities = tuple(
        Quantity("" if alone else line.title, line.words, tuple(line.gauge)) for line in lines
    )
    when = cards.window(post.purpose, post.lines, this_day)
    facts = [
        (_("Quand"), str(when.striptags()) if hasattr(when, "striptags") else when),
        (_("Où"), post.place.label if post.place is not None else ""),
        (_("Qui"), post.organisation.name),
    ]
    confirmed = (post.confirmed_at or post.published_at or now()).date()
    day = words.day_text(confirmed, confirmed.replace(year=1))
    note = _("Confirmé le %(day)s. Avant de vous déplacer, vérifiez avec le code si c’est encore"
             " vrai.", day=day)  # fmt: skip
    return Sheet(
        purpose=post.purpose.value,
        label=str(words.PURPOSES[post.purpose]),
        title=cards.masked(post.title),
        quantities=quantities,
        text=" ".join(to_text(post.body_html).split()),
        facts=tuple((name, value) for name, value in facts if value),
        answer=_("Répondre ici"),
        address=settings().url(f"/p/{post.uuid}"),
        short_address=settings().host + url_for("post.short_address", code=short.code_of(post)),
        note=note,
        board=settings().instance_name,
        language=g.language,
    )
