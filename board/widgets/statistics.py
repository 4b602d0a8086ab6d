"""What was counted of a widget, as its owner reads it: small numbers are not told."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from board.extensions import db
from board.widgets.models import WidgetCount
from board.widgets.rules import Metric

LEAST_TOLD = 5
MASKED = "<5"
MOST_SITES_TOLD = 50
WIDE, HIGH = 720, 160


@dataclass(frozen=True, slots=True)
class Row:
    """A day or a site, and what was counted of it."""

    name: Any
    numbers: dict[Metric, int]

    def told(self, metric: Metric) -> str:
        """Return a number as it is told."""
        return told(self.numbers.get(metric, 0))


def told(number: int) -> str:
    """Few are nobody's business: from one to four, only that there were some."""
    return MASKED if 0 < number < LEAST_TOLD else str(number)


def by_day(widget_id: int, first: date, last: date) -> list[Row]:
    """Return each day, also those without any."""
    found = _sums(WidgetCount.day, widget_id, first, last)
    days = (last - first).days + 1
    every = [first + timedelta(days=n) for n in range(days)]
    return [Row(day, found.get(day, {})) for day in every]


def by_site(widget_id: int, first: date, last: date) -> list[Row]:
    """Return each site, those with most views first."""
    found = _sums(WidgetCount.host, widget_id, first, last)
    rows = [Row(host, numbers) for host, numbers in found.items()]
    rows.sort(key=lambda row: (-row.numbers.get(Metric.VIEW, 0), row.name))
    return rows[:MOST_SITES_TOLD]


def total(rows: Sequence[Row]) -> Row:
    """Add rows up."""
    return Row("", {m: sum(row.numbers.get(m, 0) for row in rows) for m in Metric})


def _sums(column: Any, widget_id: int, first: date, last: date) -> dict[Any, dict[Metric, int]]:
    rows = (
        select(column, WidgetCount.metric, func.sum(WidgetCount.n))
        .where(WidgetCount.widget_id == widget_id, WidgetCount.day.between(first, last))
        .group_by(column, WidgetCount.metric)
        .order_by(column)
    )
    found: dict[Any, dict[Metric, int]] = {}
    for name, metric, n in db.session.execute(rows):
        found.setdefault(name, {})[metric] = int(n)
    return found


def bars(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a bar for each day; what is not told is drawn as the least that is."""
    shown = [_drawn(row.numbers.get(Metric.VIEW, 0)) for row in rows]
    most, step = max([*shown, LEAST_TOLD]), WIDE / max(1, len(rows))
    return [
        {"x": round(n * step + 1, 1), "y": round(HIGH - HIGH * views / most, 1),
         "width": round(step - 2, 1), "height": round(HIGH * views / most, 1)}
        for n, views in enumerate(shown)
    ]  # fmt: skip


def _drawn(number: int) -> int:
    return LEAST_TOLD - 1 if 0 < number < LEAST_TOLD else number


def as_csv(widget_id: int, first: date, last: date) -> bytes:
    """Write every number as a sheet: UTF-8 with its mark, cells that no sheet takes for sums."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["day", "site", "metric", "n"])
    rows = (
        select(WidgetCount.day, WidgetCount.host, WidgetCount.metric, WidgetCount.n)
        .where(WidgetCount.widget_id == widget_id, WidgetCount.day.between(first, last))
        .order_by(WidgetCount.day, WidgetCount.host, WidgetCount.metric)
    )
    for day, host, metric, n in db.session.execute(rows):
        writer.writerow([day.isoformat(), plain(host), metric.value, told(n)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def plain(cell: str) -> str:
    """Keep a cell from being taken for a formula."""
    return "'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
