"""What other features say of the board on its home: a sentence each, asked of no database."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Remark(NamedTuple):
    """One sentence, and where it is explained."""

    text: str
    url: str
    more: str


Source = Callable[[], Remark | None]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Say on the home what `source()` says, or nothing; it is asked for each page that is made."""
    if source not in _sources:
        _sources.append(source)
    return source


def of_home() -> list[Remark]:
    """Return what there is to say."""
    return [said for source in _sources if (said := source()) is not None]
