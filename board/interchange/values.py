"""Reading the values of a JSON object; each refusal names the field and what it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from board.posts.fields import YEARS
from board.web.forms import clean

E = TypeVar("E", bound=StrEnum)
SHOWN = 40


class Wrong(ValueError):
    """A row cannot be read; the message names the field."""


class Fields:
    """The fields of one JSON object; `where` is its place in the row, like « lines[2]. »."""

    def __init__(self, data: Mapping[str, Any], where: str = "") -> None:
        self.data, self.where = data, where

    def wrong(self, name: str, why: str) -> Wrong:
        """Return a refusal of one field."""
        return Wrong(f"{self.where}{name}: {why}")

    def text(self, name: str, most: int, *, long: bool = False) -> str:
        """Read a text, cleaned as if it were typed; nothing is an empty one."""
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, f"takes a text, not {shown(value)}")
        if len(value) > most * 20:  # cleaning what is refused anyway would only cost time
            raise self.wrong(name, f"{len(value)} characters are too many, {most} at most")
        text = clean(value) if long else " ".join(clean(value).split())
        if len(text) > most:
            raise self.wrong(name, f"{len(text)} characters are too many, {most} at most")
        return text

    def name(self, name: str, most: int) -> str:
        """Read an identifier: a text or a whole number."""
        value = self.data.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return str(value)
        return self.text(name, most)

    def member(self, name: str, kind: type[E]) -> E | None:
        """Read one word of a closed list."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        try:
            return kind(value)
        except ValueError:
            raise self.wrong(name, f"{shown(value)} is none of {listed(kind)}") from None

    def number(self, name: str, least: int, most: int) -> int | None:
        """Read a whole number within bounds."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(name, f"takes a whole number from {least} to {most}")
        return value

    def degrees(self, name: str, most: int) -> float | None:
        """Read a latitude or a longitude."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(name, f"takes a number, not {shown(value)}")
        if not -most <= value <= most:
            raise self.wrong(name, f"takes degrees from -{most} to {most}")
        return float(value)

    def day(self, name: str) -> date | None:
        """Read a day like 2026-11-30, or an instant like 2026-11-30T23:59:59Z."""
        text = self.text(name, 40)
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(name, f"{shown(text)} is no day like 2026-11-30") from None
        if day.year not in YEARS:
            raise self.wrong(name, f"the year {day.year} is not from {YEARS[0]} to {YEARS[-1]}")
        return day

    def plain_day(self, name: str) -> date | None:
        """Read a day without an hour."""
        day = self.day(name)
        return day.date() if isinstance(day, datetime) else day

    def items(self, name: str) -> list[Any]:
        """Read a list; nothing is an empty one."""
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(name, f"takes a list, not {shown(value)}")
        return value

    def part(self, name: str) -> Fields | None:
        """Read an object within this one."""
        value = self.data.get(name)
        return None if value is None else part_of(value, f"{self.where}{name}")


def part_of(value: Any, where: str) -> Fields:
    """Return the fields of an object, or refuse what is none."""
    if not isinstance(value, dict):
        raise Wrong(f"{where}: takes an object, not {shown(value)}")
    return Fields(value, f"{where}.")


def listed(words: Iterable[str]) -> str:
    """Write a closed list."""
    return ", ".join(words)


def shown(value: Any) -> str:
    """Write what was given, short and on one line."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    text = " ".join(clean(str(value)[: SHOWN * 2]).split())
    text = text[:SHOWN] + "…" if len(text) > SHOWN else text
    return f"“{text}”" if isinstance(value, str) else text
