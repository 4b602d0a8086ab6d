"""What moderators decided and how things ended, counted for everybody; small counts unsaid."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from board.answers import figures as answers
from board.answers import words as answer_words
from board.moderation import log, words
from board.moderation.rules import MASKED_BELOW, Rule, Verdict, masked
from board.posts import words as post_words


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


def endings() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return how posts and agreements of the last year ended, with small counts unsaid."""
    counted = answers.outcomes()
    titles = {"posts": _("Annonces closes"), "answers": _("Engagements pris")}
    labels = {"posts": post_words.OUTCOMES, "answers": answer_words.OUTCOMES}
    return [
        (titles[what], [(str(label), _said(counted[what][code]))
                        for code, label in labels[what].items() if counted[what].get(code)])
        for what in titles
        if counted[what]
    ]  # fmt: skip


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
