"""What other features add to « Jumelages »; matching never knows which."""

from __future__ import annotations

from collections.abc import Callable

from board.organisations.models import Organisation
from board.posts.panels import PagePart

PartSource = Callable[[Organisation], PagePart | None]
_sources: list[PartSource] = []


def register_part(source: PartSource) -> PartSource:
    """Show what `source(organisation)` gives above its pairs: a template with `part` set."""
    if source not in _sources:
        _sources.append(source)
    return source


def parts_of(organisation: Organisation) -> list[PagePart]:
    """Return the parts of an organisation's « Jumelages », in the order of their positions."""
    found = [part for source in _sources if (part := source(organisation)) is not None]
    return sorted(found, key=lambda part: (part.position, part.template))
