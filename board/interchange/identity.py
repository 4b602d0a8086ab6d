"""Which line of a post a line of a row is: promises and addresses keep pointing at it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from board.folding import fold
from board.interchange.meaning import Meant
from board.posts.values import LineValues

Lines = tuple[LineValues, ...]


def same_lines(row: Meant, before: Lines) -> Lines:
    """Give each line of a row the uuid that it had: known by its id, its words, then its turn."""
    left = {line.uuid: (at, line) for at, line in enumerate(before)}
    keys = [line.key for line in row.record.lines] or [""]
    found: dict[int, LineValues] = {}
    for same in (_same_id, _same_words, _same_title, _same_turn):
        for at, line in enumerate(row.values.lines):
            if at in found:
                continue
            old = next(
                (o for turn, o in left.values() if same(line, o, keys[at], turn == at)), None
            )
            if old is not None:
                found[at] = old
                del left[old.uuid]
    return tuple(_with(line, found.get(at)) for at, line in enumerate(row.values.lines))


def _with(line: LineValues, old: LineValues | None) -> LineValues:
    uuid: UUID | None = old.uuid if old else None
    return replace(line, uuid=uuid, closed=old.closed if old else False)


def _same_id(_line: LineValues, old: LineValues, key: str, _turn: bool) -> bool:
    return str(old.uuid) == key


def _same_words(line: LineValues, old: LineValues, key: str, turn: bool) -> bool:
    return line.kind is old.kind and _same_title(line, old, key, turn)


def _same_title(line: LineValues, old: LineValues, _key: str, _turn: bool) -> bool:
    return fold(line.title) == fold(old.title)


def _same_turn(_line: LineValues, _old: LineValues, _key: str, turn: bool) -> bool:
    return turn
