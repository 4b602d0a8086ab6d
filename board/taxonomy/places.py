"""Names and points of places, compared and measured without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from board.folding import fold

EARTH_RADIUS_KM = 6371.0088
COARSE_DECIMALS = 2
LONGEST_NAME = 7
MENTION_WORDS = 60

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


def is_point(latitude: float, longitude: float) -> bool:
    """Whether two numbers are a latitude and a longitude (NaN is neither)."""
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a sentence that may name a place: their keys, where they are, how sure it is."""

    keys: tuple[str, ...]
    start: int
    end: int
    strength: int


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    key: str
    before: str

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# In, at, near (à, au, in, near, cerca de…): what follows with a capital is most likely a place.
_AT = _set(
    "a au aux en dans vers chez pres sur pour entre depuis et ou "
    "in at near from to around and or cerca desde hacia hasta y o"
)
_OF = _set("de du des d of del")
_ARTICLES = _set("le la les l the el los las")
_NEAR = _set("pres cerca autour region ville village quartier secteur out around")
# A street, a school, a bridge or a person has the name of a place without being there.
_NAMED_AFTER = _set(
    "rue boulevard boul bd bld avenue av chemin ch route rang autoroute pont ecole eglise "
    "paroisse college cegep hopital clinique parc square place riviere lac mont monts montagne "
    "street road bridge school church river lake park calle avenida escuela iglesia puente "
    "monsieur madame mme mlle mr mrs ms dr"
)
_SAINTS = _set("saint sainte saints saintes")
_DASHES = _set("- – — ‑")
_ENDS_CLAUSE = re.compile(r"""[,;:!?()\[\]«»"\n/•·|]|\.\s|\s[-–—]\s|…""")


def mentions(text: str) -> list[Mention]:
    """Return the parts of a sentence that could name a place, surest and longest first."""
    words = _cut(text)
    found = [
        mention
        for start in range(len(words))
        for end in range(min(len(words), start + LONGEST_NAME), start, -1)
        if (mention := _mention(words, start, end)) is not None
    ]
    return sorted(found, key=lambda m: (-m.strength, m.start - m.end, m.start))


def _cut(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for match in re.finditer(r"[^\W_]+", text):
        key = place_key(match.group())
        if not key:
            continue
        words.append(_Word(match.group(), key, text[end : match.start()]))
        end = match.end()
        if len(words) == MENTION_WORDS:
            break
    return words


def _mention(words: list[_Word], start: int, end: int) -> Mention | None:
    inside = words[start:end]
    if any(_ENDS_CLAUSE.search(word.before) for word in inside[1:]):
        return None
    content = [word for word in inside if word.key not in _ARTICLES | _OF]
    if not content or inside[-1].key in _ARTICLES | _OF or not _written_as_name(inside, content):
        return None
    strength, article = _context(words, start, end)
    if strength == 0:
        return None
    key = " ".join(word.key for word in inside)
    keys = (*(f"{le} {key}" for le in article), key)
    return Mention(keys, start, end, strength)


def _written_as_name(inside: list[_Word], content: list[_Word]) -> bool:
    if content[0].capital:
        return all(word.capital for word in content) or _joined(inside)
    return len(inside) > 1 and (_joined(inside) or content[0].key in _SAINTS)


def _joined(inside: list[_Word]) -> bool:
    hyphens = sum(word.before in _DASHES for word in inside[1:])
    return hyphens >= max(1, len(inside) // 2)


def _context(words: list[_Word], start: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Return how sure the words before make it (3, 2, 1 or not at all), and a folded-in article."""
    first = words[start]
    if start == 0:
        alone = end == len(words) or bool(_ENDS_CLAUSE.search(words[end].before))
        return (2 if alone else 0), ()
    if _ENDS_CLAUSE.search(first.before):
        return 2, ()
    before = words[start - 1].key
    i = _skip(words, start - 1, _ARTICLES)
    if i < 0 or _ENDS_CLAUSE.search(words[i + 1].before):
        return 0, ()
    if words[i].key in _AT:
        return 3, _folded_article(before)
    if words[i].key not in _OF:
        return 0, ()
    owner = _skip(words, i, _OF | _ARTICLES)
    if owner < 0 or words[owner].key in _NAMED_AFTER:
        return 0, ()
    return (3 if words[owner].key in _NEAR else 1), _folded_article(before)


def _skip(words: list[_Word], i: int, these: frozenset[str]) -> int:
    while i >= 0 and words[i].key in these:
        i -= 1
    return i


def _folded_article(word: str) -> tuple[str, ...]:
    return {"au": ("le",), "du": ("le",), "aux": ("les",), "des": ("les",)}.get(word, ())
