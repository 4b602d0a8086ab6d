"""What an author wrote, apart from any row: compared, kept in a revision, shown side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from board.posts.models import Line, Post
from board.posts.rules import Attendance, Audience, Basis, Kind, Purpose


@dataclass(frozen=True, slots=True)
class LineValues:
    """One line as its author wrote it; `uuid` keeps its identity through edits."""

    title: str
    kind: Kind
    uuid: UUID | None = None
    category: str | None = None
    basis: Basis | None = None
    quantity: int | None = None
    unit: str | None = None
    needed_from: date | None = None
    needed_until: date | None = None
    attendance: Attendance | None = None
    reach_km: int | None = None
    effort: str | None = None
    conditions: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PostValues:
    """A post as its author wrote it; `place_id` names the place, `place` says it in words."""

    purpose: Purpose
    title: str
    language: str
    body: str = ""
    place_id: int | None = None
    place: str = ""
    audience: Audience = Audience.PUBLIC
    expires_on: date | None = None
    tags: tuple[str, ...] = ()
    lines: tuple[LineValues, ...] = field(default=())


LINE_WORDS = tuple(f.name for f in fields(LineValues) if f.name != "uuid")
POST_WORDS = tuple(f.name for f in fields(PostValues) if f.name not in {"place_id", "lines"})


def values_of(post: Post) -> PostValues:
    """Return what the author of a post wrote."""
    return PostValues(
        purpose=post.purpose,
        title=post.title,
        language=post.language,
        body=post.body_md,
        place_id=post.place_id,
        place=post.place.label if post.place else "",
        audience=post.audience,
        expires_on=last_day(post.expires_at, post.timezone),
        tags=tuple(tag.text for tag in post.tags),
        lines=tuple(line_values(line) for line in post.lines),
    )


def line_values(line: Line) -> LineValues:
    """Return what the author of a line wrote."""
    return LineValues(
        uuid=line.uuid,
        title=line.title,
        kind=line.kind,
        category=line.category.key if line.category else None,
        basis=line.basis,
        quantity=line.quantity,
        unit=line.unit,
        needed_from=line.needed_from,
        needed_until=line.needed_until,
        attendance=line.attendance,
        reach_km=line.reach_km,
        effort=line.effort,
        conditions=line.conditions,
        closed=line.closed_at is not None,
    )


def end_of(day: date | None, timezone: str) -> datetime | None:
    """Return the last second of a local day."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(timezone)) if day else None


def last_day(at: datetime | None, timezone: str) -> date | None:
    """Return the local day that an announcement ends on."""
    return at.astimezone(ZoneInfo(timezone)).date() if at else None


def snapshot(values: PostValues) -> dict[str, Any]:
    """Return the words as JSON keeps them."""
    kept = {name: _plain(getattr(values, name)) for name in PostValues.__slots__}
    kept["lines"] = [
        {name: _plain(getattr(line, name)) for name in LineValues.__slots__}
        for line in values.lines
    ]
    return kept


def from_snapshot(kept: dict[str, Any]) -> PostValues:
    """Return the words that a revision keeps; what it does not know yet is as in a new post."""
    values = {name: kept[name] for name in POST_WORDS if name in kept}
    lines = tuple(_line_from(line) for line in kept.get("lines", []))
    words = {
        **values,
        "purpose": Purpose(kept["purpose"]),
        "audience": Audience(kept.get("audience", Audience.PUBLIC)),
        "expires_on": _day(kept.get("expires_on")),
        "tags": tuple(kept.get("tags", ())),
        "language": kept.get("language", "fr"),
    }
    return PostValues(**words, place_id=kept.get("place_id"), lines=lines)


def _line_from(kept: dict[str, Any]) -> LineValues:
    values = {name: kept[name] for name in LINE_WORDS if name in kept}
    basis, attendance = kept.get("basis"), kept.get("attendance")
    words = {
        **values,
        "kind": Kind(kept["kind"]),
        "basis": Basis(basis) if basis else None,
        "attendance": Attendance(attendance) if attendance else None,
        "needed_from": _day(kept.get("needed_from")),
        "needed_until": _day(kept.get("needed_until")),
    }
    return LineValues(**words, uuid=UUID(kept["uuid"]) if kept.get("uuid") else None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date | UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def as_typed(values: PostValues, edit_version: int) -> dict[str, Any]:
    """Return a post as the fields of its form hold it."""
    return {
        "edit_version": str(edit_version),
        "purpose": values.purpose.value,
        "title": values.title,
        "place": values.place,
        "body": values.body,
        "tags": ", ".join(values.tags),
        "language": values.language,
        "expires_on": str(values.expires_on or ""),
        "audience": values.audience.value,
        "lines": [_line_data(line) for line in values.lines],
    }


def _line_data(line: LineValues) -> dict[str, Any]:
    return {
        "uuid": str(line.uuid or ""),
        "title": line.title,
        "quantity": str(line.quantity or ""),
        "basis": line.basis.value if line.basis else "",
        "kind": line.kind.value,
        "category": line.category or "",
        "unit": line.unit or "",
        "needed_from": str(line.needed_from or ""),
        "needed_until": str(line.needed_until or ""),
        "attendance": line.attendance.value if line.attendance else "",
        "reach_km": "" if line.reach_km is None else str(line.reach_km),
        "effort": line.effort or "",
        "conditions": line.conditions or "",
        "closed": line.closed,
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions say differently; `line` names the line that it is of."""

    name: str
    one: Any
    other: Any
    line: str = ""


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[Difference]:
    """Return what two snapshots say differently, in the order of the page."""
    found = [
        Difference(name, one.get(name), other.get(name))
        for name in POST_WORDS
        if one.get(name) != other.get(name)
    ]
    return [*found, *_line_differences(one.get("lines", []), other.get("lines", []))]


def _line_differences(
    one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> Iterator[Difference]:
    theirs = {line["uuid"]: line for line in other if line["uuid"]}
    for mine in one:
        line = theirs.pop(mine["uuid"], None)
        if line is None:
            yield Difference("line", mine["title"], None, mine["title"])
            continue
        for name in LINE_WORDS:
            if mine.get(name) != line.get(name):
                yield Difference(name, mine.get(name), line.get(name), mine["title"])
    for line in theirs.values():
        yield Difference("line", None, line["title"], line["title"])
    for line in other:
        if not line["uuid"]:
            yield Difference("line", None, line["title"], line["title"])
