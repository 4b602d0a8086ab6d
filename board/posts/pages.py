"""The public page of a post, and its permalink without language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, Flask, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from board.clock import now, today
from board.config import LANGUAGES
from board.errors import NotFound
from board.organisations import queries as organisations
from board.posts import (
    attachments,
    cards,
    editing,
    endings,
    machines,
    panels,
    queries,
    rules,
    short,
    words,
)
from board.posts.models import Line, Post
from board.posts.readers import current_reader, misses_their_own
from board.posts.rules import Reader
from board.posts.terms import terms
from board.posts.values import last_day
from board.taxonomy.queries import catalogue
from board.web import public, render, shared
from board.web.context import Alternate, settings

bp = Blueprint("post", __name__)


@bp.get("/p/<uuid:post_id>")
@public
def permalink(post_id: UUID) -> ResponseReturnValue:
    """Lead the address that mail, QR codes and feeds carry to the reader's language."""
    return redirect(url_for("post.page", post_id=post_id), code=302)


@bp.get("/a/<code>")
@public
def short_address(code: str) -> ResponseReturnValue:
    """Lead the short address that stands on paper to a post that this reader may know of."""
    found = short.find(code)
    if found is None:
        raise NotFound
    post = queries.get_post(found)
    if rules.page(post, current_reader(post.organisation_id)) is rules.Page.UNKNOWN:
        raise NotFound
    return redirect(url_for("post.page", post_id=post.uuid), code=302)


@bp.get("/<language:language>/p/<uuid:post_id>")
@public
@shared
def page(post_id: UUID) -> ResponseReturnValue:
    """Show a post as far as this reader may see it."""
    post = queries.get_post(post_id)
    reader = current_reader(post.organisation_id)
    answer = rules.page(post, reader)
    if answer is not rules.Page.SHOWN:
        abort(int(answer))
    response = render("posts/page.html", **page_words(post, reader))
    if not rules.is_indexable(post, now()):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def page_words(post: Post, reader: Reader) -> dict[str, Any]:
    """Return what the page prints; what a reader may not see is not in it."""
    permalink_url = settings().url(f"/p/{post.uuid}")
    sheet, original = sheet_words(post, reader), address_of_original(post.uuid, post.language)
    return sheet | {
        "publication": rules.publication(post).value,
        "ended": endings.banner(post),
        "resembles": organisations.namesake_of(post.organisation),
        "edits": reader.edits,
        "misses_it": misses_their_own(post, reader),
        "parts": panels.parts_of(post, reader),
        "steps": attachments.steps_of(post) if reader.edits else [],
        "may": editing.may(post) if reader.edits else {},
        "outcomes": [(outcome.value, word) for outcome, word in words.OUTCOMES.items()],
        "audience_label": words.AUDIENCES[post.audience],
        "permalink": permalink_url,
        "original": original,
        "translations": _translations(post, original),
        "qr": Markup(qr_code(permalink_url)),  # noqa: S704 - drawn by us from our own address
        "json_ld": machines.described(post, permalink_url, sheet["attached"])
        if rules.is_indexable(post, now())
        else None,
    }


def address_of_original(uuid: UUID, language: str) -> str:
    """Return the page of a post in its own language, or in the board's where that is no page's."""
    own = language if language in LANGUAGES else settings().language
    return settings().url(url_for("post.page", post_id=uuid, language=own))


def _translations(post: Post, original: str) -> list[Alternate]:
    """Return its own language alone: around the same words, other pages are no translations."""
    return [
        Alternate(post.language, "", original, current=True, full_url=original, is_default=True)
    ]


def sheet_words(post: Post, reader: Reader) -> dict[str, Any]:
    """Return what the sheet of a post says, wherever it is shown."""
    at, this_day = now(), today(settings().timezone)
    freshness, state = rules.freshness(post, at), rules.state(post, at)
    lines, end = post.lines, last_day(post.expires_at, post.timezone)
    return {
        "post": post,
        "title": cards.masked(post.title),
        "purpose": post.purpose.value,
        "purpose_label": str(words.PURPOSES[post.purpose]),
        "kind_label": words.kinds_words([line.kind for line in lines]),
        "basis_label": words.bases_words(line.basis for line in lines),
        "freshness": freshness.value if post.published_at else "unpublished",
        "freshness_label": words.freshness_words(
            freshness, post.confirmed_at or post.published_at, at
        ),
        "stood_by": words.stood_words(post.confirmed_at or post.published_at),
        "lines": [cards.card_line(post.purpose, line, post) for line in lines],
        "details": [line_details(post, line) for line in lines],
        "body": Markup(post.body_html),  # noqa: S704 - sanitised when it was written
        "window": cards.window(post.purpose, lines, this_day),
        "category": category_of(lines),
        "state": state.value,
        "state_label": endings.mark(post, state),
        "tags": [cards.masked(tag.text) for tag in post.tags],
        "is_open": rules.is_open(post, at),
        "attached": attachments.parts_of(post, reader),
        "expires_label": words.day(end, this_day) if end else "",
        "confirm_days": terms().fresh_for.days,
    }


def category_of(lines: Sequence[Line]) -> tuple[str, str] | None:
    """Return the first category that the lines name, as the filter and the reader call it."""
    named = next((line.category.key for line in lines if line.category), None)
    label = catalogue(g.language).labels().get(named or "")
    return (named, label) if named and label else None


def line_details(post: Post, line: Line) -> dict[str, Any]:
    """Return what a line says beyond its quantity, only what is known."""
    this_day = today(settings().timezone)
    return {
        "title": cards.masked(line.title),
        "basis": words.BASES[line.basis] if line.basis else "",
        "window": words.window_words(post.purpose, line.needed_from, line.needed_until, this_day),
        "is_past": rules.is_past(line.needed_until, this_day),
        "attendance": words.ATTENDANCES[line.attendance] if line.attendance else "",
        "reach_km": line.reach_km,
        "effort": cards.masked(line.effort or ""),
        "conditions": cards.masked(line.conditions or ""),
    }


def qr_code(address: str) -> str:
    """Draw `address` as an inline SVG for the printed page (ISO/IEC 18004, level M)."""
    code = segno.make(address, error="m", micro=False)
    drawn: str = code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=False)
    return drawn


def register(app: Flask) -> None:
    """Hang both addresses on the application."""
    app.register_blueprint(bp)
