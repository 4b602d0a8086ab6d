"""What the map prints around itself: its places in words, its texts for scripts, its tiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from flask import g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from board import search
from board.posts.readers import current_reader
from board.search.addresses import Asked
from board.search.board_page import count_words
from board.search.engine import PlacePoint, Points
from board.search.values import LARGEST_RADIUS_KM, READERS
from board.web.context import settings

MOST_LISTED = 100
RADIUS_FROM_POINT_KM = 5
SUBDOMAINS = ("a", "b", "c")


@dataclass(frozen=True, slots=True)
class Tiles:
    """A server of street tiles, asked by the reader's own browser and only after a click."""

    url: str
    host: str
    origins: tuple[str, ...]
    attribution: str


def panel(asked: Asked) -> dict[str, Any]:
    """Return what the map needs above the list."""
    points = search.current_engine().points(asked.query, reader=current_reader())
    every = request.args.get("places") == "all"
    listed = points.points if every else points.points[:MOST_LISTED]
    first = replace(asked.query, page=1, cursor=None)
    nowhere = replace(first, near=None, radius_km=None, sort=None)
    return {
        "map": {
            "places": [place(asked, each) for each in listed],
            "more": len(points.points) - len(listed),
            "all_url": asked.url(first, places="all") + "#map-places",
            "notes": notes(points),
            "points_url": asked.on("maps.points").url(first),
            "point_url": asked.on("maps.point").url(first),
            "here_url": replace(asked, place="").url(nowhere),
            "area": area(asked),
            "words": script_words(),
            "tiles": tiles(),
        }
    }


def place(asked: Asked, point: PlacePoint) -> dict[str, str]:
    """Return one place in words, with the way to its posts."""
    return {
        "label": point.label,
        "words": counts_words(point.needs, point.offers),
        "url": point_url(asked, (point.latitude, point.longitude)),
    }


def point_url(asked: Asked, where: tuple[float, float]) -> str:
    """Return the address of what is at one point, by the same filters."""
    first = replace(asked.query, page=1, cursor=None)
    return asked.on("maps.point").url(first, at=f"{where[0]:.2f},{where[1]:.2f}")


def counts_words(needs: int, offers: int) -> str:
    """Say how many needs and offers, leaving out what there is none of."""
    words = []
    if needs:
        words.append(ngettext("%(num)s besoin", "%(num)s besoins", needs))
    if offers:
        words.append(ngettext("%(num)s offre", "%(num)s offres", offers))
    return ", ".join(words)


def notes(points: Points) -> list[str]:
    """Say what was found and is not on the map."""
    said = []
    if points.without_place:
        said.append(
            ngettext(
                "%(num)s annonce sans lieu n’est pas sur la carte.",
                "%(num)s annonces sans lieu ne sont pas sur la carte.",
                points.without_place,
            )
        )
    if points.left_out:
        said.append(
            ngettext(
                "%(num)s annonce d’un lieu moins fourni n’est pas sur la carte :"
                " ajoutez un filtre.",
                "%(num)s annonces de lieux moins fournis ne sont pas sur la carte :"
                " ajoutez un filtre.",
                points.left_out,
            )
        )
    return said


def area(asked: Asked) -> str:
    """Return the circle of the filter: « lat,lon,km »."""
    query = asked.query
    if query.near is None:
        return ""
    return f"{query.near[0]:.2f},{query.near[1]:.2f},{query.radius_km}"


def where(args: MultiDict[str, str]) -> tuple[float, float]:
    """Read which point is asked for."""
    point: tuple[float, float] = READERS["near"]("at", args.getlist("at") or [""])
    return point


def found_at(asked: Asked, at: tuple[float, float]) -> PlacePoint:
    """Return the counts of one point, by the same filters."""
    points = search.current_engine().points(asked.query, reader=current_reader())
    here = (each for each in points.points if (each.latitude, each.longitude) == at)
    return next(here, PlacePoint(*at, label=f"{at[0]:.2f}, {at[1]:.2f}"))


def around_point(asked: Asked, at: tuple[float, float]) -> dict[str, Any]:
    """Return the ways on from one point: the same filters around it, and the map."""
    first = replace(asked.query, page=1, cursor=None)
    near = replace(first, near=at, radius_km=RADIUS_FROM_POINT_KM)
    return {
        "near_url": replace(asked, place="", endpoint="maps.page").url(near),
        "near_label": _("Chercher à %(km)s km d’ici", km=RADIUS_FROM_POINT_KM),
        "map_url": asked.on("maps.page").url(first),
    }


def title_of(point: PlacePoint) -> str:
    """Say how many posts are there, and which."""
    words = counts_words(point.needs, point.offers)
    if not words:
        return count_words(0)
    return _("%(total)s : %(words)s", total=count_words(point.total), words=words)


def as_json(points: Points) -> dict[str, Any]:
    """Return the points as a script reads them: [latitude, longitude, name, needs, offers]."""
    return {
        "total": points.total,
        "without_place": points.without_place,
        "left_out": points.left_out,
        "points": [[p.latitude, p.longitude, p.label, p.needs, p.offers] for p in points.points],
    }


def tiles() -> Tiles | None:
    """Return the tile server that the instance chose, if any."""
    url = settings().map_tiles
    if not url:
        return None
    parts = urlsplit(url)
    names = [parts.netloc.replace("{s}", name) for name in SUBDOMAINS]
    origins = tuple(dict.fromkeys(f"{parts.scheme}://{name}" for name in names))
    host = parts.netloc.replace("{s}.", "")
    return Tiles(url, host, origins, settings().map_attribution or host)


def script_words() -> dict[str, Any]:
    """Return what the script says, in the page's language."""
    return {
        "language": g.language,
        "largest_km": LARGEST_RADIUS_KM,
        "zoom_in": _("Approcher"),
        "zoom_out": _("Éloigner"),
        "close": _("Fermer"),
        "need": _("1 besoin"),
        "needs": _("{n} besoins"),
        "offer": _("1 offre"),
        "offers": _("{n} offres"),
        "labelled": _("{name} : {counts}"),
        "places": _("{n} lieux autour de {place}"),
        "waiting": _("Un instant…"),
        "failed": _("La carte n’a pas reçu les annonces. La liste, elle, est complète."),
        "shown": _("La carte montre {n} lieux."),
        "part": _("Annonces de la liste visibles ici\u00a0: {n} sur {total}."),
        "here": _("Chercher dans cette zone"),
        "too_far": _("Approchez pour chercher dans cette zone"),
        "sources": _("Fond : Natural Earth. Lieux : GeoNames et les contributions au Babillard,"
                     " CC BY 4.0."),
        "streets_off": _("Enlever les rues"),
    }  # fmt: skip
