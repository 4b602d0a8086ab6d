"""How answers fare: how many got a word, and how soon; counted now and then, never by a page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from statistics import median
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from board import news
from board.answers.models import OutcomeAsked, Response
from board.answers.queries import counts
from board.answers.rules import FEWEST, State
from board.clock import now
from board.extensions import db
from board.posts.models import Post
from board.posts.rules import Outcome
from board.search.remarks import Remark

PERIOD = timedelta(days=365)
HOURS = 24
# A word came, whoever pressed the button; released is the board's own word, after nobody's.
ANSWERED = frozenset({State.IN_REVIEW, State.COMMITTED, State.DONE, State.DECLINED, State.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a hundred answers how many got a word, and how many hours half of them waited at most."""

    percent: int
    hours: int


def refresh() -> bool:
    """Count again and keep it where every page reads it; says whether anything changed."""
    found = _count()
    return news.say_figures(json.dumps(asdict(found)) if found else "")


def current() -> Figures | None:
    """Return what was counted last; None while there are too few answers to tell."""
    kept = news.version().figures
    return Figures(**json.loads(kept)) if kept else None


def on_home() -> Remark | None:
    """Say it on the home."""
    found = current()
    if found is None:
        return None
    return Remark(in_words(found), url_for("pages.answer_figures"), _("Comment c’est compté"))


def in_words(found: Figures) -> str:
    """Say both figures in one sentence."""
    days = -(-found.hours // HOURS)
    soon = (
        _("la moitié le jour même")
        if days <= 1
        else ngettext("la moitié en %(num)s\u00a0jour", "la moitié en %(num)s\u00a0jours", days)
    )
    return _("%(n)s\u00a0%% des réponses reçoivent un mot de l’organisation, %(soon)s.",
             n=found.percent, soon=soon)  # fmt: skip


def outcomes() -> dict[str, dict[Outcome, int]]:
    """Return how posts and agreements of the last year ended, by what was said of them."""
    since = now() - PERIOD
    posts = select(Post.outcome, func.count(Post.id)).where(
        Post.outcome.is_not(None), func.coalesce(Post.met_at, Post.withdrawn_at) >= since
    )
    answers = select(OutcomeAsked.code, func.count(OutcomeAsked.id)).where(
        OutcomeAsked.response_id.is_not(None), OutcomeAsked.said_at >= since
    )
    return {
        "posts": _by_code(posts.group_by(Post.outcome)),
        "answers": _by_code(answers.group_by(OutcomeAsked.code)),
    }


def _by_code(rows: Any) -> dict[Outcome, int]:
    return {code: n for code, n in db.session.execute(rows) if code is not None}


def _count() -> Figures | None:
    """Count what is settled: what still waits, or was taken back before, says nothing."""
    rows = select(Response.state, Response.confirmed_at, Response.replied_at)
    rows = rows.where(counts(), Response.confirmed_at >= now() - PERIOD).order_by(Response.id)
    waits: list[float] = []
    answered = silent = 0
    for state, confirmed_at, replied_at in db.session.execute(rows):
        if replied_at is not None and confirmed_at is not None:
            waits.append((replied_at - confirmed_at) / timedelta(hours=1))
        answered += replied_at is not None or state in ANSWERED
        silent += replied_at is None and state is State.RELEASED
    if len(waits) < FEWEST:
        return None
    return Figures(round(100 * answered / (answered + silent)), max(0, ceil(median(waits))))
