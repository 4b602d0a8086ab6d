"""Names and points of places, compared and measured without a database."""

from __future__ import annotations

import re
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from board.folding import fold

EARTH_RADIUS_KM = 6371.0088
COARSE_DECIMALS = 2

_DEGREES = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_ASIDE = re.compile(r"[^\w]+")
_SHORT = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "mtl": "montreal",
    "mt": "mont",
    "nd": "notre dame",
}
_SPELT = {"ile": "isle", "iles": "isles", "isle": "ile", "isles": "iles"}
_ASIDE_OF = re.compile(r"\s*([^,()]+?)\s*[,(]\s*([^,()]+?)[\s)]*")
_CODE_LAST = re.compile(r"\s*(.+?)\s+(qc|p\.?q\.?)\s*", re.I)
_REGIONS = {
    "Québec": ("qc", "pq", "p q"),
    "Ontario": ("on", "ont"),
    "Nouveau-Brunswick": ("nb", "n b", "new brunswick", "nuevo brunswick"),
    "Nouvelle-Écosse": ("ns", "ne", "nova scotia", "nueva escocia"),
    "Colombie-Britannique": ("bc", "cb", "british columbia", "columbia britanica"),
    "Terre-Neuve-et-Labrador": ("nl", "tnl", "newfoundland and labrador"),
    "Manitoba": ("mb",),
    "Saskatchewan": ("sk",),
    "Alberta": ("ab",),
}
_COUNTRIES = {"CA": ("canada",), "FR": ("france", "francia"), "BE": ("belgique", "belgium")}


class Point(NamedTuple):
    """A point in decimal degrees (WGS 84)."""

    latitude: float
    longitude: float


def place_key(text: str) -> str:
    """Return the form in which names of places are compared: « ST. JÉRÔME » is "saint jerome"."""
    words = _words(text)
    return " ".join(_SHORT.get(word, word) for word in words)


def prefix_keys(text: str) -> list[str]:
    """Return the keys that a name may begin with while it is typed: "st" also begins Stoke."""
    words = _words(text)
    if not words:
        return []
    keys = [place_key(text)]
    begun = " ".join([_SHORT.get(word, word) for word in words[:-1]] + words[-1:])
    if begun not in keys and not text.rstrip("\n")[-1:].isspace():
        keys.append(begun)
    return keys


def other_spelling(key: str) -> str:
    """Return the key with its islands spelt the other way: « Île » or « Isle »."""
    return " ".join(_SPELT.get(word, word) for word in key.split(" "))


def name_and_region(text: str) -> tuple[str, str]:
    """Part « Rimouski, QC » or « Rimouski (Québec) »; without a region the second is empty."""
    found = _ASIDE_OF.fullmatch(text) or _CODE_LAST.fullmatch(text)
    return (found[1], place_key(found[2])) if found else (text, "")


def is_region(said: str, region: str, country: str, *, begun: bool = False) -> bool:
    """Whether a key names a region or its country, or begins to."""
    names = (place_key(region), *_REGIONS.get(region, ()), *_COUNTRIES.get(country, ()))
    return any(name.startswith(said) if begun else name == said for name in names)


def _words(text: str) -> list[str]:
    return [word for word in _ASIDE.split(fold(text).replace("_", " ")) if word]


def round_point(latitude: float, longitude: float) -> Point:
    """Return the coarse point that everybody may see: two decimals, about a kilometre."""
    return Point(round(latitude, COARSE_DECIMALS) + 0.0, round(longitude, COARSE_DECIMALS) + 0.0)


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the kilometres between two (latitude, longitude) in degrees, along the sphere."""
    lat1, lon1, lat2, lon2 = map(radians, (*here, *there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def read_degrees(text: str) -> float | None:
    """Read « 45.48 » or « -67.5 »; None for the rest, even « ٤ » that float() reads."""
    return float(text) if _DEGREES.fullmatch(text) else None


def is_point(latitude: float, longitude: float) -> bool:
    """Whether two numbers are a latitude and a longitude (NaN is neither)."""
    return -90 <= latitude <= 90 and -180 <= longitude <= 180
