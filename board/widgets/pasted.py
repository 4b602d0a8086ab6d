"""What an address of this board becomes where somebody pastes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from flask import current_app, g, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from board.clock import now
from board.errors import NotFound, OrganisationGone
from board.interchange import published
from board.organisations import queries as organisations
from board.posts import cards, rules, short
from board.posts import queries as posts
from board.posts.models import Post
from board.search import addresses
from board.web.context import settings, with_query
from board.widgets import dress, pasting, queries, shown
from board.widgets.designs import Design
from board.widgets.rules import Theme

LOW = 240


@dataclass(frozen=True, slots=True)
class Pasted:
    """A frame, or a link with its name where the board has no frame to give."""

    title: str
    author: str = ""
    frame: str = ""
    height: int = LOW


@dataclass(frozen=True, slots=True)
class Read:
    """An address of this board, taken apart."""

    values: dict[str, Any]
    args: MultiDict[str, str]

    @property
    def about(self) -> dict[str, str]:
        """What it says of language and light, as far as the board knows them."""
        wished = (self.values.get("language", ""), self.args.get("lang", ""))
        theme = self.args.get("theme", "")
        unknown = settings().language if any(wished) else ""
        about = {"lang": Design().language_for(*wished) or unknown,
                 "theme": theme if theme in set(Theme) else ""}  # fmt: skip
        return {name: value for name, value in about.items() if value}


def of(address: str) -> Pasted | None:
    """Read an address; None when it names nothing of this board that may be shown."""
    endpoint, read = _taken_apart(address)
    become = BECOMES.get(endpoint)
    if become is None:
        return None
    g.language = read.about.get("lang", g.language)
    return become(read)


def post_of(typed: str) -> Post | None:
    """Return the post that an address names, any of those it has, if it may be shown elsewhere."""
    endpoint, read = _taken_apart(typed if "://" in typed else f"https://{typed}")
    become = BECOMES.get(endpoint)
    if become is _post:
        return _shown(read.values["post_id"])
    found = short.find(read.values["code"]) if become is _short else None
    return None if found is None else _shown(found)


def _taken_apart(address: str) -> tuple[str, Read]:
    """Return which page of this board an address is, and what it says; no name when it is none."""
    try:
        parts = urlsplit(address)
        if parts.netloc.lower() == settings().host.lower():
            endpoint, values = _named(unquote(parts.path))
            return endpoint, Read(dict(values), MultiDict(parse_qsl(parts.query)))
    except (ValueError, HTTPException):
        pass
    return "", Read({}, MultiDict())


def _named(path: str) -> tuple[str, Any]:
    """Return which page has a path; people leave out the stroke at its end."""
    adapter = current_app.url_map.bind(settings().host)
    try:
        return adapter.match(path, method="GET")
    except RequestRedirect:
        return adapter.match(path + "/", method="GET")


def _widget(read: Read) -> Pasted | None:
    """The module itself, with what was asked in it."""
    found = dress.opened(read.values["widget_id"])
    if found is None:
        return None
    widget, design = found
    frame = url_for("embed.page", widget_id=widget.uuid)
    asked = {**read.about, **shown.read(read.args).pairs()}
    return Pasted(
        title=design.title or settings().instance_name,
        author=queries.name_of_owner(widget),
        frame=settings().url(with_query(frame, asked)),
        height=pasting.height(design),
    )


def _post(read: Read) -> Pasted | None:
    """Its sheet, in the language of its page."""
    return _sheet(read.values["post_id"], read)


def _short(read: Read) -> Pasted | None:
    """What stands on paper leads to the same sheet."""
    found = short.find(read.values["code"])
    return _sheet(found, read) if found is not None else None


def _shown(post_id: UUID) -> Post | None:
    """Return a post while other sites may show it."""
    post = posts.find_post(post_id)
    return post if post is not None and rules.in_widgets(post, now()) else None


def _sheet(post_id: UUID, read: Read) -> Pasted | None:
    post = _shown(post_id)
    if post is None:
        return None
    frame = with_query(url_for("embed.one_post", post_id=post.uuid), read.about)
    return Pasted(cards.masked(post.title), post.organisation.name, settings().url(frame))


def _organisation(read: Read) -> Pasted | None:
    """A link with its name: what it shows elsewhere is chosen in its own modules."""
    try:
        found, _role = organisations.get_for_page(read.values["slug"], by=None)
    except (NotFound, OrganisationGone):
        return None
    return Pasted(found.name, found.name)


def _search(read: Read) -> Pasted | None:
    """A link with what is looked for; a filter that cannot be read becomes nothing."""
    asked = addresses.read(read.args)
    return None if asked.problems else Pasted(published.title_of(asked))


BECOMES: dict[str, Callable[[Read], Pasted | None]] = {
    "embed.page": _widget,
    "embed.one_post": _post,
    "embed.open_post": _post,
    "embed.answer": _post,
    "post.permalink": _post,
    "post.page": _post,
    "post.short_address": _short,
    "organisations.page": _organisation,
    "search.home": _search,
    "search.board": _search,
    "maps.page": _search,
}
