"""A file of JSON lines, read a line at a time: whatever is in it, memory stays small."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import IO

LONGEST_LINE = 1_000_000
_REST = 65_536


class FileRefused(ValueError):
    """The whole file cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its bytes, or what is wrong with it; `size` is what it takes there."""

    number: int
    size: int
    data: bytes = b""
    problem: str = ""


def read(stream: IO[bytes]) -> Iterator[Line]:
    """Give each line that says something, however it ends; a mark of byte order is left out."""
    for number in count(1):
        data = stream.readline(LONGEST_LINE + 1)
        if not data:
            return
        if number == 1:
            _refuse_utf_16(data)
        size = len(data)
        if size > LONGEST_LINE and not data.endswith(b"\n"):
            size += _skip_the_rest(stream)
            problem = f"the line takes {size:,} bytes, {LONGEST_LINE:,} at most"
            yield Line(number, size, problem=problem)
            continue
        yield Line(number, size, data.removeprefix(codecs.BOM_UTF8).strip())


def _skip_the_rest(stream: IO[bytes]) -> int:
    size = 0
    while rest := stream.readline(_REST):
        size += len(rest)
        if rest.endswith(b"\n"):
            break
    return size


def _refuse_utf_16(data: bytes) -> None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("the file is in UTF-16: save it as UTF-8")
