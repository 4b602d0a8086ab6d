"""What other features add to a person's pages and privacy rights; accounts never knows which.

Features point one way (accounts ← organisations ← posts): each registers here what it shows on
« Mes annonces et organisations », what it knows about a person, and how it forgets one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from board.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a person's home: a template included with `panel` set to `context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    position: int = 50


PanelSource = Callable[[Person], Panel | None]
ExportPart = Callable[[Person], Any]
Erasure = Callable[[Person], None]

Unfinished = Callable[[Person], str | None]

_unfinished: list[Unfinished] = []
_panels: list[PanelSource] = []
_exports: dict[str, ExportPart] = {}
_erasures: list[Erasure] = []


def register_panel(source: PanelSource) -> PanelSource:
    """Show what `source(person)` gives on the person's home; None shows nothing."""
    if source not in _panels:
        _panels.append(source)
    return source


def register_unfinished(source: Unfinished) -> Unfinished:
    """Lead a person whose address was just confirmed to the path that `source(person)` gives."""
    if source not in _unfinished:
        _unfinished.append(source)
    return source


def unfinished_of(person: Person) -> str | None:
    """Return the path of what the person had begun, if they had begun anything."""
    return next((path for source in _unfinished if (path := source(person))), None)


def register_export(name: str, part: ExportPart) -> None:
    """Put `part(person)` under `name` in exports: dicts, lists, text, instants, UUIDs."""
    _exports[name] = part


def register_erasure(erasure: Erasure) -> Erasure:
    """Call `erasure(person)` in the transaction that erases the person; the last one goes first."""
    if erasure not in _erasures:
        _erasures.append(erasure)
    return erasure


def panels_of(person: Person) -> list[Panel]:
    """Return every panel of the person's home, in the order of their positions."""
    found = [panel for source in _panels if (panel := source(person)) is not None]
    return sorted(found, key=lambda panel: (panel.position, panel.template))


def exports_of(person: Person) -> dict[str, Any]:
    """Return what each feature knows about the person."""
    return {name: part(person) for name, part in _exports.items()}


def erase_elsewhere(person: Person) -> None:
    """Let each feature forget the person: those that lean on others before those they lean on."""
    for erasure in reversed(_erasures):
        erasure(person)
