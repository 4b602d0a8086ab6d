"""The table that `make bench` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """A goal (None where none was set), what was measured, and the servers' own time for it."""

    name: str
    goal: float | None
    figure: float
    cpu_ms: Sequence[float] = ()
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Met or not."""
        if self.goal is None:
            return ""
        met = self.figure <= self.goal if self.at_most else self.figure >= self.goal
        return "met" if met else "NOT MET"

    @property
    def cells(self) -> tuple[str, ...]:
        """The row in words."""
        sign = "≤" if self.at_most else "≥"
        goal = "" if self.goal is None else f"{sign} {self.goal:g}"
        figure = f"{self.figure:.0f}" if self.at_most else f"{self.figure:.2f}"
        return (
            self.name,
            goal,
            figure,
            self.verdict,
            f"{median(self.cpu_ms):.2f}" if self.cpu_ms else "",
        )


@dataclass(slots=True)
class Table:
    """Rows and notes; H is the rate of the bare hello in the same round."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Add a row."""
        self.rows.append(row)
        print("  ".join(row.cells), flush=True)

    def note(self, text: str) -> None:
        """Add a line above the table."""
        self.notes.append(text)

    def __str__(self) -> str:
        cells = [
            ("what", "goal (× H)", "figure", "", "CPU ms"),
            *(row.cells for row in self.rows),
        ]
        widths = [max(len(row[i]) for row in cells) for i in range(5)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in cells]
        return "\n".join(["", self.title, *self.notes, "", *lines, ""])
