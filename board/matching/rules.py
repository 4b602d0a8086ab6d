"""Which lines may be proposed to each other: a known contradiction excludes, an unknown never."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from board.posts.rules import Attendance, Audience, Basis, Kind, Purpose

KEPT_PER_LINE = 50
FLOOR = 0.34


class Side(StrEnum):
    """Whose view of a pair it is."""

    NEED = "need"
    OFFER = "offer"


class State(StrEnum):
    """What a side has done with a proposed pair."""

    SUGGESTED = "suggested"
    SEEN = "seen"
    DISMISSED = "dismissed"
    TAKEN_UP = "taken_up"


class Dismissal(StrEnum):
    """Why a pair is not the right one."""

    TOO_FAR = "too_far"
    WRONG_DATES = "wrong_dates"
    WRONG_THING = "wrong_thing"
    ALREADY_DONE = "already_done"
    NOT_THEM = "not_them"


class Gate(StrEnum):
    """A contradiction that keeps two lines apart."""

    PURPOSE = "purpose"
    KIND = "kind"
    CLOSED = "closed"
    ORGANISATION = "organisation"
    AUDIENCE = "audience"
    WINDOW = "window"
    ATTENDANCE = "attendance"
    RADIUS = "radius"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the gates ask of a line; None is unknown.

    `remaining` counts units of the line
    (None too when what goes out comes back); `reach_km` is in kilometres;
    `answerable` says that its post is open and not stale.
    """

    purpose: Purpose
    kind: Kind
    organisation_id: int | None = None
    audience: Audience = Audience.PUBLIC
    is_member: bool = False
    answerable: bool = True
    remaining: int | None = None
    needed_from: date | None = None
    needed_until: date | None = None
    attendance: Attendance | None = None
    reach_km: int | None = None
    basis: Basis | None = None
    blocks: frozenset[int] = field(default=frozenset())


def contradiction(a: LineFacts, b: LineFacts, kilometres: float | None) -> Gate | None:
    """Return the first known contradiction of a pair, or None; the same whichever comes first."""
    found = {
        Gate.PURPOSE: a.purpose is b.purpose,
        Gate.KIND: a.kind is not b.kind,
        Gate.CLOSED: not (a.answerable and b.answerable),
        Gate.ORGANISATION: _same_or_blocked(a, b),
        Gate.AUDIENCE: not (_may_see(a, b) and _may_see(b, a)),
        Gate.NOTHING_LEFT: 0 in (a.remaining, b.remaining),
        Gate.WINDOW: not windows_meet(a, b),
        Gate.ATTENDANCE: not _attendances_agree(a.attendance, b.attendance),
        Gate.RADIUS: _is_too_far(a, b, kilometres),
    }
    return next((gate for gate, closed in found.items() if closed), None)


def windows_meet(a: LineFacts, b: LineFacts) -> bool:
    """Whether the days of two lines may meet; an open end meets everything on its side."""
    return not (_ends_before(a, b) or _ends_before(b, a))


def terms_differ(a: LineFacts, b: LineFacts) -> bool:
    """Whether one side asks for what the other does not give: volunteers, and a paid service."""
    if a.purpose is b.purpose:
        return False
    need, offer = (a, b) if a.purpose is Purpose.NEED else (b, a)
    if offer.basis is not Basis.SHARED_COST or need.basis is Basis.SHARED_COST:
        return False
    return need.basis is Basis.GIFT or Kind.VOLUNTEER in (need.kind, offer.kind)


def _ends_before(a: LineFacts, b: LineFacts) -> bool:
    return (
        a.needed_until is not None and b.needed_from is not None and a.needed_until < b.needed_from
    )


def _same_or_blocked(a: LineFacts, b: LineFacts) -> bool:
    same = a.organisation_id is not None and a.organisation_id == b.organisation_id
    return same or a.organisation_id in b.blocks or b.organisation_id in a.blocks


def _may_see(reader: LineFacts, line: LineFacts) -> bool:
    """A post for members is proposed to verified organisations only."""
    return line.audience is Audience.PUBLIC or reader.is_member


def _attendances_agree(a: Attendance | None, b: Attendance | None) -> bool:
    """Both at home, or one online and the other in person, cannot meet."""
    if a is None or b is None or a is b:
        return not (a is b is Attendance.HERE)
    return Attendance.ONLINE not in (a, b)


def _is_too_far(a: LineFacts, b: LineFacts, kilometres: float | None) -> bool:
    """What must be carried or attended stays within the reach that each side states."""
    if kilometres is None or a.attendance is Attendance.ONLINE or b.attendance is Attendance.ONLINE:
        return False
    return any(line.reach_km is not None and kilometres > line.reach_km for line in (a, b))
