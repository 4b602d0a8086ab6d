"""What is asked of the board, as a value: read from an address, written back to one."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board.errors import Invalid
from board.posts.rules import Attendance, Basis, Freshness, Kind, Purpose
from board.search.values import LONGEST_Q, PER_PAGE, READERS, Cursor, Sort
from board.web.pagination import LAST_RESULT

__all__ = ["LAST_RESULT", "LONGEST_Q", "PER_PAGE", "Bounds", "Cursor", "Query", "Sort"]

MOST_VALUES = 20
Args = MultiDict[str, str]
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a widget leaves out, and what alone it lets in; no address says it.

    With `accepted`, only those posts pass, and all of the `welcome` organisations.
    """

    without_organisations: tuple[int, ...] = ()
    without_concepts: tuple[int, ...] = ()
    without_kinds: tuple[str, ...] = ()
    refused: frozenset[int] = frozenset()
    accepted: frozenset[int] | None = None
    welcome: tuple[int, ...] = ()
    without_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Words, filters, an order and a page; `sort` None is the order that goes with the words.

    Without `counts`, only needs and offers are counted: nobody is shown the rest.
    """

    q: str = ""
    purpose: Purpose | None = None
    kinds: tuple[Kind, ...] = ()
    bases: tuple[Basis, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    radius_km: int | None = None
    from_: date | None = None
    until: date | None = None
    attendances: tuple[Attendance, ...] = ()
    languages: tuple[str, ...] = ()
    freshnesses: tuple[Freshness, ...] = ()
    closed: bool = False
    sort: Sort | None = None
    page: int = 1
    per_page: int = PER_PAGE
    cursor: Cursor | None = None
    bounds: Bounds | None = None
    counts: bool = True

    @property
    def order(self) -> Sort:
        """The order in force: by relevance when there are words, else the newest first."""
        wanted = self.sort or default_sort(self.q)
        return Sort.NEWEST if wanted is Sort.RELEVANCE and not self.q else wanted

    @property
    def offset(self) -> int:
        """How many results come before this page."""
        return (self.page - 1) * self.per_page

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words, order and page narrows the list."""
        return any(getattr(self, NAMES[name]) not in (None, (), False) for name in FILTERS)


NAMES = {
    "q": "q",
    "purpose": "purpose",
    "kind": "kinds",
    "basis": "bases",
    "category": "categories",
    "tag": "tags",
    "organisation": "organisations",
    "near": "near",
    "radius_km": "radius_km",
    "from": "from_",
    "until": "until",
    "attendance": "attendances",
    "language": "languages",
    "freshness": "freshnesses",
    "closed": "closed",
    "sort": "sort",
    "page": "page",
    "per_page": "per_page",
    "cursor": "cursor",
}
FACETED = (
    "kind", "basis", "category", "tag", "organisation", "attendance", "language", "freshness",
)  # fmt: skip
FILTERS = tuple(name for name in NAMES if name not in {"q", "sort", "page", "per_page", "cursor"})
_DEFAULTS = {field.name: field.default for field in fields(Query)}


def default_sort(q: str) -> Sort:
    """Relevance when there are words, else the newest first."""
    return Sort.RELEVANCE if q else Sort.NEWEST


def parse(args: Args, *, strict: bool = False) -> Query:
    """Read a query from an address; Invalid names the first value that cannot be.

    With `strict`, a name that is no filter is refused too.
    """
    if strict:
        for name in args:
            if name not in NAMES:
                raise Invalid(name, _("Ce filtre n’existe pas."))
    values = {NAMES[name]: read(name, _given(args, name)) for name, read in READERS.items()}
    query = Query(**values)
    _check(query, paged="page" in args)
    return query


def to_args(query: Query) -> list[tuple[str, str]]:
    """Write a query as the arguments of an address, always in the same order, defaults left out."""
    pairs: list[tuple[str, str]] = []
    for name, attribute in NAMES.items():
        value = getattr(query, attribute)
        if value == _DEFAULTS[attribute] or (name == "sort" and value is default_sort(query.q)):
            continue
        several = value if isinstance(value, tuple) and name != "near" else (value,)
        pairs += [(name, _written(name, each)) for each in several]
    return pairs


def with_(query: Query, name: str, value: Any) -> Query:
    """Return the query with one value more (repeatable filters) or another one; first page."""
    attribute = NAMES[name]
    if isinstance(_DEFAULTS[attribute], tuple):
        kept = getattr(query, attribute)
        value = kept if value in kept else tuple(sorted((*kept, value)))
    changes: dict[str, Any] = {"page": 1, "cursor": None}
    return replace(query, **{**changes, attribute: value})


def without(query: Query, name: str, value: Any = None) -> Query:
    """Return the query with one value less, or without that filter; first page."""
    attribute = NAMES[name]
    left = _DEFAULTS[attribute]
    if value is not None and isinstance(left, tuple):
        left = tuple(each for each in getattr(query, attribute) if each != value)
    changes: dict[str, Any] = {"page": 1, "cursor": None}
    changed = replace(query, **{**changes, attribute: left})
    if name == "near":
        sort = None if query.sort is Sort.NEAREST else query.sort
        return replace(changed, radius_km=None, sort=sort)
    return changed


def _given(args: Args, name: str) -> list[str]:
    texts = (_CONTROL.sub(" ", text).strip() for text in args.getlist(name))
    values = list(dict.fromkeys(text for text in texts if text))
    if len(values) > MOST_VALUES:
        raise Invalid(name, _("Il y a trop de valeurs."))
    return values


def _written(name: str, value: Any) -> str:
    if name == "near":
        return f"{value[0]:.2f},{value[1]:.2f}"
    if isinstance(value, bool):
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)


def _check(query: Query, *, paged: bool) -> None:
    if query.radius_km is not None and query.near is None:
        raise Invalid("radius_km", _("Une distance demande un lieu."))
    if query.sort is Sort.NEAREST and query.near is None:
        raise Invalid("sort", _("Pour classer par distance, choisissez un lieu."))
    if query.from_ and query.until and query.until < query.from_:
        raise Invalid("until", _("La date de fin vient avant la date de début."))
    if query.cursor is not None and paged:
        raise Invalid("cursor", _("Donnez une page ou un curseur, pas les deux."))
    if query.cursor is not None and query.order is not Sort.NEWEST:
        raise Invalid("cursor", _("Un curseur ne vaut que pour l’ordre « newest »."))
    if query.offset >= LAST_RESULT:
        raise Invalid("page", _("On ne peut pas aller au-delà de mille annonces."))
