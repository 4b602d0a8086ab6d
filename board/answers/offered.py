"""An answer begun elsewhere: for an organisation, filled in by what it keeps in reserve."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from werkzeug.datastructures import MultiDict

from board.accounts.models import Person
from board.answers.checks import field_of
from board.posts import queries as posts
from board.posts import rules
from board.posts.fields import as_uuid
from board.posts.models import Line, Post
from board.private import offering, queries
from board.private.models import PrivateLine
from board.private.offering import Offered


def begin(offered: Offered) -> str:
    """Return where an organisation answers a need with what it keeps; its words stay here."""
    return url_for("answers.answer", post_id=offered.need_post, offered=offered.line,
                   to=offered.need_line)  # fmt: skip


def beginning(post: Post, asked: MultiDict[str, str], person: Person | None) -> dict[str, Any]:
    """Return what the form of an answer holds, when its address says for whom, or with what."""
    if person is not None and (slug := asked.get("for")):
        theirs = [one for one in posts.organisations_of(person.id) if one.slug == slug]
        return {"speaks_for": str(theirs[0].uuid)} if theirs else {}
    uuid = as_uuid(asked.get("offered"))
    kept = queries.find_kept_for(person.id, uuid) if person is not None and uuid else None
    if kept is None or kept.organisation is None:
        return {}
    found: dict[str, Any] = {
        "speaks_for": str(kept.organisation.uuid),
        "message": "\n".join(filter(None, (offering.sentence(kept), kept.conditions))),
    }
    line = _line(post, as_uuid(asked.get("to")))
    if line is not None:
        found[field_of(line)] = _amount(line, kept)
    return found


def _line(post: Post, uuid: UUID | None) -> Line | None:
    return next((one for one in post.lines if one.uuid == uuid and rules.is_active(one)), None)


def _amount(line: Line, kept: PrivateLine) -> Any:
    """Return as much as both have; a line that is not counted is ticked."""
    if line.quantity is None or line.quantity <= 1:
        return True
    left = rules.remaining(line)
    return str(max(1, min(kept.quantity or 1, line.quantity if left is None else left)))


def register() -> None:
    """Let « yes » lead to an answer."""
    offering.answers_with(begin)
