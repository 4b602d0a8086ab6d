"""Every decision ever taken, and how many of each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from board.clock import now
from board.extensions import db
from board.moderation.models import Appeal, Decision, Report
from board.moderation.rules import Rule, Verdict

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Year:
    """What moderation did in one year: decisions by rule and verdict, reports, appeals."""

    year: int
    decisions: dict[tuple[Rule | None, Verdict], int]
    reports: int
    appeals: int


def count() -> int:
    """Return how many decisions there are."""
    return db.session.scalar(select(func.count(Decision.id))) or 0


def decisions(*, offset: int, limit: int = PER_PAGE) -> list[Decision]:
    """Return decisions, the newest first."""
    rows = select(Decision).options(
        joinedload(Decision.by), joinedload(Decision.post), joinedload(Decision.organisation),
        joinedload(Decision.appeal),
    )  # fmt: skip
    rows = rows.order_by(Decision.id.desc()).offset(offset).limit(min(limit, 100))
    return list(db.session.scalars(rows))


def years() -> list[Year]:
    """Return what moderation did, year by year, the newest first (years of UTC)."""
    reports, appeals = _by_year(Report), _by_year(Appeal)
    year = func.extract("year", Decision.created_at)
    rows = db.session.execute(
        select(year, Decision.rule, Decision.verdict, func.count(Decision.id))
        .group_by(year, Decision.rule, Decision.verdict)
        .order_by(year)
    )
    decided: dict[int, dict[tuple[Rule | None, Verdict], int]] = {}
    for at, rule, verdict, n in rows:
        decided.setdefault(int(at), {})[rule, verdict] = n
    known = sorted({*reports, *appeals, *decided, now().year}, reverse=True)
    return [Year(one, decided.get(one, {}), reports[one], appeals[one]) for one in known]


def _by_year(model: type[Report] | type[Appeal]) -> Counter[int]:
    year = func.extract("year", model.created_at)
    rows = db.session.execute(select(year, func.count(model.id)).group_by(year).order_by(year))
    return Counter({int(at): n for at, n in rows})
