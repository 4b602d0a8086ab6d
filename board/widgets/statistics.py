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


@dataclass(frozen=True, slots=True)
class Row:
    """A day or a site, what was counted of it, and how much of that the sheet does not tell."""

    name: Any
    numbers: dict[Metric, int]
    hidden: dict[Metric, int]

    def told(self, metric: Metric) -> str:
        """Return a sum as it is told: what the sheet keeps back is not found by taking away."""
        number, hidden = self.numbers.get(metric, 0), self.hidden.get(metric, 0)
        if number == hidden or not 0 < hidden < LEAST_TOLD:
            return told(number)
        return f"{number - hidden}+"

    def drawn(self, metric: Metric) -> int:
        """Return how high it is drawn: no higher than it is told."""
        number, hidden = self.numbers.get(metric, 0), self.hidden.get(metric, 0)
        if 0 < number < LEAST_TOLD:
            return LEAST_TOLD - 1
        return number - hidden if 0 < hidden < LEAST_TOLD and hidden < number else number


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
    rows.sort(key=lambda row: (-row.numbers.get(Metric.VIEW, 0), row.name))
    return rows[:MOST_SITES_TOLD]


def total(rows: Sequence[Row]) -> Row:
    """Add rows up."""
    numbers = {m: sum(row.numbers.get(m, 0) for row in rows) for m in Metric}
    return Row("", numbers, {m: sum(row.hidden.get(m, 0) for row in rows) for m in Metric})


Sums = tuple[dict[Metric, int], dict[Metric, int]]


def _sums(column: Any, widget_id: int, first: date, last: date) -> dict[Any, Sums]:
    """Return for each day or site all that was counted, and what of it is in small numbers."""
    small = case((WidgetCount.n < LEAST_TOLD, WidgetCount.n), else_=0)
    rows = (
        select(column, WidgetCount.metric, func.sum(WidgetCount.n), func.sum(small))
        .where(WidgetCount.widget_id == widget_id, WidgetCount.day.between(first, last))
        .group_by(column, WidgetCount.metric)
        .order_by(column)
    )
    found: dict[Any, Sums] = {}
    for name, metric, n, hidden in db.session.execute(rows):
        numbers, kept_back = found.setdefault(name, ({}, {}))
        numbers[metric], kept_back[metric] = int(n), int(hidden)
    return found


def bars(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a bar for each day; what is not told is drawn as the least that is."""
    shown = [row.drawn(Metric.VIEW) for row in rows]
    most, step = max([*shown, LEAST_TOLD]), WIDE / max(1, len(rows))
    return [
        {"x": round(n * step + 1, 1), "y": round(HIGH - HIGH * views / most, 1),
         "width": round(step - 2, 1), "height": round(HIGH * views / most, 1)}
        for n, views in enumerate(shown)
    ]  # fmt: skip


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
