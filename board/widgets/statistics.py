"""What was counted of a widget, as its owner reads it: small numbers are not told."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import case, func, select

from board.extensions import db
from board.web.tables import plain
from board.widgets.models import WidgetCount
from board.widgets.rules import Metric

METRICS = {
    Metric.VIEW: lazy_gettext("Vues"),
    Metric.OPEN: lazy_gettext("Annonces ouvertes"),
    Metric.ANSWER: lazy_gettext("Réponses"),
}
LEAST_TOLD = 5
MASKED = "<5"
MOST_SITES_TOLD = 50
WIDE, HIGH = 720, 160
MOST_BARS, DAYS_A_WEEK = 120, 7


@dataclass(frozen=True, slots=True)
class Row:
    """A day or a site: the sum of what the sheet tells, and how many small numbers it masks.

    Nothing else is kept of small numbers: no sum, no order and no bar can give one away.
    """

    name: Any
    sums: dict[Metric, int]
    masked: dict[Metric, int]

    def least(self, metric: Metric) -> int:
        """Return how much it is at least: each masked number is one or more."""
        return self.sums.get(metric, 0) + self.masked.get(metric, 0)

    def told(self, metric: Metric) -> str:
        """Return a sum as it is told: exact, else from how much to how much."""
        least, few = self.least(metric), self.masked.get(metric, 0)
        if not few:
            return str(least)
        most = least + few * (LEAST_TOLD - 2)
        return MASKED if most < LEAST_TOLD else f"{least}–{most}"


def told(number: int) -> str:
    """Few are nobody's business: from one to four, only that there were some."""
    return MASKED if 0 < number < LEAST_TOLD else str(number)


def by_day(widget_id: int, first: date, last: date) -> list[Row]:
    """Return each day, also those without any."""
    found = _sums(WidgetCount.day, widget_id, first, last)
    days = (last - first).days + 1
    every = [first + timedelta(days=n) for n in range(days)]
    return [Row(day, *found.get(day, ({}, {}))) for day in every]


def by_site(widget_id: int, first: date, last: date) -> list[Row]:
    """Return each site, those with most views first."""
    found = _sums(WidgetCount.host, widget_id, first, last)
    rows = [Row(host, *sums) for host, sums in found.items()]
    rows.sort(key=lambda row: (-row.least(Metric.VIEW), row.name))
    return rows[:MOST_SITES_TOLD]


def total(rows: Sequence[Row]) -> Row:
    """Add rows up."""
    sums = {m: sum(row.sums.get(m, 0) for row in rows) for m in Metric}
    return Row("", sums, {m: sum(row.masked.get(m, 0) for row in rows) for m in Metric})


Sums = tuple[dict[Metric, int], dict[Metric, int]]


def _sums(column: Any, widget_id: int, first: date, last: date) -> dict[Any, Sums]:
    """Return for each day or site what is told of it, and how many numbers are not."""
    large = case((WidgetCount.n >= LEAST_TOLD, WidgetCount.n), else_=0)
    few = case((WidgetCount.n.between(1, LEAST_TOLD - 1), 1), else_=0)
    rows = (
        select(column, WidgetCount.metric, func.sum(large), func.sum(few))
        .where(WidgetCount.widget_id == widget_id, WidgetCount.day.between(first, last))
        .group_by(column, WidgetCount.metric)
        .order_by(column)
    )
    found: dict[Any, Sums] = {}
    for name, metric, n, kept_back in db.session.execute(rows):
        sums, masked = found.setdefault(name, ({}, {}))
        sums[metric], masked[metric] = int(n), int(kept_back)
    return found


def bars(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a bar for each day, for each week where days are many; as high as what is sure."""
    together = DAYS_A_WEEK if by_week(rows) else 1
    sure = [row.least(Metric.VIEW) for row in rows]
    first = len(sure) % together  # the days too many for whole weeks come before them
    parts = [sure[:first], *(sure[n : n + together] for n in range(first, len(sure), together))]
    shown = [sum(part) for part in parts if part]
    most, step = max([*shown, LEAST_TOLD]), WIDE / max(1, len(shown))
    return [
        {"x": round(n * step + 1, 1), "y": round(HIGH - HIGH * views / most, 1),
         "width": round(step - 2, 1), "height": round(HIGH * views / most, 1)}
        for n, views in enumerate(shown)
    ]  # fmt: skip


def by_week(rows: Sequence[Row]) -> bool:
    """Whether there are too many days for a bar each."""
    return len(rows) > MOST_BARS


def as_csv(widget_id: int, first: date, last: date, sites: Mapping[str, str]) -> bytes:
    """Write every number as a sheet, in the reader's language.

    UTF-8 with its mark, cells that no sheet takes for sums; `sites` names those without a name.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Jour"), _("Site"), _("Mesure"), _("Nombre")])
    rows = (
        select(WidgetCount.day, WidgetCount.host, WidgetCount.metric, WidgetCount.n)
        .where(WidgetCount.widget_id == widget_id, WidgetCount.day.between(first, last))
        .order_by(WidgetCount.day, WidgetCount.host, WidgetCount.metric)
    )
    for day, host, metric, n in db.session.execute(rows):
        writer.writerow(
            [day.isoformat(), plain(sites.get(host, host)), str(METRICS[metric]), told(n)]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()
