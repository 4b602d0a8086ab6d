"""`/metrics`: figures about the running board for Prometheus, for its operator alone."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import cache

from flask import Flask, Response, g
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import case, func, select

from board import debts, jobs
from board.clock import now
from board.extensions import db
from board.logs import method_of_request, rule_of_request
from board.mail import Mail
from board.web import page_cache
from board.web.access import Authority, authority
from board.web.operators import is_operator

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_own = CollectorRegistry()
_durations = Histogram(
    "babillard_request_duration_seconds",
    "Time to answer, by the rule of the route.",
    ("method", "rule", "status"),
    buckets=BUCKETS,
    registry=_own,
)
_kept = Counter(
    "babillard_kept_answers",
    "Public pages answered from what was kept, beside those that are timed.",
    ("status",),
    registry=_own,
)
Figures = Iterator[Metric]


class OfTheBoard:
    """Figures that are asked of the database when somebody looks."""

    def collect(self) -> Iterable[Metric]:
        """Give each figure."""
        yield from _posts()
        yield from _mail()
        yield from _debts()
        yield from _worker()


def _posts() -> Figures:
    from board.posts.models import Post

    state = case(
        (Post.hidden_at.is_not(None), "hidden"),
        (Post.withdrawn_at.is_not(None), "withdrawn"),
        (Post.declined_at.is_not(None), "declined"),
        (Post.published_at.is_(None) & Post.submitted_at.is_not(None), "submitted"),
        (Post.published_at.is_(None), "draft"),
        (Post.paused_at.is_not(None), "paused"),
        (Post.expires_at <= now(), "expired"),
        (Post.met_at.is_not(None), "met"),
        else_="published",
    ).label("state")
    figure = GaugeMetricFamily("babillard_posts", "Posts by state.", labels=["state"])
    for name, number in db.session.execute(select(state, func.count()).group_by(state)):
        figure.add_metric([name], number)
    yield figure


def _mail() -> Figures:
    owed = select(func.count(), func.min(Mail.created_at)).where(Mail.due_at.is_not(None))
    number, since = db.session.execute(owed).one()
    yield GaugeMetricFamily("babillard_mail_owed", "Mails that wait to be sent.", number)
    age = (now() - since).total_seconds() if since else 0
    words = "How long the oldest of them waits."
    yield GaugeMetricFamily("babillard_mail_oldest_owed_seconds", words, age)


def _debts() -> Figures:
    """What is owed elsewhere: to the search server, to matching."""
    owed = GaugeMetricFamily("babillard_debt_owed", "Objects owed.", labels=["consumer"])
    words = "How long the oldest of them waits."
    age = GaugeMetricFamily("babillard_debt_oldest_owed_seconds", words, labels=["consumer"])
    for consumer in debts.CONSUMERS:
        number, seconds = debts.lag(consumer)
        owed.add_metric([consumer], number)
        age.add_metric([consumer], seconds)
    yield owed
    yield age


def _worker() -> Figures:
    beaten = jobs.last_beat()
    if beaten is not None:
        age = (now() - beaten).total_seconds()
        words = "How long ago the worker showed itself."
        yield GaugeMetricFamily("babillard_worker_beat_age_seconds", words, age)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    if values.ValueClass is values.MutexValue:
        registry.register(_own)
    else:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(OfTheBoard())
    return registry


@authority(Authority.OPERATOR)
def metrics() -> ResponseReturnValue:
    """Tell the figures to this machine or to whoever holds the token."""
    if not is_operator():
        headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
        return Response("for the operator only\n", 401, headers, mimetype="text/plain")
    data = generate_latest(_registry())
    return Response(data, headers={"Cache-Control": "no-store"}, content_type=CONTENT_TYPE_LATEST)


def _count(response: Response) -> Response:
    if "began" in g:
        duration = _duration(method_of_request(), rule_of_request(), str(response.status_code))
        duration.observe(time.perf_counter() - g.began)
    return response


@cache
def _duration(method: str, rule: str, status: str) -> Histogram:
    return _durations.labels(method, rule, status)


@cache
def _kept_of(status: int) -> Counter:
    return _kept.labels(str(status))


def _count_kept(status: int) -> None:
    _kept_of(status).inc()


def register(app: Flask) -> None:
    """Count each request; the figures stand at the root, without language or cookie."""
    app.after_request(_count)
    page_cache.counts(_count_kept)
    app.add_url_rule("/metrics", "metrics", metrics)
