"""What answers show on a person's home, know about them, and how they forget them."""

from __future__ import annotations

from typing import Any

from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_export, register_panel
from board.accounts.unread import register_unread
from board.answers import figures, forgetting, ledger, queries, unread
from board.posts import queries as posts
from board.search import remarks


def home_panel(person: Person) -> Panel | None:
    """Say how many answers wait for this person's organisations, and lead to their own."""
    organisations = posts.organisations_of(person.id)
    waiting = queries.waiting_by_organisation([one.id for one in organisations])
    rows = [
        {"name": one.name, "slug": one.slug, "count": waiting[one.id]}
        for one in organisations
        if one.id in waiting
    ]
    mine = len(queries.given_by(person.id))
    contacts = ledger.person_has_any(person.id)
    if not rows and not mine and not contacts:
        return None
    context = {"rows": rows, "mine": mine, "contacts": contacts}
    return Panel("answers/home_panel.html", context, 15)


def export(person: Person) -> list[dict[str, Any]]:
    """Return all that the person answered, with what was said and agreed."""
    return [
        {
            "id": one.uuid,
            "post": one.post.uuid,
            "title": one.post.title,
            "organisation": one.organisation.name if one.organisation else None,
            "by_way_of": one.partner,
            "state": one.state.value,
            "reason": one.reason.value if one.reason else None,
            "created_at": one.created_at,
            "ended_at": one.ended_at,
            "lines": [
                {"title": row.line.title, "quantity": row.quantity, "from": row.needed_from,
                 "until": row.needed_until,
                 "agreed": sum(c.quantity for c in row.commitments if c.released_at is None)}
                for row in one.lines
            ],
            "messages": [
                {"by": message.side.value, "at": message.created_at, "body": message.body}
                for message in queries.messages_of(one.id)
                if message.held_at is None
            ],
        }
        for one in queries.written_by(person.id)
    ]  # fmt: skip


def register() -> None:
    """Hang answers on the home and the rights of a person."""
    register_panel(home_panel)
    remarks.register(figures.on_home)
    register_unread(unread.counted)
    register_export("answers", export)
    register_export("contacts", ledger.export)
    register_erasure(forgetting.forget_person)
