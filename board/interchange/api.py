"""`GET /api/v1/posts`: the board's own search for programs. Its shape is frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row

from board import search
from board.accounts import budget
from board.clock import now
from board.errors import Invalid
from board.posts import queries, rules
from board.posts.cards import Facts, distance, masked
from board.search.engine import Hit, Results
from board.search.filters import FACETED, LAST_RESULT, NAMES, Query, parse, to_args
from board.search.highlight import mark
from board.taxonomy.queries import find_concept
from board.web import public, shared
from board.web.context import settings
from board.web.cookieless import to_everybody
from board.web.errors import problem
from board.web.unknown import shortened

bp = Blueprint("api", __name__, url_prefix="/api/v1")
ACCEPTED = frozenset(NAMES) - {"closed"}
FACETS = ("purpose", *FACETED)


@bp.get("/posts")
@public
@shared
def posts() -> ResponseReturnValue:
    """Answer the open public posts that fit, as JSON; what is not understood is 400."""
    try:
        query = asked()
        with budget.spending():
            results = search.current_engine().search(query)
    except Invalid as error:
        return open_to_all(problem(400, error.message, field=error.field))
    return open_to_all(jsonify(body(query, results)))


def asked() -> Query:
    """Read the query; an unknown filter or value is refused by name."""
    for name in request.args:
        if name not in ACCEPTED:
            raise Invalid(name, _("Ce filtre n’existe pas\u00a0: %(name)s.", name=shortened(name)))
    query = parse(request.args, strict=True)
    for key in query.categories:
        if find_concept(key) is None:
            raise Invalid(
                "category", _("Cette catégorie n’existe pas\u00a0: %(key)s.", key=shortened(key))
            )
    return query


def open_to_all(response: Response) -> Response:
    """Let any site read it, without credentials."""
    to_everybody(response)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")  # the reasons of a refusal
    response.add_etag()
    response.make_conditional(request)
    return response


def body(query: Query, results: Results) -> dict[str, Any]:
    """Return the frozen answer."""
    ids = [hit.post_id for hit in results.hits]
    lines, tags = queries.lines_of(ids), queries.tags_of(ids)
    hits = {hit.post_id: hit for hit in results.hits}
    return {
        "total": results.total,
        "page": query.page,
        "per_page": query.per_page,
        "next": next_url(query, results),
        "facets": {name: results.facets.get(name, {}) for name in FACETS if name in results.facets},
        "items": [
            item(Facts(row, lines[row.id]), tags[row.id], query, hits[row.id])
            for row in queries.heads(ids)
        ],
    }


def next_url(query: Query, results: Results) -> str | None:
    """Return where the list goes on: by page, by cursor for whoever came by one.

    After the last numbered page a cursor takes over, where the order has one.
    """
    seen, goes_on = query.page * query.per_page, results.next_cursor is not None
    by_cursor = "cursor" in request.args and query.page == 1
    if query.cursor is not None or (goes_on and (by_cursor or seen >= LAST_RESULT)):
        pairs = [pair for pair in to_args(query) if pair[0] not in {"page", "cursor"}]
        return address([*pairs, ("cursor", str(results.next_cursor))]) if goes_on else None
    if seen >= min(results.total, LAST_RESULT):
        return None
    return address(to_args(replace(query, page=query.page + 1)))


def address(pairs: list[tuple[str, str]]) -> str:
    """Return the full address of the API with these arguments."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return settings().url(url_for("api.posts", **values))


def item(post: Facts, tags: list[str], query: Query, hit: Hit) -> dict[str, Any]:
    """Return one post; instants in UTC, days as local dates, distances in whole kilometres."""
    row, at = post.row, now()
    title = masked(row.title, row.language)
    return {
        "id": str(row.uuid),
        "purpose": row.purpose.value,
        "title": title,
        "url": settings().url(f"/p/{row.uuid}"),
        "language": row.language,
        "state": rules.state(post, at).value,
        "freshness": rules.freshness(post, at).value,
        "audience": row.audience.value,
        "lines": [line_item(line, row.language) for line in post.lines],
        "organisation": {
            "id": str(row.organisation_uuid),
            "slug": row.slug,
            "name": row.name,
            "verified": row.verified_at is not None,
        },
        "place": place_item(row, query),
        "tags": [masked(tag, row.language) for tag in tags],
        "published_at": instant(row.published_at),
        "confirmed_at": instant(row.confirmed_at),
        "expires_at": instant(row.expires_at),
        "score": None if hit.score is None else round(hit.score, 4),
        "highlights": {"title": str(mark(title, hit.matched))} if hit.matched else {},
    }


def place_item(row: Row[Any], query: Query) -> dict[str, Any] | None:
    """Return where a post is, coarsely, and how far from the point that was asked about."""
    if row.label is None:
        return None
    far = distance(row, query.near)
    return {
        "label": row.label,
        "lat": row.public_latitude,
        "lon": row.public_longitude,
        "distance_km": None if far is None else round(far),
    }


def line_item(line: Row[Any], language: str) -> dict[str, Any]:
    """Return one line of a post, which is written in `language`."""
    return {
        "id": str(line.uuid),
        "title": masked(line.title, language),
        "kind": line.kind.value,
        "category": line.category,
        "basis": line.basis.value if line.basis else None,
        "quantity": line.quantity,
        "remaining": rules.remaining(line),
        "unit": masked(line.unit, language) if line.unit else None,
        "from": line.needed_from.isoformat() if line.needed_from else None,
        "until": line.needed_until.isoformat() if line.needed_until else None,
        "attendance": line.attendance.value if line.attendance else None,
        "reach_km": line.reach_km,
    }


def instant(value: datetime | None) -> str | None:
    """Write an instant in UTC (RFC 3339), to the second."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None
