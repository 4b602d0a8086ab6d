"""The boxes of a filter as HTML: a page has hundreds, and a search gives each another number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup, escape


@lru_cache(maxsize=4_096)
def _pieces(name: str, value: str, label: str, form: str | None) -> tuple[str, str]:
    """Write a box but for whether it is checked, which stands between the two, and its count."""
    row = Markup(
        '\n<label class="filter-row" for="filter-{0}-{1}"><input type="checkbox"'
        ' id="filter-{0}-{1}" name="{0}" value="{1}"{3}|><span>{2}</span>'
    )
    owner = Markup(' form="{}"').format(form) if form else ""
    before, _bar, after = row.partition("|")
    return str(before.format(name, value, label, owner)), str(after.format(name, value, label))


def filter_rows(name: str, options: Sequence[Mapping[str, Any]], form: str | None = None) -> Markup:
    """Write the boxes of these options: value, label, whether checked, and count (or None).

    `form` is the id of the form that they belong to, where it is not around them.
    """
    out: list[str] = []
    for option in options:
        before, after = _pieces(name, str(option["value"]), str(option["label"]), form)
        count = option["count"]
        said = "" if count is None else f' <span class="filter-count">{escape(count)}</span>'
        checked = " checked" if option["checked"] else ""
        out.append(f"{before}{checked}{after}{said}</label>")
    return Markup("".join(out))  # noqa: S704 - each piece is escaped


def checked_words(options: Sequence[Mapping[str, Any]]) -> str:
    """Name the boxes that are checked."""
    return ", ".join(str(option["label"]) for option in options if option["checked"])


def register(app: Flask) -> None:
    """Give them to the templates."""
    app.jinja_env.globals |= {"filter_rows": filter_rows, "checked_words": checked_words}
