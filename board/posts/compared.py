"""Two versions of a post side by side, in words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from board.posts import words
from board.posts.rules import Attendance, Audience, Basis, Kind, Purpose
from board.posts.values import Difference

LABELS = {
    "purpose": _l("Besoin ou offre"),
    "title": _l("Titre"),
    "photos": _l("Photos"),
    "language": _l("Langue"),
    "body": _l("Détails"),
    "place": _l("Lieu"),
    "audience": _l("Qui peut voir"),
    "expires_on": _l("Dernier jour"),
    "tags": _l("Mots-clés"),
    "line": _l("Élément"),
    "kind": _l("Genre"),
    "category": _l("Catégorie"),
    "basis": _l("Manière"),
    "quantity": _l("Quantité"),
    "unit": _l("Unité"),
    "needed_from": _l("À partir du"),
    "needed_until": _l("Jusqu’au"),
    "attendance": _l("Présence ou transport"),
    "reach_km": _l("Distance en km"),
    "effort": _l("Effort et rythme"),
    "conditions": _l("Conditions"),
    "closed": _l("Fermé"),
}
_ENUMS: dict[str, tuple[Any, Any]] = {
    "purpose": (Purpose, words.PURPOSES),
    "kind": (Kind, words.KINDS),
    "basis": (Basis, words.BASES),
    "attendance": (Attendance, words.ATTENDANCES),
    "audience": (Audience, words.AUDIENCES),
}
LONGEST_COMPARED = 20_000
Piece = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One field in both versions; `pieces` mark what went (`del`) and came (`ins`)."""

    label: str
    one: str
    other: str
    pieces: list[Piece]


def in_words(differences: list[Difference], labels: dict[str, str]) -> list[Compared]:
    """Write differences for readers; `labels` names the categories."""
    return [_compared(one, labels) for one in differences]


def _compared(difference: Difference, labels: dict[str, str]) -> Compared:
    one = _say(difference.name, difference.one, labels)
    other = _say(difference.name, difference.other, labels)
    label = str(LABELS.get(difference.name, difference.name))
    if difference.line and difference.name != "line":
        label = _("%(line)s : %(field)s", line=difference.line, field=label)
    return Compared(label, one, other, pieces(one, other))


def _say(name: str, value: Any, labels: dict[str, str]) -> str:
    if value is None or value == "":
        return ""
    if name in _ENUMS:
        kind, said = _ENUMS[name]
        return str(said[kind(value)])
    if name == "category":
        return labels.get(value, str(value))
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return ", ".join(value) if isinstance(value, list) else str(value)


def pieces(one: str, other: str) -> list[Piece]:
    """Return the words of both texts, each kept (`same`), gone (`del`) or new (`ins`)."""
    before = re.findall(r"\s+|[^\s]+", one[:LONGEST_COMPARED])
    after = re.findall(r"\s+|[^\s]+", other[:LONGEST_COMPARED])
    found: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(
        None, before, after, autojunk=True
    ).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(before[i:j])))
            continue
        if j > i:
            found.append(("del", "".join(before[i:j])))
        if m > k:
            found.append(("ins", "".join(after[k:m])))
    return found
