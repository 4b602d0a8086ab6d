"""A pair of posts as a mail names it: both titles, and why they fit."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from board import mail
from board.matching import wording
from board.posts import cards
from board.posts import queries as posts

_TAG = re.compile(r"<[^>]*>")


class Found(NamedTuple):
    """A pair that may be told: its name among what was told, the other's post, one's own, why."""

    key: str
    score: float
    post_id: int
    own_id: int | None
    parts: dict[str, Any]
    reasons: list[dict[str, Any]]


class Fitting(NamedTuple):
    """A pair as a mail names it; `own` is one's own post, or nothing for what is private."""

    title: str
    organisation: str
    own: str
    why: str
    url: str


def in_words(found: Sequence[Found], language: str) -> dict[str, Fitting]:
    """Return pairs ready to be written, by their names; what is gone meanwhile is left out."""
    ids = {post_id for one in found for post_id in (one.post_id, one.own_id) if post_id}
    heads = {row.id: row for row in posts.heads(sorted(ids))}
    return {
        one.key: Fitting(
            title=cards.masked(heads[one.post_id].title),
            organisation=heads[one.post_id].name,
            own=cards.masked(heads[one.own_id].title) if one.own_id in heads else "",
            why=html.unescape(_TAG.sub("", str(wording.why(one.reasons, one.parts)))),
            url=mail.link("post.page", language=language, post_id=heads[one.post_id].uuid),
        )
        for one in found
        if one.post_id in heads
    }
