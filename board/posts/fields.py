"""Fields of posts: numbers, days and words between commas, kept as they were typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput

from board.folding import fold
from board.posts.rules import MAX_LINES
from board.web.forms import Text
from board.web.numbers import decimal_words

YEARS = range(2000, 2101)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def choice(value: str, label: Any, group: str | None = None) -> Any:
    """Return an option of a list, under the heading `group` when there is one."""
    return SelectChoice(value, label, optgroup=group)


class Number:
    """Refuse what is not a whole number within bounds; `message` says both, as `least`, `most`."""

    def __init__(self, least: int, most: int, message: Any) -> None:
        self.least, self.most, self.message = least, most, message

    def __call__(self, _form: Any, field: Any) -> None:
        """Say how to write it."""
        if not field.data:
            return
        number = as_number(field.data)
        if number is None or not self.least <= number <= self.most:
            least, most = decimal_words(self.least), decimal_words(self.most)
            raise ValidationError(str(self.message) % {"least": least, "most": most})


def as_number(text: str | None) -> int | None:
    """Read « 1 000 » or « 12 »; None when it is no whole number."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", text or "")
    return int(bare) if re.fullmatch(r"[0-9]{1,9}", bare) else None


def as_day(text: str | None) -> date | None:
    """Read a day as browsers send it; None when there is no such day.

    Python would take « 20261130 » and « 2026-W48-1 » too, which nobody means.
    """
    try:
        return date.fromisoformat(text) if text and _DAY.fullmatch(text) else None
    except ValueError:
        return None


class Day(Text):
    """A day, kept as it was typed."""

    widget = DateInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no day."""
        super().pre_validate(form)
        if self.data and as_day(self.data) is None:
            raise ValidationError(_("Écrivez une date comme 2026-11-30."))


def this_century(_form: Any, field: Day) -> None:
    """Refuse a day of a year that nobody means."""
    day = as_day(field.data)
    if day is not None and day.year not in YEARS:
        raise ValidationError(
            _("Écrivez une année de %(first)s à %(last)s.", first=YEARS[0], last=YEARS[-1])
        )


def split_tags(text: str | None) -> list[str]:
    """Return the words between commas, each once."""
    found = {fold(word): word for part in re.split(r"[,;]", text or "") if (word := part.strip())}
    return [word for folded, word in found.items() if folded]


def member(kind: Any, value: Any) -> Any:
    """Return the member of an enum that a field names, if it names one."""
    try:
        return kind(value)
    except ValueError:
        return None


def as_uuid(text: str | None) -> UUID | None:
    """Return an identity as a form sent it, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def too_many_lines(count: int) -> str:
    """Say that a post has more lines than one may have."""
    return _("%(n)s éléments, c’est trop : le maximum est de %(most)s.", n=count, most=MAX_LINES)
