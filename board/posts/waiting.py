"""Since when posts wait for an answer; who knows of answers tells, and posts never knows who."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

LastAnswers = Callable[[Collection[int]], Mapping[int, datetime]]
_sources: list[LastAnswers] = []


def answers_tell(source: LastAnswers) -> LastAnswers:
    """Let `source(post_ids)` say when each of them was last answered; those never are left out."""
    if source not in _sources:
        _sources.append(source)
    return source


def since(published: Mapping[int, datetime | None]) -> dict[int, datetime | None]:
    """Return since when each post waits: since its last answer, else since it was published."""
    out = dict(published)
    for source in _sources:
        for post_id, at in source(out.keys()).items():
            before = out[post_id]
            out[post_id] = at if before is None else max(before, at)
    return out
