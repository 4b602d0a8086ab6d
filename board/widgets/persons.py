"""What widgets know of a person: which posts they said yes or no to; forgotten with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from board.accounts.models import Person
from board.accounts.panels import register_erasure, register_export
from board.extensions import db
from board.widgets.models import Clearance

MOST = 5_000


def export(person: Person) -> list[dict[str, Any]]:
    """Return what they said of posts on their organisations' widgets."""
    rows = select(Clearance).where(Clearance.by_id == person.id).order_by(Clearance.id).limit(MOST)
    return [
        {"post": one.post.uuid, "said": one.nod.value, "reason": one.reason, "at": one.at}
        for one in db.session.scalars(rows)
    ]


def forget(person: Person) -> None:
    """Keep what was said, not who said it."""
    rows = update(Clearance).where(Clearance.by_id == person.id).values(by_id=None)
    db.session.execute(rows.execution_options(synchronize_session=False))


def register() -> None:
    """Take part in exports and erasures."""
    register_export("widgets", export)
    register_erasure(forget)
