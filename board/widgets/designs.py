"""A widget's settings as one value: kept as JSON, alike for a draft and what is shown."""

from __future__ import annotations

from typing import Any

import msgspec

from board.config import LANGUAGES
from board.widgets.rules import Layout, Theme

AS_READER = "auto"


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """Everything that its builder can set; what a later version adds has a default."""

    title: str = ""
    intro: str = ""
    empty: str = ""
    layout: Layout = Layout.CARDS
    language: str = AS_READER
    theme: Theme = Theme.AUTO
    heading_level: int = 2
    per_page: int = 5
    has_search: bool = True
    has_tabs: bool = True
    has_publish: bool = True
    ground: str = ""
    ink: str = ""
    link: str = ""
    sites: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    without_kinds: tuple[str, ...] = ()
    without_categories: tuple[str, ...] = ()
    without_organisations: tuple[str, ...] = ()
    without_tags: tuple[str, ...] = ()
    post: str = ""
    asks_nod: bool = False
    welcome: tuple[str, ...] = ()

    def language_for(self, *wished: str) -> str | None:
        """Return the first language that the board speaks: the setting's, then what is wished."""
        own = () if self.language == AS_READER else (self.language,)
        for text in (*own, *wished):
            code: str = text.strip().replace("_", "-").partition("-")[0].lower()
            if code in LANGUAGES:
                return code
        return None


def read(kept: dict[str, Any]) -> Design:
    """Read what was kept."""
    return msgspec.convert(kept, Design)


def written(design: Design) -> dict[str, Any]:
    """Write a design to be kept."""
    out: dict[str, Any] = msgspec.to_builtins(design)
    return out
