"""What other features add to an organisation; organisations never knows which.

Posts show themselves on its page, count themselves in the directory, and leave when it closes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from board.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an organisation's page: a template included with `section` set to `context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    above: bool = False


SectionSource = Callable[[Organisation, int], Section]
Counter = Callable[[Sequence[int]], Mapping[int, int]]
Listener = Callable[[Organisation], None]

_sections: list[SectionSource] = []
_counters: list[Counter] = []
_closings: list[Listener] = []


def register_section(source: SectionSource) -> SectionSource:
    """Show what `source(organisation, page)` gives on the organisation's public page."""
    if source not in _sections:
        _sections.append(source)
    return source


def register_counter(counter: Counter) -> Counter:
    """Let the directory say how many open public posts each organisation has (one statement)."""
    if counter not in _counters:
        _counters.append(counter)
    return counter


def register_closing(listener: Listener) -> Listener:
    """Call `listener(organisation)` in the transaction that closes it."""
    if listener not in _closings:
        _closings.append(listener)
    return listener


def sections_of(organisation: Organisation, page: int) -> list[Section]:
    """Return the parts of an organisation's page that other features show."""
    return [source(organisation, page) for source in _sections]


def counts_of(ids: Sequence[int]) -> dict[int, int]:
    """Return how many open public posts each of these organisations has."""
    total = dict.fromkeys(ids, 0)
    for counter in _counters:
        for organisation_id, n in counter(ids).items():
            total[organisation_id] += n
    return total


def tell_closed(organisation: Organisation) -> None:
    """Tell everybody who asked that an organisation closes."""
    for listener in _closings:
        listener(organisation)
