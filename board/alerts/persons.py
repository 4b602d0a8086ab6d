"""What notices give to a person's home, export and erasure."""

from __future__ import annotations

from typing import Any

from board import bounces
from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_export, register_panel
from board.alerts import queries, services


def bounced(person: Person) -> Panel | None:
    """Say on the person's home that mail to their address comes back."""
    since = bounces.paused_since(person.email or "")
    return Panel("alerts/bounced_panel.html", {"email": person.email}, 5) if since else None


def export(person: Person) -> dict[str, Any]:
    """Return the person's kept searches, their rhythms, and what they were told of."""
    quiet = queries.quiet_of(person.id)
    return {
        "searches": [
            {"name": one.name, "query": one.query, "rhythm": one.rhythm.value,
             "created_at": one.created_at, "told_at": one.told_at}
            for one in queries.searches_of(person)
        ],
        "rhythms": {kind.value: rhythm.value for kind, rhythm in
                    queries.rhythms_of(person.id).items()},
        "quiet_hours": list(quiet) if quiet else None,
        "told": queries.told_to(person),
    }  # fmt: skip


def register() -> None:
    """Hang them on the person's home and rights."""
    register_panel(bounced)
    register_export("notices", export)
    register_erasure(services.forget_person)
