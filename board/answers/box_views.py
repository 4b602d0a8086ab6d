"""« Boîte »: every conversation of a person, what is new first; and how much is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from board.accounts.models import Person
from board.accounts.session import get_reader, signed_in
from board.answers import queries, shown, unread
from board.answers.access import Party, party_required
from board.answers.blueprint import bp
from board.answers.models import Response
from board.answers.rules import Actor
from board.clock import now
from board.posts import queries as posts
from board.posts.fields import as_number
from board.web import commits, done, public, render

MOST_OFFSET = 5000


@bp.get("/account/inbox")
@signed_in
def box() -> ResponseReturnValue:
    """Show what a person answered and what their organisations got, what is new first."""
    reader = get_reader()
    offset = min(as_number(request.args.get("after")) or 0, MOST_OFFSET)
    found = unread.box(reader.id, offset=offset)
    more = url_for("answers.box", after=offset + queries.SHOWN)
    return render(
        "answers/box.html", rows=_rows(found, reader), is_first=offset == 0,
        next_url=more if len(found) == queries.SHOWN else None,
    )  # fmt: skip


@bp.get("/account/unread")
@public
def new() -> ResponseReturnValue:
    """Say how much is new, for the header of a page that stays open; to a visitor, nothing."""
    return render("answers/unread.html")


@bp.post("/answers/<uuid:response_id>/seen")
@party_required
@commits
def seen(party: Party) -> ResponseReturnValue:
    """Note what was new as seen; the page of the answer says so by itself where scripts run."""
    assert party.person is not None
    unread.seen(party.response, party.person, _until(request.form.get("until", "")))
    if "quietly" in request.form:
        return render("answers/unread.html")
    return done(None, to=url_for("answers.box"))


def _until(typed: str) -> datetime:
    """Read until when the page knew of news; what came later stays new."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=UTC)
    except ValueError:
        return now()


def _rows(found: Sequence[Response], reader: Person) -> list[dict[str, Any]]:
    theirs = {one.id for one in posts.organisations_of(reader.id)}
    edited = [one for one in found if one.post.organisation_id in theirs]
    given = [one for one in found if one.post.organisation_id not in theirs]
    rows = shown.rows(edited, side=Actor.EDITOR, reader=reader)
    rows += shown.rows(given, side=Actor.ANSWERER, reader=reader)
    known = {row["uuid"]: row for row in rows}
    return [known[one.uuid] for one in found]
