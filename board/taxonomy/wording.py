"""How a sentence is taken apart: its words, their stems, and where a clause ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from board.folding import fold
from board.stemming import Stemmer, stemmer_of

LONGEST_READ = 600
MAX_WORDS = 90
_STEMMERS = {"fr": "french", "en": "english", "es": "spanish"}
_WORD = re.compile(
    r"\d+(?:[ \u00a0\u202f,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
    r"|[^\W\d_]+(?:[·•‧.](?:nes?|les?|ères?|trices?|rices?|euses?|ves?|ices?|es|e|s)\b)*"
    r"(?:\((?:e|s|es|ne|nes|ère|trice|ve)\)s?)*"
)
_INCLUSIVE = re.compile(r"[·•‧.(].*$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]+")
_STOP = re.compile(r"[,;:.!?()\[\]«»\"“”|/–—\n]")
# What may stand after the shared beginning of two forms of one word: number and gender only.
_ENDINGS = frozenset(
    {"", "s", "x", "e", "es", "ux", "l", "le", "les", "lle", "a", "o", "as", "os", "y", "ies"}
)


def _folded(words: str) -> frozenset[str]:
    """A list of words as they are compared."""
    return frozenset(fold(words).split())


STOP_WORDS = {
    "fr": _folded(
        """
        le la les l un une des du de d à au aux en et ou pour par avec sans sur dans chez nos
        notre votre vos mon ma mes sa ses leur leurs ce cet cette ces qui que qu dont où
        nous vous on je j il elle ils elles s y n ne se c est sont très plus peu aussi bien tout
        toute tous toutes afin comme lors dès recherchés recherchée recherchées requis requise
        disponible disponibles libre libres gratuit gratuite gratuits
        """
    ),
    "en": _folded(
        """
        a an the of to for with without in on at by from and or our your my his her their its
        this that these those we you i they is are be some any who which very also more
        wanted needed required available please
        """
    ),
    "es": _folded(
        """
        el la los las un una unos unas de del al a en y e o para por con sin sobre nuestro
        nuestra nuestros nuestras su sus mi mis este esta estos estas que se nos lo le les es
        son muy más disponible disponibles libre libres gratis
        """
    ),
}
# After these words the sentence says what for, where or when, and no longer what.
BOUNDARIES = {
    "fr": _folded(
        """
        pour par avec sans dans chez qui que qu dont en à au aux afin pendant durant lors
        accessible accessibles près entre capable capables
        """
    ),
    "en": _folded(
        """
        for with without in on at to from who that which during near able between
        """
    ),
    "es": _folded(
        """
        para por con sin en a al que quien durante cerca desde capaz accesible accesibles entre
        """
    ),
}
_JOINING = {
    "fr": frozenset({"et", "ou"}),
    "en": frozenset({"and", "or"}),
    "es": frozenset({"y", "e", "o", "u"}),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: as written, where, folded; `breaks` when a stop comes before it."""

    text: str
    start: int
    end: int
    folded: str
    breaks: bool


def clean(sentence: str) -> str:
    """Return a sentence composed, on one line, without control characters, of bounded length."""
    composed = unicodedata.normalize("NFC", sentence[: LONGEST_READ * 4])
    return " ".join(_CONTROL.sub(" ", composed).split())


def words_of(text: str) -> list[Word]:
    """Take a sentence apart; elisions are words of their own, inclusive endings are left out."""
    words: list[Word] = []
    before = 0
    for match in _WORD.finditer(text[:LONGEST_READ]):
        folded = _fold_word(match[0])
        stopped = bool(_STOP.search(text, before, match.start()))
        if folded:
            words.append(Word(match[0], match.start(), match.end(), folded, stopped))
        before = match.end()
        if len(words) >= MAX_WORDS:
            break
    return words


@lru_cache(maxsize=2_048)
def _fold_word(word: str) -> str:
    return fold(_INCLUSIVE.sub("", word) if word[0].isalpha() else word)


def is_stop_word(folded: str, language: str) -> bool:
    """Whether a word says nothing by itself in that language."""
    return folded in STOP_WORDS[language]


def joins(folded: str, language: str) -> bool:
    """Whether what follows the word is one more thing beside the first."""
    return folded in _JOINING[language]


def is_boundary(folded: str, language: str) -> bool:
    """Whether what follows the word is no longer the thing itself."""
    return folded in BOUNDARIES[language]


@lru_cache(maxsize=4_096)
def stem(folded: str, language: str) -> str:
    """Return the stem of a folded word in a language."""
    if folded.isdigit() or len(folded) < 3:
        return folded
    if language != "fr":
        return str(_stemmer(language).stemWord(folded))
    if folded.endswith(("eaux", "eux")):
        folded = folded[:-1]
    elif folded.endswith("aux"):
        folded = folded[:-2] + "l"
    # Folding took the accents that tell « aînés » from « aînées »: one stem for both.
    return str(_stemmer(language).stemWord(folded)).rstrip("e")


@cache
def _stemmer(language: str) -> Stemmer:
    return stemmer_of(_STEMMERS[language])


def same_word(one: str, other: str, language: str) -> bool:
    """Whether two words differ at most in number and gender (« livre » is not « livrer »)."""
    if one == other:
        return True
    if stem(one, language) != stem(other, language):
        return False
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return one[shared:] in _ENDINGS and other[shared:] in _ENDINGS


def has_small_words(words: list[Word], language: str) -> bool:
    """Whether any of the small words of a language is among these."""
    return any(word.folded in STOP_WORDS[language] for word in words)


def language_of(words: list[Word], otherwise: str) -> str:
    """Guess the language of a sentence from its small words; `otherwise` when they do not say."""
    return _language_of([word.folded for word in words], otherwise)


def language_in(text: str, otherwise: str) -> str:
    """Guess the language of a text as that of its words, which nobody asks for."""
    found = (_fold_word(match[0]) for match in _WORD.finditer(text[:LONGEST_READ]))
    return _language_of(list(islice(filter(None, found), MAX_WORDS)), otherwise)


def _language_of(said: Sequence[str], otherwise: str) -> str:
    counts = {
        language: sum(map(small.__contains__, said)) for language, small in STOP_WORDS.items()
    }
    best = max(counts.values())
    if best < 2 or counts[otherwise] == best:
        return otherwise
    return next(language for language in sorted(counts) if counts[language] == best)
