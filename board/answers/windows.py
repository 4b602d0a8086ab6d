"""The days of a line: an answer stays within them, and none comes once the last one is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from board.answers.models import Response
from board.clock import today
from board.errors import Invalid
from board.posts import cards, rules, words
from board.posts.models import Line, Post

Days = tuple[date | None, date | None]


def is_past(post: Post, line: Line) -> bool:
    """Whether the last day of a line is over, where the post is."""
    return rules.is_past(line.needed_until, today(post.timezone))


def takes_answers(post: Post, line: Line) -> bool:
    """Whether a line stands and has days to come."""
    return rules.is_active(line) and not is_past(post, line)


def all_past(post: Post) -> bool:
    """Whether every line that stands has its last day behind it."""
    standing = [line for line in post.lines if rules.is_active(line)]
    return bool(standing) and all(is_past(post, line) for line in standing)


def is_over(response: Response) -> bool:
    """Whether all that an answer is about has its last day behind it."""
    lines = [one.line for one in response.lines]
    return bool(lines) and all(is_past(response.post, line) for line in lines)


def is_outside(line: Line, days: Days) -> bool:
    """Whether one of these days, as far as they are named, is none of the line's."""
    return any(_is_outside(line, day) for day in days)


def within(line: Line, days: Days) -> Days:
    """Return the days that are meant: where none is named, the line's own."""
    return days[0] or line.needed_from, days[1] or line.needed_until


def check_open(post: Post) -> None:
    """A post whose days are all over takes no answer, and says why."""
    if all_past(post):
        raise Invalid("", over())


def check(post: Post, wanted: Iterable[tuple[Line, Days]]) -> None:
    """Refuse days that the author never named, and what is past."""
    for line, days in wanted:
        if is_past(post, line):
            raise Invalid(f"line-{line.uuid}", past(line))
        if is_outside(line, days):
            field = "first" if _is_outside(line, days[0]) else "last"
            raise Invalid(field, _outside(post, line))


def over() -> str:
    """Say why nobody can answer a post any more."""
    return _("Le dernier jour de cette annonce est passé\u00a0: on ne peut plus y répondre.")


def past(line: Line) -> str:
    """Say that a line is over."""
    return _("%(line)s\u00a0: le dernier jour est passé.", line=cards.masked(line.title))


def said(post: Post, line: Line) -> str:
    """Say the days of a line: « du 10 au 12 décembre »."""
    days = words.window_words(
        post.purpose, line.needed_from, line.needed_until, today(post.timezone)
    )
    return str(days.striptags() if isinstance(days, Markup) else days)


def other_days(post: Post, line: Line) -> str:
    """Say to an editor why days that somebody asked for cannot be promised."""
    return _(
        "%(line)s\u00a0: %(days)s seulement, et cette réponse est pour d’autres jours. Changez les"
        " jours de l’annonce, ou demandez d’autres jours dans la conversation.",
        line=cards.masked(line.title), days=said(post, line),
    )  # fmt: skip


def _outside(post: Post, line: Line) -> str:
    return _(
        "%(line)s\u00a0: %(days)s seulement. Choisissez des jours dans cette période, ou laissez"
        " les jours vides.",
        line=cards.masked(line.title), days=said(post, line),
    )  # fmt: skip


def _is_outside(line: Line, day: date | None) -> bool:
    early = day is not None and line.needed_from is not None and day < line.needed_from
    late = day is not None and line.needed_until is not None and day > line.needed_until
    return early or late
