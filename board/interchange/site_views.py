"""What search engines ask for: where they may go, and the list of pages worth keeping."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue

from board.accounts import budget
from board.clock import now
from board.config import LANGUAGES
from board.errors import NotFound
from board.interchange import preview_picture, queries
from board.interchange.api import instant
from board.posts import cards, pages, rules, words
from board.posts import queries as posts
from board.web import public
from board.web.context import settings
from board.web.cookieless import FOR_A_MINUTE, cookieless, to_everybody

bp = Blueprint("site", __name__)
POSTS_A_PART = 2_000  # well below the 50 000 of the protocol
MOST_ORGANISATIONS = 5_000
PLAIN = ("search.board", "organisations.directory", "pages.about", "pages.open_data")
NOT_FOR_ROBOTS = ("/fr/account", "/en/account", "/es/account", "/dev/")


@bp.get("/robots.txt")
@public
@cookieless(FOR_A_MINUTE)
def robots() -> ResponseReturnValue:
    """Let robots read what is public; filtered lists say noindex themselves."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), "",
             f"Sitemap: {settings().url(url_for('site.sitemap'))}", ""]  # fmt: skip
    return to_everybody(Response("\n".join(lines), content_type="text/plain; charset=utf-8"))


@bp.get("/sitemap.xml")
@public
@cookieless(FOR_A_MINUTE)
def sitemap() -> ResponseReturnValue:
    """List the parts of the site map."""
    posts = max(1, -(-queries.count_indexable() // POSTS_A_PART))
    parts = ["pages", *(str(n) for n in range(1, posts + 1))]
    urls = [settings().url(url_for("site.sitemap_part", part=part)) for part in parts]
    return _xml("sitemap/index.xml", urls=urls)


@bp.get("/sitemap-<part>.xml")
@public
@cookieless(FOR_A_MINUTE)
def sitemap_part(part: str) -> ResponseReturnValue:
    """List the board's own pages and its organisations in each language, or so many posts."""
    if part == "pages":
        return _xml("sitemap/part.xml", pages=[*_plain(), *_organisations()])
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0
    rows = queries.indexable((number - 1) * POSTS_A_PART, POSTS_A_PART) if number else []
    if not rows and number != 1:
        raise NotFound
    return _xml("sitemap/part.xml", pages=[_post(row) for row in rows])


@bp.get("/<language:language>/p/<uuid:post_id>/picture.png")
@public
@cookieless(FOR_A_MINUTE)
def picture(post_id: UUID) -> ResponseReturnValue:
    """Draw the picture that shows where a public post is shared."""
    post = posts.get_post(post_id)
    if not rules.is_indexable(post, now()):
        raise NotFound
    where = post.place.label if post.place is not None else ""
    shown = preview_picture.Shown(
        purpose=post.purpose.value,
        label=str(words.PURPOSES[post.purpose]),
        title=cards.masked(post.title),
        who=" · ".join(part for part in (post.organisation.name, where) if part),
        board=settings().instance_name,
    )
    with budget.spending():
        drawn = preview_picture.draw(shown)
    return to_everybody(Response(drawn, content_type="image/png"))


def _xml(template: str, **context: Any) -> Response:
    text = current_app.jinja_env.get_template(template).render(context)
    return to_everybody(Response(text, content_type="application/xml; charset=utf-8"))


def _plain() -> list[dict[str, Any]]:
    return [_page(endpoint, None) for endpoint in PLAIN]


def _organisations() -> list[dict[str, Any]]:
    slugs = queries.listed_organisations(MOST_ORGANISATIONS)
    return [_page("organisations.page", None, slug=slug) for slug in slugs]


def _post(row: Any) -> dict[str, Any]:
    """A post is written once: its other languages are the same page around the same words."""
    own = pages.address_of_original(row.uuid, row.language)
    return {"canonical": own, "at": instant(row.at or now()), "alternates": {row.language: own},
            "default": own}  # fmt: skip


def _page(endpoint: str, at: Any, **values: Any) -> dict[str, Any]:
    address = {
        code: settings().url(url_for(endpoint, language=code, **values)) for code in LANGUAGES
    }
    default = address[settings().language]
    return {"canonical": default, "at": instant(at), "alternates": address, "default": default}
