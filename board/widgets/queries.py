"""Reading widgets: one named question each, bounded and ordered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from board.errors import NotFound
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Purpose
from board.taxonomy.models import Place
from board.widgets.models import Clearance, Widget
from board.widgets.rules import MOST_WIDGETS, Nod

MOST_NODS = 5_000
_placed = (
    select(
        Widget.id,
        Widget.uuid,
        Widget.organisation_id,
        Widget.published,
        Widget.revision,
        Widget.paused_at,
        func.coalesce(
            Organisation.closed_at, Organisation.hidden_at, type_=Organisation.hidden_at.type
        ).label("gone_at"),
    )
    .join(Organisation, Organisation.id == Widget.organisation_id)
    .where(Widget.uuid == bindparam("uuid"), Widget.removed_at.is_(None))
)


class Placed(NamedTuple):
    """A widget as sites show it: a row, for a page that is asked for often."""

    id: int
    uuid: UUID
    organisation_id: int
    published: dict[str, Any] | None
    revision: int
    paused_at: datetime | None
    gone_at: datetime | None

    @property
    def is_closed(self) -> bool:
        """Whether it rests, or its organisation is gone or hidden."""
        return self.paused_at is not None or self.gone_at is not None


def find_placed(uuid: UUID) -> Placed | None:
    """Return a widget that stands, as sites show it."""
    db.session.flush()
    row = db.session.connection().execute(_placed, {"uuid": uuid}).first()
    return None if row is None else Placed(*row)


def find_widget(uuid: UUID) -> Widget | None:
    """Return a widget that stands, with its organisation."""
    return db.session.scalar(
        select(Widget)
        .where(Widget.uuid == uuid, Widget.removed_at.is_(None))
        .options(joinedload(Widget.organisation))
    )


def name_of_owner(widget: Placed) -> str:
    """Return whose widget it is."""
    rows = select(Organisation.name).where(Organisation.id == widget.organisation_id)
    return db.session.execute(rows).scalar_one()


def get_own(organisation_id: int, uuid: UUID) -> Widget:
    """Return a widget of this organisation, not of another."""
    found = find_widget(uuid)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound
    return found


def widgets_of(organisation_id: int) -> list[Widget]:
    """Return the widgets of an organisation, the oldest first."""
    rows = select(Widget).where(
        Widget.organisation_id == organisation_id, Widget.removed_at.is_(None)
    )
    return list(db.session.scalars(rows.order_by(Widget.id).limit(MOST_WIDGETS)))


def count_widgets(organisation_id: int) -> int:
    """Return how many widgets an organisation has."""
    rows = select(func.count(Widget.id)).where(
        Widget.organisation_id == organisation_id, Widget.removed_at.is_(None)
    )
    return db.session.scalar(rows) or 0


def nods_of(widget_id: int) -> dict[Nod, frozenset[int]]:
    """Return the posts that a widget's owner accepted and refused."""
    rows = select(Clearance.post_id, Clearance.nod).where(Clearance.widget_id == widget_id)
    found = db.session.execute(rows.order_by(Clearance.id.desc()).limit(MOST_NODS)).all()
    return {nod: frozenset(row.post_id for row in found if row.nod is nod) for nod in Nod}


def widgets_with_nods() -> list[int]:
    """Return the open widgets that are shown (few ask for nods; the rest cost one look each)."""
    rows = select(Widget.id).where(
        Widget.published_at.is_not(None), Widget.paused_at.is_(None), Widget.removed_at.is_(None)
    )
    return list(db.session.scalars(rows.order_by(Widget.id).limit(MOST_NODS)))


def organisation_ids(slugs: Collection[str]) -> tuple[int, ...]:
    """Return those of these organisations that are there."""
    if not slugs:
        return ()
    rows = select(Organisation.id).where(Organisation.slug.in_(sorted(slugs)))
    return tuple(db.session.scalars(rows.order_by(Organisation.id)))


def organisations_named(slugs: Collection[str]) -> list[Organisation]:
    """Return those of these organisations that are open, by name."""
    rows = select(Organisation).where(
        Organisation.slug.in_(sorted(slugs)), Organisation.closed_at.is_(None)
    )
    return list(db.session.scalars(rows.order_by(Organisation.name_folded))) if slugs else []


def points_of(post_ids: Collection[int]) -> list[Row[Any]]:
    """Return the coarse points of these posts: where, its name, how many needs and offers."""
    place = (Place.public_latitude, Place.public_longitude)
    need = case((Post.purpose == Purpose.NEED, 1), else_=0)
    rows = (
        select(*place, func.min(Place.label).label("label"), func.count().label("total"),
               func.sum(need).label("needs"))
        .join(Post, Post.place_id == Place.id)
        .where(Post.id.in_(sorted(post_ids)[:1000]))
        .group_by(*place)
        .order_by(func.count().desc(), *place)
        .limit(200)
    )  # fmt: skip
    return list(db.session.execute(rows)) if post_ids else []
