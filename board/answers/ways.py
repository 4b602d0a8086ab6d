"""By which way an answer came: a widget on a partner's site, as whoever keeps widgets tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request

from board.answers.models import Response
from board.posts.fields import as_uuid
from board.posts.models import Post


@dataclass(frozen=True, slots=True)
class Way:
    """A widget, whose it is, and the site that it stood on, as far as a browser says it."""

    widget: UUID
    partner: str
    site: str = ""

    def pairs(self) -> dict[str, str]:
        """Return it as the arguments of an address."""
        return {"via": str(self.widget), **({"site": self.site} if self.site else {})}


Finds = Callable[[UUID, str, Post], Way | None]
Hears = Callable[[UUID, str], None]
_keeper: list[tuple[Finds, Hears]] = []


def kept_by(finds: Finds, hears: Hears) -> None:
    """Let a feature find a widget by its identity, and hear of each answer that came by one."""
    _keeper[:] = [(finds, hears)]


def asked(post: Post, args: Mapping[str, str] | None = None) -> Way | None:
    """Return the way to a post that the address names, if there is one."""
    named = request.args if args is None else args
    widget = as_uuid(named.get("via"))
    if widget is None or not _keeper:
        return None
    return _keeper[0][0](widget, named.get("site", ""), post)


def arrived(response: Response) -> None:
    """Tell that an answer counts which came by a widget; nothing of who gave it."""
    widget = as_uuid(response.widget)
    if widget is not None and response.confirmed_at is not None and _keeper:
        _keeper[0][1](widget, response.partner_site or "")
