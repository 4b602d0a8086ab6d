"""Bounded paging by number: at most `LAST_RESULT` results can be reached."""

from __future__ import annotations

from dataclasses import dataclass

LAST_RESULT = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Where a list stands: its number (from 1), its size, and how many results there are."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The last page that can be reached."""
        reachable = min(self.total, LAST_RESULT)
        return max(1, -(-reachable // self.size))

    @property
    def offset(self) -> int:
        """How many results come before this page."""
        return (self.number - 1) * self.size

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to show, None for a gap: the ends and two around this page."""
        wanted = sorted({1, self.last, *range(self.number - 1, self.number + 2)})
        shown = [n for n in wanted if 1 <= n <= self.last]
        out: list[int | None] = []
        for before, n in zip([0, *shown], shown, strict=False):
            if n - before > 1:
                out.append(None)
            out.append(n)
        return out
