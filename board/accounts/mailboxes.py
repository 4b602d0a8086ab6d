"""The mailbox behind addresses, as a condition: labels after a plus make no other person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from board.accounts.rules import mailbox_of


def is_mailbox_of(column: Any, email: str) -> ColumnElement[bool]:
    """The condition for folded addresses that are of the same mailbox as this one."""
    mailbox = mailbox_of(email)
    local, _at, domain = mailbox.rpartition("@")
    labelled = and_(
        column.startswith(f"{local}+", autoescape=True),
        column.endswith(f"@{domain}", autoescape=True),
    )
    return or_(column == mailbox, labelled)
