"""What private lines give to a person's home, export and erasure, and to an organisation's end."""

from __future__ import annotations

from typing import Any

from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_export, register_panel
from board.matching import panels as matching_panels
from board.organisations import panels as organisation_panels
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.posts.panels import PagePart
from board.private import queries, services
from board.private.models import PrivateLine

MOST_ORGANISATIONS = 5


def home(person: Person) -> Panel | None:
    """Say to a person alone what would suit them."""
    profile = queries.find_profile(person)
    total = len(queries.for_person(person, profile)) if profile is not None else 0
    return Panel("private/home_panel.html", {"total": total, "has_profile": profile is not None},
                 position=25)  # fmt: skip


def reserves(person: Person) -> Panel | None:
    """Say for each organisation how many needs its reserve fits."""
    rows = []
    for organisation, _role in organisations.organisations_of(person)[:MOST_ORGANISATIONS]:
        lines = queries.sleeping_of(organisation.id)
        total = len(queries.for_organisation(organisation, lines))
        rows.append({"name": organisation.name, "slug": organisation.slug, "total": total})
    return Panel("private/reserve_home.html", {"rows": rows}, position=22) if rows else None


def reserve_of(organisation: Organisation) -> PagePart:
    """Lead its editors from « Jumelages » to the reserve."""
    lines = queries.sleeping_of(organisation.id)
    total = len(queries.for_organisation(organisation, lines))
    return PagePart("private/reserve_part.html", {"slug": organisation.slug, "total": total})


def export(person: Person) -> dict[str, Any]:
    """Return what a person keeps privately, and what the organisations they act for do."""
    profile = queries.find_profile(person)
    return {
        "profile": None if profile is None else known_of(profile),
        "sleeping_offers": [
            {"organisation": organisation.name, **known_of(line)}
            for organisation, _role in organisations.organisations_of(person)
            for line in queries.sleeping_of(organisation.id)
        ],
    }


def known_of(line: PrivateLine) -> dict[str, Any]:
    """Return everything that is kept of a private line."""
    return {
        "id": line.uuid,
        "created_at": line.created_at,
        "changed_at": line.changed_at,
        "kind": line.kind.value,
        "basis": line.basis.value if line.basis else None,
        "title": line.title,
        "language": line.language,
        "concepts": [one.concept.key for one in line.concepts],
        "quantity": line.quantity,
        "unit": line.unit,
        "needed_from": line.needed_from,
        "needed_until": line.needed_until,
        "attendance": line.attendance.value if line.attendance else None,
        "place": line.place.label if line.place else None,
        "reach_km": line.reach_km,
        "conditions": line.conditions,
        "languages": [code for code in line.languages.split(",") if code],
        "weekdays": [int(day) for day in line.weekdays],
        "never": line.never,
        "paused_at": line.paused_at,
        "answers": [
            {"need": need, "answer": view.answer.value, "until": view.until, "at": view.updated_at,
             "reason": view.reason.value if view.reason else None}
            for view, need in queries.views_of([line.id])
        ],
    }  # fmt: skip


def forget(person: Person) -> None:
    """Nothing private is left of somebody who is no more."""
    services.forget_profile(person=person)


def register() -> None:
    """Tell accounts and organisations what private lines have for them."""
    register_panel(home)
    register_panel(reserves)
    matching_panels.register_part(reserve_of)
    register_export("private", export)
    register_erasure(forget)
    organisation_panels.register_closing(services.forget_all_of)
