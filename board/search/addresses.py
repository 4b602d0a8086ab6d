"""From an address to a query and back: the board's filters as people see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board.errors import Invalid
from board.search.filters import NAMES, Query, Sort, parse, to_args, without
from board.taxonomy import place_queries

RADII = (1, 2, 5, 10, 25, 50, 100, 200)
DEFAULT_RADIUS_KM = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the place as it was written, and what could not be understood of the address."""

    query: Query
    place: str = ""
    problem: str = ""

    def url(self, query: Query | None = None) -> str:
        """Return the address of this query (or another), with the place by its name."""
        query = query or self.query
        pairs: dict[str, Any] = {}
        for name, value in to_args(query):
            pairs.setdefault(name, []).append(value)
        if self.place and query.near is not None:
            del pairs["near"]
            pairs = {"place": self.place, **pairs}
        return url_for("search.board", **pairs)

    def without_wrong(self, error: Invalid) -> Asked:
        """Return this without the filter that cannot be, and say so."""
        if error.field not in NAMES:
            raise error
        return replace(self, query=without(self.query, error.field), problem=error.message)

    def url_without(self, name: str, value: Any = None) -> str:
        """Return the address with one filter less."""
        return self.url(without(self.query, name, value))


def read(args: MultiDict[str, str]) -> Asked:
    """Read the board's address; what cannot be understood is left out and said."""
    values = args.copy()
    place, problem = " ".join(values.get("place", "").split())[:120], ""
    values.poplist("place")
    if place:
        found = place_queries.find_place_by_text(place)
        if found is None:
            problem = _("Nous ne connaissons pas de lieu « %(place)s ».", place=place)
        else:
            place = found.label
            values["near"] = f"{found.public_latitude},{found.public_longitude}"
    if values.get("near"):
        values.setdefault("radius_km", str(DEFAULT_RADIUS_KM))
    else:
        values.poplist("radius_km")
        if values.get("sort") == Sort.NEAREST:
            values.poplist("sort")
    while True:
        try:
            return Asked(parse(values), place, problem)
        except Invalid as error:
            if not values.poplist(error.field):
                return Asked(Query(), place, error.message)
            problem = problem or _(
                "%(name)s : %(message)s", name=error.field, message=error.message
            )


def wider(asked: Asked) -> list[tuple[int, Query]]:
    """Return the same query at larger radii, the next three."""
    radius = asked.query.radius_km
    if radius is None:
        return []
    larger = [r for r in RADII if r > radius][:3]
    return [(r, replace(asked.query, radius_km=r, page=1, cursor=None)) for r in larger]
