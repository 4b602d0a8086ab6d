"""What the sample data says: invented organisations and posts, with days counted from today."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
Window = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """An invented organisation."""

    slug: str
    name: str
    description: str
    place: str
    languages: list[str]
    website: str | None
    verified: bool


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One thing needed or offered; its days are counted from today, or come back each year."""

    title: str
    kind: str
    category: str
    basis: str | None
    quantity: int | None = None
    unit: str | None = None
    committed: int = 0
    from_days: int | None = None
    until_days: int | None = None
    season: tuple[str, str] | None = None
    attendance: str | None = None
    reach_km: int | None = None
    effort: str | None = None
    conditions: str | None = None

    def window(self, today: date) -> Window:
        """Return the days of its use; a season is the one under way or the next."""
        if self.season is not None:
            return _season(self.season[0], self.season[1], today)
        return _day(today, self.from_days), _day(today, self.until_days)


@dataclass(frozen=True, slots=True)
class SamplePost:
    """An invented post; its ages are in days, `state` is what its author did last."""

    organisation: str
    purpose: str
    language: str
    title: str
    lines: tuple[SampleLine, ...]
    body: str | None = None
    place: str | int | None = None
    audience: str = "public"
    tags: list[str] = field(default_factory=list)
    confirmed_days_ago: float | None = None
    published_days_ago: float | None = None
    expires_days: int | None = None
    state: str | None = None


def organisations() -> list[SampleOrganisation]:
    """Return the invented organisations."""
    return [SampleOrganisation(**row) for row in _rows("organisations.jsonl")]


def posts() -> list[SamplePost]:
    """Return the written posts, the last confirmed first."""
    return [
        SamplePost(**{**row, "lines": tuple(_line(line) for line in row["lines"])})
        for row in _rows("posts.jsonl")
    ]


def _line(row: dict[str, Any]) -> SampleLine:
    season = tuple(row["season"]) if "season" in row else None
    return SampleLine(**{**row, "season": season})


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _season(first: str, last: str, today: date) -> tuple[date, date]:
    for year in (today.year - 1, today.year, today.year + 1):
        start = date.fromisoformat(f"{year}-{first}")
        end = date.fromisoformat(f"{year if first <= last else year + 1}-{last}")
        if end >= today:
            return start, end
    raise ValueError(f"no season from {first} to {last}")
