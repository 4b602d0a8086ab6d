"""What other features show on a post's page; posts never knows which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from board.posts.models import Post
from board.posts.rules import Reader


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part of a post's page: a template included with `part` set to `context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    above: bool = False
    below: bool = False
    position: int = 50


PartSource = Callable[[Post, Reader], PagePart | None]

_sources: list[PartSource] = []


def register_part(source: PartSource) -> PartSource:
    """Show what `source(post, reader)` gives: above the sheet, below or beside it."""
    if source not in _sources:
        _sources.append(source)
    return source


def parts_of(post: Post, reader: Reader) -> list[PagePart]:
    """Return the parts of a post's page for this reader, in the order of their positions."""
    found = [part for source in _sources if (part := source(post, reader)) is not None]
    return sorted(found, key=lambda part: (part.position, part.template))
