"""Bounded paging by number: at most `LAST_RESULT` results can be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from board.errors import Invalid

LAST_RESULT = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Where a list stands: its number (from 1), its size, and how many results there are."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The last page that can be reached."""
        reachable = min(self.total, LAST_RESULT)
        return max(1, -(-reachable // self.size))

    @property
    def ends_early(self) -> bool:
        """Whether this is the last page that can be reached, and there is more."""
        return self.number == self.last and self.last * self.size < self.total

    def check(self) -> None:
        """Refuse a page after the last one; an empty list has one page."""
        if self.number > self.last:
            message = ngettext(
                "Cette liste n’a qu’une page, la voici.",
                "Cette liste a %(num)s pages, voici la première.",
                self.last,
            )
            raise Invalid("page", message)

    @property
    def offset(self) -> int:
        """How many results come before this page."""
        return (self.number - 1) * self.size

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to show, None for a gap: the ends and two around this page."""
        wanted = sorted({1, self.last, *range(self.number - 1, self.number + 2)})
        shown = [n for n in wanted if 1 <= n <= self.last]
        out: list[int | None] = []
        for before, n in zip([0, *shown], shown, strict=False):
            if n - before > 1:
                out.append(None)
            out.append(n)
        return out

    def links(self, address: Callable[[int], str]) -> list[dict[str, Any]]:
        """Return what the page links print, each with its address; a gap has none."""
        return [
            {"number": n, "url": address(n) if n else None, "current": n == self.number}
            for n in self.numbers
        ]


def read_page(text: str) -> int:
    """Return the number of a page as an address writes it; Invalid when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) >= 1):
        raise Invalid("page", _("Ce numéro de page n’existe pas."))
    return int(text)
