"""Words of a text as they are compared: folded, without elisions, inclusive forms written out."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from board.folding import fold
from board.stemming import stemmer_of

LONGEST_WORD = 40
MOST_QUERY_WORDS = 10
SHORT_STEM = 3
STEMMED_FROM = 4

_RUN = re.compile(r"[^\W_]+")
_ENDING = r"(?:t?rices?|ices?|euses?|[eè]res?|sses?|[nlvsft]es?|es|e|s|x)"
_AFTER_HYPHEN = r"(?:trices?|euses?|[eè]res?|nes?|es|e|s)"
_TOKEN = re.compile(
    rf"(?P<base>[^\W\d_]{{3,}})"
    rf"(?P<tail>(?:[.·•‧∙⋅]{_ENDING}|\({_ENDING}\)s?|/{_ENDING}|-{_AFTER_HYPHEN})+)(?![^\W_])"
    r"|(?P<word>[^\W_]+)"
)
_ELIDED = frozenset(["l", "d", "j", "n", "s", "c", "m", "t", "qu", "lorsqu", "puisqu", "jusqu"])
_AFTER_ELISION = frozenset("'’‘ʼ´`")
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_FEMININE = {
    "trice": (("teur", "trice"),),
    "rice": (("teur", "trice"),),
    "ice": (("teur", "trice"),),
    "euse": (("eur", "euse"), ("eux", "euse")),
    "ere": (("er", "ere"),),
    "ve": (("f", "ve"),),
    "se": (("x", "se"), ("eur", "euse")),
}
_OF_PLURALS = frozenset(["trices", "rices", "ices", "euses", "eres", "nes", "les", "ves", "es"])
STOP_WORDS = frozenset(
    (  # noqa: SIM905
        "a au aux avec ce ces cette d dans de des du elle en et eux il ils je l la le les leur "
        "leurs ma mes mon nos notre nous on ou par pas pour qu que qui sa se ses son sont sur ta "
        "tes ton tu un une vos votre vous y est ai "
        "an and are at be by for from i in is it my of on or our the their this to we with you "
        "al con del e el ella en es esta este la las lo los mi o para por su sus tu una unas uno "
        "unos y"
    ).split()
)
PURPOSE_WORDS = frozenset(
    (  # noqa: SIM905
        "besoin besoins cherche cherchons recherche recherchons recherchee recherches demande "
        "offre offrons offert offerte preter prete pretons pret donne donner donnons disponible "
        "need needs needed looking offer offers offering available necesito necesitamos busco "
        "buscamos ofrezco ofrecemos disponible"
    ).split()
)
_PLURALS = (
    ("", "s"), ("", "x"), ("", "es"), ("al", "aux"), ("ail", "aux"), ("y", "ies"), ("z", "ces"),
)  # fmt: skip
_AFTER_A = ("ail", "al", "ai", "au")
_stemmers = {
    "fr": stemmer_of("french"),
    "en": stemmer_of("english"),
    "es": stemmer_of("spanish"),
}
_stemming = threading.Lock()


class Span(NamedTuple):
    """A word where it stands in a text, with every form that it is found by."""

    forms: tuple[str, ...]
    start: int
    end: int


class Stems(NamedTuple):
    """What is left of a word in each language when its endings are off."""

    fr: str
    en: str
    es: str


@lru_cache(maxsize=20_000)
def in_other_number(word: str) -> tuple[str, ...]:
    """Return how a folded word may be written in the plural, or in the singular if it is one."""
    if len(word) < STEMMED_FROM - 1 or not word.isalpha():
        return ()
    forms = {word + "s", word + "x", word + "es"}
    for one, several in _PLURALS:
        if word.endswith(several):
            forms.add(word.removesuffix(several) + one)
        if one and word.endswith(one):
            forms.add(word.removesuffix(one) + several)
    return tuple(sorted(form for form in forms if form != word and len(form) >= STEMMED_FROM - 1))


@lru_cache(maxsize=20_000)
def neutral(word: str) -> str:
    """Return a folded word without what tells its number: « journal » and « journaux » are one.

    Only endings go, so that the beginning of a word stays one of the word that is left.
    """
    if not word.isalpha():
        return word
    left = word[:-1] if word[-1] in "sx" else word
    ending = next((each for each in _AFTER_A if left.endswith(each)), "")
    bare = left.removesuffix(ending) + "a" if ending else left
    for short in (bare, left):
        if len(short) >= STEMMED_FROM - 1 and short not in STOP_WORDS:
            return short
    return word


def compose(text: str) -> str:
    """Return the text with letters and marks in one piece, as `spans` counts it."""
    return unicodedata.normalize("NFC", text)


def spans(text: str) -> Iterator[Span]:
    """Give each word of a composed text; « l’ » and the like are none."""
    for match in _TOKEN.finditer(text):
        if forms := _forms_at(match, text):
            yield Span(forms, *match.span())


def words(text: str) -> list[str]:
    """Return the words to index, every inclusive form written out, stop words left out."""
    return [form for span in spans(compose(text)) for form in span.forms if form not in STOP_WORDS]


def read(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the words to index, and how each is written: accents kept, in lower case."""
    composed = compose(text)
    found: list[str] = []
    shown: dict[str, str] = {}
    for match in _TOKEN.finditer(composed):
        forms = _forms_at(match, composed)
        found += forms
        if len(forms) == 1 and match.end() - match.start() <= LONGEST_WORD:
            shown[forms[0]] = match[0].lower()
    return [form for form in found if form not in STOP_WORDS], shown


