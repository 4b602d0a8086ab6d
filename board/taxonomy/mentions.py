"""Which words of a sentence could name a place: pure, and careful with ordinary words.

Gore, Price, Hope and La Reine are villages of Québec. A name counts when it is written as a name
(capitals, hyphens, a saint) and stands where a place stands: after « à », after a comma, alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from board.taxonomy.places import place_key

LONGEST_NAME = 7
MENTION_WORDS = 60
SURE, LIKELY, MAYBE, FAMILIAR = 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `start` to `end` of a sentence that may name a place.

    `strength` says how much the sentence speaks for it: SURE (« à Matane »), LIKELY (« , Matane »),
    MAYBE (« de Matane »: only a place that is known for itself), FAMILIAR (« à matane », without
    its capital: only a large town nearby).
    """

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


_AT = _set("a au aux dans en vers pres in at near from around cerca desde hacia")
_WITH = _set("pour chez entre sur et ou depuis and or to y o hasta")
_OF = _set("de du des d of del")
_ARTICLES = _set("le la les l the el los las")
_KIND_OF_PLACE = _set("ville village quartier secteur municipalite hameau barrio")
_NEAR = _set("pres cerca autour region out around") | _KIND_OF_PLACE
_PLAINLY_AT = _set("à in at near")
# A street, a school, a bridge or a person has the name of a place without being there.
_NAMED_AFTER = _set(
    "rue boulevard boul bd bld avenue av chemin ch route rang autoroute pont ecole eglise "
    "paroisse college cegep hopital clinique parc square place riviere lac mont monts montagne "
    "street road bridge school church river lake park calle avenida escuela iglesia puente "
    "monsieur madame mme mlle mr mrs ms dr"
)
_SAINTS = _set("saint sainte saints saintes")
_DASHES = _set("- – — ‑")
# « au Québec » is the province, « au Panama » the country.
_LANDS = _set("quebec panama guatemala luxembourg djibouti salvador")
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
    if not content or inside[-1].key in _ARTICLES | _OF or _is_other_saint(words, start, end):
        return None
    strength, article = _context(words, start, end)
    if not _written_as_name(inside, content):
        plainly = strength == SURE and words[start - 1].text.lower() in _PLAINLY_AT
        strength, article = (FAMILIAR if plainly else -1), ()
    key = " ".join(word.key for word in inside)
    if strength < 0 or (article and key in _LANDS):
        return None
    return Mention((*(f"{le} {key}" for le in article), key), start, end, strength)


def _is_other_saint(words: list[_Word], start: int, end: int) -> bool:
    """Whether a saint is a feast (« à la Saint-Jean ») or goes on as a longer name."""
    if words[start].key not in _SAINTS:
        return False
    goes_on = end < len(words) and words[end].before in _DASHES
    return goes_on or (start > 0 and words[start - 1].key == "la")


def _written_as_name(inside: list[_Word], content: list[_Word]) -> bool:
    if content[0].capital:
        return all(word.capital for word in content) or _joined(inside)
    return len(inside) > 1 and (_joined(inside) or content[0].key in _SAINTS)


def _joined(inside: list[_Word]) -> bool:
    hyphens = sum(word.before in _DASHES for word in inside[1:])
    return hyphens >= max(1, len(inside) // 2)


def _context(words: list[_Word], start: int, end: int) -> tuple[int, tuple[str, ...]]:
    """Return how sure the words before make it, and the article folded into them (au: le)."""
    if start == 0:
        alone = end == len(words) or _ENDS_CLAUSE.search(words[end].before)
        return (LIKELY if alone else -1), ()
    if _ENDS_CLAUSE.search(words[start].before):
        return LIKELY, ()
    i = _skip(words, start - 1, _ARTICLES)
    if i < 0 or _ENDS_CLAUSE.search(words[i + 1].before):
        return -1, ()
    return _after(words, i), _folded_article(words[start - 1].key)


def _after(words: list[_Word], i: int) -> int:
    before = words[i].key
    if before in _AT or before in _KIND_OF_PLACE:
        return SURE
    if before in _WITH:
        return MAYBE
    if before not in _OF:
        return -1
    owner = _skip(words, i, _OF | _ARTICLES)
    if owner < 0 or words[owner].key in _NAMED_AFTER:
        return -1
    return SURE if words[owner].key in _NEAR else MAYBE


def _skip(words: list[_Word], i: int, these: frozenset[str]) -> int:
    while i >= 0 and words[i].key in these:
        i -= 1
    return i


def _folded_article(word: str) -> tuple[str, ...]:
    return {"au": ("le",), "du": ("le",), "aux": ("les",), "des": ("les",)}.get(word, ())
