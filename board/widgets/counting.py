"""Counting what happens to widgets, about nobody: a day, a widget, a site, a number.

No address and no cookie is looked at, and of the browser only whether it names itself a robot: what
is counted are views, not visitors. Counts wait in the worker's memory and are written together, in
a transaction of their own, by a thread that wakes while something waits; what waits when a machine
dies is lost, and nothing else.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select, update

from board.clock import today
from board.database import writing
from board.extensions import db
from board.widgets.models import Widget, WidgetCount
from board.widgets.rules import Metric

WAIT_S = 20.0
MOST_WAITING = 5_000
MOST_HOSTS_A_DAY = 200
OTHERS = "…"
ELSEWHERE = "-"
LONGEST_HOST = 253
HOST = re.compile(r"[a-z0-9.:-]+")
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python-|headless", re.I)
SAY_THE_SITE = ("Origin", "Referer")
_FRAME = re.compile(r"/embed/[0-9a-f-]{36}")
_VIEW = re.compile(r"/embed/([0-9a-f-]{36})(?:\.json)?$")
_OPEN = re.compile(r"/embed/([0-9a-f-]{36})/p/[0-9a-f-]{36}(/answer)?")
log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """What is counted together."""

    day: date
    widget: UUID
    host: str
    metric: Metric


class Counts:
    """What waits to be written, of one application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._timezone = app.config["BOARD"].timezone
        self._own = app.config["BOARD"].host
        self._lock = threading.Lock()
        self._waiting: Counter[Seen] = Counter()
        self._timer: threading.Timer | None = None

    def hear(self, environ: dict[str, Any], status: int) -> None:
        """Count an answer of a widget; an answer that was kept counts like any other."""
        path = environ["PATH_INFO"]
        view = _VIEW.fullmatch(path) if status in {200, 304} else None
        found = view or (_OPEN.fullmatch(path) if status in {200, 302, 304} else None)
        if found is None or ROBOTS.search(environ.get("HTTP_USER_AGENT", "bot")):
            return
        if environ["REQUEST_METHOD"] != "GET" or (view and _around(environ) == self._own):
            return
        try:
            widget = UUID(found[1])
        except ValueError:
            return
        self.add(widget, self.site_of(environ), Metric.VIEW if view else Metric.OPEN)

    def site_of(self, environ: dict[str, Any]) -> str:
        """Return the site that a question comes from; inside a frame its address says it."""
        around = _around(environ)
        if around not in {self._own, ELSEWHERE}:
            return around
        named = parse_qs(environ.get("QUERY_STRING", "")).get("site", [""])
        return site_named(named[0]) or ELSEWHERE

    def complete(self, environ: dict[str, Any]) -> None:
        """Write the site around a frame into its address: its links hand it on, script or not."""
        if not _FRAME.fullmatch(environ["PATH_INFO"]):
            return
        asked, around = environ.get("QUERY_STRING", ""), _around(environ)
        if around not in {self._own, ELSEWHERE} and not parse_qs(asked).get("site"):
            environ["QUERY_STRING"] = f"{asked}&site={around}".lstrip("&")

    def add(self, widget: UUID, host: str, metric: Metric) -> None:
        """Count once; while too much waits, nothing more does."""
        seen = Seen(today(self._timezone), widget, host, metric)
        with self._lock:
            if len(self._waiting) < MOST_WAITING or seen in self._waiting:
                self._waiting[seen] += 1
            if self._timer is None and not self._app.testing:
                self._timer = threading.Timer(WAIT_S, self._wake)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> int:
        """Write what waits, in the application's context; return how many numbers moved."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
            self._timer = None
        uuids = {seen.widget for seen in waiting}
        with writing():
            rows = select(Widget.uuid, Widget.id).where(Widget.uuid.in_(sorted(uuids)[:1000]))
            ids = {row.uuid: row.id for row in db.session.execute(rows)} if uuids else {}
            for seen, n in waiting.items():
                if seen.widget in ids:
                    _move(ids[seen.widget], seen, n)
            db.session.commit()
        return len(waiting)

    def _wake(self) -> None:
        try:
            with self._app.app_context():
                self.write()
        except Exception:
            log.exception("counts of widgets were lost")


def site_named(text: str) -> str:
    """Return a site's host as an address carries it; nothing where it is none."""
    return text if len(text) <= LONGEST_HOST and HOST.fullmatch(text) else ""


def host_of(address: str) -> str:
    """Return the site of an address, as far as it says one."""
    try:
        host = urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ELSEWHERE
    return host[:LONGEST_HOST] if HOST.fullmatch(host) else ELSEWHERE


def _around(environ: dict[str, Any]) -> str:
    return host_of(environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER") or "")


def _move(widget_id: int, seen: Seen, n: int) -> None:
    host = seen.host if _is_known(widget_id, seen) else OTHERS
    where = (
        (WidgetCount.widget_id == widget_id)
        & (WidgetCount.day == seen.day)
        & (WidgetCount.host == host)
        & (WidgetCount.metric == seen.metric)
    )
    moved = db.session.execute(
        update(WidgetCount).where(where).values(n=WidgetCount.n + n)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        values = {"widget_id": widget_id, "day": seen.day, "host": host, "metric": seen.metric}
        db.session.execute(insert(WidgetCount).values(**values, n=n))


def _is_known(widget_id: int, seen: Seen) -> bool:
    """Whether a site is among the first of its day: who invents sites fills no table."""
    rows = select(WidgetCount.host).where(
        WidgetCount.widget_id == widget_id, WidgetCount.day == seen.day
    )
    hosts = set(db.session.scalars(rows.distinct()))
    return seen.host in hosts or len(hosts) < MOST_HOSTS_A_DAY


def of(app: Flask) -> Counts:
    """Return the counts of an application."""
    counts: Counts = app.extensions["board.widget_counts"]
    return counts
