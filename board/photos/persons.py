"""What photos give to a person's export and erasure."""

from __future__ import annotations

from typing import Any

from board.accounts.models import Person
from board.accounts.panels import register_erasure, register_export
from board.photos import queries, services
from board.photos.showing import shown
from board.web.context import settings


def export(person: Person) -> list[dict[str, Any]]:
    """Return the photos that a person added, with what they say and where they are."""
    return [
        {
            "id": photo.uuid,
            "post": photo.post.uuid,
            "added_at": photo.created_at,
            "description": photo.alt,
            "url": settings().url(shown(photo).largest),
        }
        for photo in queries.photos_by(person.id)
    ]


def register() -> None:
    """Hang photos on the person's rights."""
    register_export("photos", export)
    register_erasure(services.forget_person)
