"""What keeping posts true gives to a person's home, and what it forgets with them."""

from __future__ import annotations

from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_panel
from board.life import queries, services


def panel(person: Person) -> Panel | None:
    """Say how many posts wait for this person, first of all."""
    count = queries.count_waiting(person.id)
    return Panel("life/home_panel.html", {"count": count}, 10) if count else None


def register() -> None:
    """Hang the count on the person's home, and forget with them."""
    register_panel(panel)
    register_erasure(services.forget_person)