def query_words(q: str) -> list[str]:
    """Return the words that were typed; of stop words alone, the last begins something."""
    typed = list(dict.fromkeys(span.forms[0] for span in spans(compose(q))))
    meant = [word for word in typed if word not in STOP_WORDS]
    return meant[:MOST_QUERY_WORDS] or typed[-1:]


@lru_cache(maxsize=8_192)
def stems(word: str) -> Stems:
    """Return the stems of a folded word; short words and numbers are their own."""
    if len(word) < STEMMED_FROM or not word.isalpha():
        return Stems(word, word, word)
    with _stemming:
        return Stems(*(_stemmers[language].stemWord(word) for language in Stems._fields))


def is_long_enough(stem: str, *words: str) -> bool:
    """Whether a stem makes kin of words; of three letters, it must be half of each.

    Each language cuts every word: as if it were Spanish, « chiases » would be kin of « chien ».
    """
    return len(stem) > SHORT_STEM or all(2 * len(stem) >= len(word) for word in words)


@lru_cache(maxsize=8_192)
def _fold_word(text: str) -> tuple[str, ...]:
    parts = _RUN.findall(fold(text))
    return tuple(_SHORT.get(part, part)[:LONGEST_WORD] for part in parts)


def _forms_at(match: re.Match[str], text: str) -> tuple[str, ...]:
    """Every form of the word that was found there; none for « l’ » and the like."""
    if match["base"]:
        return _inclusive(match["base"], match["tail"])
    forms = _fold_word(match["word"])
    if forms and forms[0] in _ELIDED and text[match.end() : match.end() + 1] in _AFTER_ELISION:
        return ()
    return forms


def _inclusive(written: str, tail: str) -> tuple[str, ...]:
    """« conducteur·trice·s » is conducteur, conductrice, conducteurs, conductrices.

    So is « conducteurs·trices »; « amis·es » is read as amis and as ami.
    """
    endings = _RUN.findall(fold(tail))
    readings = [written]
    if written[-1] in "sS" and endings[0] in _OF_PLURALS:
        keeps_its_s = endings[0] == "es" and written[-2] in "aiouAIOU"
        readings = [written, written[:-1]] if keeps_its_s else [written[:-1]]
    forms = [form for reading in readings for form in _forms(reading, endings)]
    return tuple(dict.fromkeys(form[:LONGEST_WORD] for form in forms))


def _forms(written: str, endings: list[str]) -> Iterator[str]:
    """Give a word with each of these endings; « bénévole·e·s » adds no e to bénévole."""
    base = _fold_word(written)[0]
    forms = {base: None}
    for ending in endings:
        single = ending[:-1] if len(ending) > 1 and ending.endswith("s") else ending
        if single not in {"s", "x"} and not (single == "e" and written[-1] in "eE"):
            forms[_feminine(base, single)] = None
        if single == "x":
            forms[base + "x"] = None
        elif ending.endswith("s"):
            forms |= {form if form[-1] in "sx" else form + "s": None for form in list(forms)}
    yield from forms


def _feminine(base: str, ending: str) -> str:
    for masculine, feminine in _FEMININE.get(ending, ()):
        if base.endswith(masculine):
            return base.removesuffix(masculine) + feminine
    return base + ending
