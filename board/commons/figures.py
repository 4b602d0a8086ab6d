"""What moderators decided, counted for everybody; small counts stay unsaid."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from board.moderation import log, words
from board.moderation.rules import MASKED_BELOW, Rule, Verdict, masked


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: its title, and how many decisions of each kind cite it."""

    title: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year, in words that may be published."""

    year: int
    rows: list[Row]
    reports: str
    appeals: str


def years() -> list[YearFigures]:
    """Return the figures of each year, the newest first; no totals, so that none is found again."""
    return [_of(one) for one in log.years()]


def _of(year: log.Year) -> YearFigures:
    rules: list[Rule | None] = [*Rule, None]
    rows = [
        Row(_title(rule), [_said(year.decisions.get((rule, one), 0)) for one in Verdict])
        for rule in rules
        if any(year.decisions.get((rule, one)) for one in Verdict)
    ]
    return YearFigures(year.year, rows, _said(year.reports), _said(year.appeals))


def _title(rule: Rule | None) -> str:
    if rule is None:
        return _("publiée d’elle-même après l’attente")
    return f"{rule.number}. {words.TITLES[rule]}"


def _said(n: int) -> str:
    shown = masked(n)
    return _("moins de %(n)s", n=MASKED_BELOW) if shown is None else str(shown)
