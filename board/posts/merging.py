"""Two editors at once: whoever touched a thing alone is right; what both touched is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from board.posts.values import LINE_WORDS, POST_WORDS, Difference, LineValues, PostValues

WHOLE = "line"
KEY_UUID = 36  # characters of a line's identity, at the beginning of its keys


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that both changed, each in their own way; `key` names it in the form."""

    key: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Merged:
    """Both editors' words in one, one's own where they clash, and where that is."""

    values: PostValues
    clashes: tuple[Clash, ...]


def merge(base: PostValues | None, mine: PostValues, theirs: PostValues) -> Merged:
    """Bring both together, from the words that both began with (None: nobody knows them)."""
    keys: list[str] = []
    fields = _fields(base, mine, theirs, POST_WORDS, "", keys)
    place_id = theirs.place_id if fields["place"] == theirs.place else mine.place_id
    lines = tuple(_lines(base, mine, theirs, keys))
    clashes = tuple(Clash(key, _difference(key, mine, theirs)) for key in keys)
    return Merged(replace(mine, **fields, place_id=place_id, lines=lines), clashes)


def clashes_of(keys: Iterable[str], mine: PostValues, theirs: PostValues) -> tuple[Clash, ...]:
    """Return, of these keys, the things that are still said differently; strange keys are none."""
    found = (Clash(key, _difference(key, mine, theirs)) for key in dict.fromkeys(keys))
    return tuple(one for one in found if one.difference.one != one.difference.other)


def settle(
    mine: PostValues, theirs: PostValues, clashes: Iterable[Clash], choices: Mapping[str, str]
) -> tuple[PostValues, list[str]]:
    """Put what was chosen into one's own words; return also the keys that are still to choose."""
    left = []
    for clash in clashes:
        choice = choices.get(clash.key)
        if choice not in {"mine", "theirs"}:
            left.append(clash.key)
        elif clash.key in POST_WORDS:
            mine = _with_field(mine, theirs, clash.key) if choice == "theirs" else mine
        else:
            mine = _with_line(mine, theirs, clash.key, choice == "theirs")
    return mine, left


def _fields(
    base: Any, mine: Any, theirs: Any, names: tuple[str, ...], prefix: str, keys: list[str]
) -> dict[str, Any]:
    """Return field by field what stands; what both changed is noted and stays one's own."""
    merged = {}
    for name in names:
        ours, other = getattr(mine, name), getattr(theirs, name)
        before = getattr(base, name) if base is not None else None
        if ours == other or (base is not None and ours == before):
            merged[name] = other
            continue
        merged[name] = ours
        if base is None or other != before:
            keys.append(prefix + name)
    return merged


def _lines(
    base: PostValues | None, mine: PostValues, theirs: PostValues, keys: list[str]
) -> Iterator[LineValues]:
    """Return one's own lines in their order, then those that only the other has."""
    before = _by_uuid(base) if base is not None else {}
    others = _by_uuid(theirs)
    for line in mine.lines:
        other = others.pop(line.uuid, None) if line.uuid else None
        was = before.get(line.uuid) if line.uuid else None
        if other is not None:
            yield replace(line, **_fields(was, line, other, LINE_WORDS, f"{line.uuid}-", keys))
        elif line.uuid is None or (was is None and base is not None):
            yield line
        elif line != was:
            keys.append(str(line.uuid))
            yield line
    for uuid, other in others.items():
        was = before.get(uuid)
        if other == was:
            continue
        if was is not None or base is None:
            keys.append(str(uuid))
        yield other


def _by_uuid(values: PostValues) -> dict[UUID, LineValues]:
    return {line.uuid: line for line in values.lines if line.uuid is not None}


def _difference(key: str, mine: PostValues, theirs: PostValues) -> Difference:
    """Return what both say of the thing that a key names; nothing twice when it names none."""
    if key in POST_WORDS:
        return Difference(key, getattr(mine, key), getattr(theirs, key))
    uuid, name = _parts(key)
    one, other = _find(mine, uuid), _find(theirs, uuid)
    title = (one or other).title if one or other else ""  # type: ignore[union-attr]
    if name in LINE_WORDS and one and other:
        return Difference(name, getattr(one, name), getattr(other, name), title)
    if name == WHOLE and other:  # one's own side took it out, even where the form shows it again
        return Difference(WHOLE, None, _said(other), title)
    if name == WHOLE:
        return Difference(WHOLE, _said(one), None, title)
    return Difference(WHOLE, None, None)


def _parts(key: str) -> tuple[UUID | None, str]:
    try:
        return UUID(key[:KEY_UUID]), key[KEY_UUID + 1 :] or WHOLE
    except ValueError:
        return None, ""


def _find(values: PostValues, uuid: UUID | None) -> LineValues | None:
    return next((line for line in values.lines if uuid and line.uuid == uuid), None)


def _said(line: LineValues | None) -> str | None:
    """Say a whole line in one row; None when there is none."""
    if line is None:
        return None
    words = (line.title, line.quantity, line.unit, line.needed_from, line.needed_until,
             line.effort, line.conditions)  # fmt: skip
    return ", ".join(str(word) for word in words if word)


def _with_field(mine: PostValues, theirs: PostValues, name: str) -> PostValues:
    chosen = {name: getattr(theirs, name)}
    if name == "place":
        chosen["place_id"] = theirs.place_id
    return replace(mine, **chosen)


def _with_line(mine: PostValues, theirs: PostValues, key: str, is_theirs: bool) -> PostValues:
    """Choose a line's field, or the whole line: where that side took it out, it goes.

    The page shows a line that only one side took out, so that nothing is lost before the choice.
    """
    uuid, name = _parts(key)
    one, other = _find(mine, uuid), _find(theirs, uuid)
    if name != WHOLE:
        if one and other and is_theirs:
            return _replaced(mine, uuid, replace(one, **{name: getattr(other, name)}))
        return mine
    if other is None:
        return _replaced(mine, uuid, None) if is_theirs else mine
    if not is_theirs:
        return _replaced(mine, uuid, None)
    return mine if one else replace(mine, lines=(*mine.lines, other))


def _replaced(values: PostValues, uuid: UUID | None, by: LineValues | None) -> PostValues:
    lines = (by if line.uuid == uuid else line for line in values.lines)
    return replace(values, lines=tuple(line for line in lines if line is not None))
