"""What places give to a person's export and erasure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from board.accounts.models import Person
from board.accounts.panels import register_erasure, register_export
from board.extensions import db
from board.taxonomy.models import Place

MOST_PLACES = 5_000


def export(person: Person) -> list[dict[str, Any]]:
    """Return the places that the person added, with the exact point that nobody else sees."""
    rows = (
        select(Place.uuid, Place.label, Place.latitude, Place.longitude, Place.created_at)
        .where(Place.added_by_id == person.id)
        .order_by(Place.id)
        .limit(MOST_PLACES)
    )
    return [
        {"id": uuid, "label": label, "latitude": latitude, "longitude": longitude, "added_at": at}
        for uuid, label, latitude, longitude, at in db.session.execute(rows)
    ]


def forget(person: Person) -> None:
    """Keep the places, which others use, without who added them and no finer than all may see."""
    db.session.execute(
        update(Place)
        .where(Place.added_by_id == person.id)
        .values(added_by_id=None, latitude=Place.public_latitude, longitude=Place.public_longitude)
        .execution_options(synchronize_session=False)
    )


def register() -> None:
    """Hang places on the person's rights."""
    register_export("places", export)
    register_erasure(forget)
