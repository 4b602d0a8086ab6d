"""How often a widget was seen, for who owns it: a chart, the same in tables, a sheet."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.clock import today
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.posts import words
from board.web import render
from board.web.context import settings
from board.widgets import counting, queries, statistics
from board.widgets.blueprint import bp
from board.widgets.rules import Metric

SPANS = (30, 90, 365)


@bp.get("/<uuid:widget_id>/statistics")
@editor_required
def show_statistics(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Show views, opened posts and answers by day and by site."""
    widget, (first, last) = queries.get_own(organisation.id, widget_id), _span()
    days = statistics.by_day(widget.id, first, last)
    sites = statistics.by_site(widget.id, first, last)
    names = _unnamed()
    return render(
        "widgets/statistics.html",
        widget=widget,
        organisation=organisation,
        total=statistics.total(days),
        days=[(words.day(row.name, last), row) for row in reversed(days) if row.sums],
        bars=statistics.bars(days),
        by_week=statistics.by_week(days),
        chart=(statistics.WIDE, statistics.HIGH),
        sites=[(names.get(row.name, row.name), row) for row in sites],
        metrics=list(Metric),
        names={metric.value: word for metric, word in statistics.METRICS.items()},
        spans=SPANS,
        chosen=(last - first).days + 1,
        first=words.day(first, last),
    )


@bp.get("/<uuid:widget_id>/statistics.csv")
@editor_required
def statistics_sheet(organisation: Organisation, widget_id: UUID) -> ResponseReturnValue:
    """Give the same as a sheet."""
    widget, (first, last) = queries.get_own(organisation.id, widget_id), _span()
    body = statistics.as_csv(widget.id, first, last, _unnamed())
    response = Response(body, content_type="text/csv; charset=utf-8")
    name = f"module-{str(widget.uuid)[:8]}-{last.isoformat()}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _unnamed() -> dict[str, str]:
    """Name the sites that have no name of their own."""
    return {counting.ELSEWHERE: _("site qui ne se nomme pas"), counting.OTHERS: _("autres sites")}


def _span() -> tuple[date, date]:
    """Return the first and the last day that is asked for; a month unless said otherwise."""
    text = request.args.get("days", "")
    days = int(text) if text in {str(span) for span in SPANS} else SPANS[0]
    last = today(settings().timezone)
    return last - timedelta(days=days - 1), last
