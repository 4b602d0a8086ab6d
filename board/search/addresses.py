"""From an address to a query and back: the board's filters as people see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from board.errors import Invalid
from board.search.filters import NAMES, Args, Query, Sort, parse, to_args, without
from board.search.values import READERS
from board.taxonomy import place_queries
from board.web.context import settings, with_query
from board.web.unknown import shortened, unknown_words

RADII = (1, 2, 5, 10, 25, 50, 100, 200)
DEFAULT_RADIUS_KM = 25
LONGEST_PLACE = 160
DAYS = ("from", "until")
ALSO_READ = frozenset({"place"})
FILTER_WORDS = {
    "q": lazy_gettext("Mots cherchés"),
    "purpose": lazy_gettext("Besoin ou offre"),
    "kind": lazy_gettext("Genre"),
    "basis": lazy_gettext("Manière"),
    "category": lazy_gettext("Catégorie"),
    "tag": lazy_gettext("Mot-clé"),
    "organisation": lazy_gettext("Organisation"),
    "near": lazy_gettext("Lieu"),
    "radius_km": lazy_gettext("Distance"),
    "from": lazy_gettext("Date de début"),
    "until": lazy_gettext("Date de fin"),
    "attendance": lazy_gettext("Présence"),
    "language": lazy_gettext("Langue"),
    "freshness": lazy_gettext("Fraîcheur"),
    "closed": lazy_gettext("Annonces closes"),
    "sort": lazy_gettext("Ordre"),
    "page": lazy_gettext("Page"),
    "per_page": lazy_gettext("Annonces par page"),
    "cursor": lazy_gettext("Suite de la liste"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the place as it was written, and what could not be understood of the address.

    `typed` is what fields go on showing although it cannot be; `unknown` says what is no filter;
    `note` says where a list that became shorter goes on; `homonyms` are the other places that the
    written name may mean.
    """

    query: Query
    place: str = ""
    problems: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    unknown: str = ""
    note: str = ""
    endpoint: str = "search.board"
    homonyms: tuple[str, ...] = ()

    @property
    def is_understood(self) -> bool:
        """Whether the page answers the whole address."""
        return not self.problems and not self.unknown

    def on(self, endpoint: str) -> Asked:
        """Return the same question, asked on another page."""
        return replace(self, endpoint=endpoint)

    def url(self, query: Query | None = None, **more: str) -> str:
        """Return the address of this query (or another), with the place by its name."""
        query = query or self.query
        pairs: dict[str, Any] = {}
        for name, value in to_args(query):
            pairs.setdefault(name, []).append(value)
        for name, text in self.wrong_days():
            pairs.setdefault(name, [text])
        if self.place and query.near is not None:
            del pairs["near"]
            pairs = {"place": self.place, **pairs}
        return with_query(url_for(self.endpoint), {**pairs, **more})

    def is_day(self, name: str) -> bool:
        """Whether a field that cannot be is at least a date, which a date field can show."""
        return _is_right(name, self.typed.get(name, ""))

    def elsewhere(self) -> list[tuple[str, str]]:
        """Return the other places of that name, each with the address of its posts."""
        others = (replace(self, place=label, homonyms=()) for label in self.homonyms)
        first = replace(self.query, page=1, cursor=None)
        return [(other.place, other.url(first)) for other in others]

    def without_wrong(self, error: Invalid) -> Asked:
        """Return this without the filter that cannot be, and say so."""
        if error.field not in NAMES:
            raise error
        problems = (*self.problems, said(error, [str(v) for v in self._values(error.field)]))
        return replace(self, query=without(self.query, error.field), problems=problems)

    def on_first_page(self, why: Invalid) -> Asked:
        """Return this from its beginning: posts close, so a page that is gone is nobody's fault."""
        return replace(self, query=replace(self.query, page=1), note=why.message)

    def _values(self, name: str) -> tuple[Any, ...]:
        value = getattr(self.query, NAMES[name])
        return value if isinstance(value, tuple) else (value,)

    def wrong_days(self) -> list[tuple[str, str]]:
        """Return the dates that cannot be: every address keeps them until they are mended."""
        return [(name, self.typed[name]) for name in DAYS if name in self.typed]

    def url_without(self, name: str, value: Any = None) -> str:
        """Return the address with one filter less."""
        typed = {each: text for each, text in self.typed.items() if each != name}
        return replace(self, typed=typed).url(without(self.query, name, value))


def read(args: Args, *, also: Collection[str] = ()) -> Asked:
    """Read the board's address; what cannot be understood is left out, said, and kept in sight.

    `also` names what the page itself reads of it.
    """
    values, problems, typed = args.copy(), list[str](), dict[str, str]()
    place, homonyms = _read_place(values, problems)
    while True:
        try:
            query = parse(values)
            break
        except Invalid as error:
            given = values.poplist(error.field)
            values.setlist(error.field, _readable(error.field, given))
            typed[error.field] = " ".join(given)
            if error.field == "near":
                _forget_distance(values)
            problems.append(said(error, given))
    unknown = unknown_words({*NAMES, *ALSO_READ, *also})
    return Asked(query, place, tuple(problems), typed, unknown, homonyms=homonyms)


def _read_place(values: Args, problems: list[str]) -> tuple[str, tuple[str, ...]]:
    """Put the point of the place that was written in its stead; return what its field shows."""
    asked_by_form = "place" in values
    place = " ".join("".join(values.poplist("place")[:1]).split())
    homonyms: tuple[str, ...] = ()
    if place:
        found = place_queries.places_called(place[:LONGEST_PLACE], home=settings().country)
        homonyms = tuple(other.label for other in found[1:])
        if not found:
            known = _("Nous ne connaissons pas de lieu «\u00a0%(place)s\u00a0».",
                      place=shortened(place))  # fmt: skip
            problems.append(known)
        else:
            place = found[0].label
            values["near"] = f"{found[0].public_latitude},{found[0].public_longitude}"
    if values.get("near"):
        values.setdefault("radius_km", str(DEFAULT_RADIUS_KM))
    elif asked_by_form:
        _forget_distance(values)
    return place, homonyms


def _forget_distance(values: Args) -> None:
    """Without a place neither a distance nor the nearest first means anything."""
    values.poplist("radius_km")
    if values.get("sort") == Sort.NEAREST:
        values.poplist("sort")


def _readable(name: str, given: list[str]) -> list[str]:
    """Return the values that can be understood, when others beside them cannot."""
    right = [value for value in given if _is_right(name, value)]
    return right if len(right) < len(given) else []


def _is_right(name: str, value: str) -> bool:
    try:
        READERS[name](name, [value])
    except Invalid:
        return False
    return True


def said(error: Invalid, given: Sequence[str] = ()) -> str:
    """Say what is wrong with a filter, by its name on the page."""
    name, message = str(FILTER_WORDS.get(error.field, error.field)), error.message
    wrong = [value for value in given if not _is_right(error.field, value)]
    if not wrong and name.lower() in message.lower():
        return message
    message = message[:1].lower() + message[1:]
    if not wrong:
        return _("%(name)s\u00a0: %(message)s", name=name, message=message)
    return _(
        "%(name)s «\u00a0%(value)s\u00a0»\u00a0: %(message)s",
        name=name,
        value=shortened(", ".join(wrong)),
        message=message,
    )


def wider(asked: Asked) -> list[tuple[int, Query]]:
    """Return the same query at larger radii, the next three."""
    radius = asked.query.radius_km
    if radius is None:
        return []
    larger = [r for r in RADII if r > radius][:3]
    return [(r, replace(asked.query, radius_km=r, page=1, cursor=None)) for r in larger]
