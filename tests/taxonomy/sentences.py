"""Sentences as organisations write them, with the kind and the category a person would choose."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Sentence(NamedTuple):
    """One of them; None where even a person could not say."""

    language: str
    purpose: str
    text: str
    kind: str | None
    category: str | None


def _read() -> list[Sentence]:
    lines = Path(__file__).with_name("sentences.tsv").read_text("utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [Sentence(r[0], r[1], r[4], _known(r[2]), _known(r[3])) for r in rows]


def _known(key: str) -> str | None:
    return None if key == "-" else key


SENTENCES = _read()
