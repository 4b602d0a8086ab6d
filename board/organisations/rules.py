"""Who may do what in an organisation."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member does for an organisation; a responsible is also an editor."""

    RESPONSIBLE = "responsible"
    EDITOR = "editor"


def may_edit_posts(role: Role | None) -> bool:
    """Editors and responsibles write posts."""
    return role is not None


def may_manage(role: Role | None) -> bool:
    """Only a responsible changes the organisation itself or its members."""
    return role is Role.RESPONSIBLE
