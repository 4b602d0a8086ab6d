"""What an organisation set aside, whenever that was: each pair can be proposed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from board.extensions import db
from board.matching import queries, wording
from board.matching.models import MatchView
from board.organisations.models import Organisation
from board.posts.models import Line, Post

SHOWN = 100


@dataclass(frozen=True, slots=True)
class SetAside:
    """A pair that was set aside: what was beside what, why not, and where that is taken back."""

    own: str
    own_language: str
    other: str
    language: str
    organisation: str
    said: str
    undo: str


def set_aside(organisation: Organisation) -> list[SetAside]:
    """Return the pairs that were set aside and could still be proposed, the last first."""
    views = queries.dismissed_by(organisation.id)[:SHOWN]
    ids = {line for view in views for line in (view.need_line_id, view.offer_line_id)}
    lines = _titles(set(queries.open_lines(ids, organisation)))
    return [
        _told(organisation, view, lines)
        for view in views
        if view.need_line_id in lines and view.offer_line_id in lines
    ]


def _titles(line_ids: set[int]) -> dict[int, Any]:
    rows = (
        select(
            Line.id, Line.uuid, Post.title, Post.language, Post.organisation_id, Organisation.name
        )
        .join(Post, Post.id == Line.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Line.id.in_(sorted(line_ids)))
        .order_by(Line.id)
    )
    return {row.id: row for row in db.session.execute(rows)} if line_ids else {}


def _told(organisation: Organisation, view: MatchView, lines: dict[int, Any]) -> SetAside:
    need, offer = lines[view.need_line_id], lines[view.offer_line_id]
    own, other = (need, offer) if need.organisation_id == organisation.id else (offer, need)
    return SetAside(
        own=own.title,
        own_language=own.language,
        other=other.title,
        language=other.language,
        organisation=other.name,
        said=str(wording.DISMISSALS[view.reason]) if view.reason else "",
        undo=url_for("matching.undo", slug=organisation.slug, need=need.uuid, offer=offer.uuid),
    )
