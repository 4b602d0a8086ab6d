"""How alike two short texts are: shared stems and shared runs of letters, the rare ones most.

Each text becomes two unit vectors (TF-IDF, Salton & Buckley 1988): one over the stems of its words,
one over their runs of two to five letters, so that a plural, a compound or a typing error still
shares most of them. Pure: the counts come from whoever knows the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from math import log, sqrt
from sys import intern

from board import typos
from board.search.text import STOP_WORDS, spans, stems
from board.search.text import compose as composed

SHORTEST_RUN, LONGEST_RUN = 2, 5
STEMS_SHARE = 0.5
RARE = 2
MUCH_MORE = 4
KEPT_TEXTS = 500
# How much and when: the same of any two things, so no sign that they are alike.
MEASURES = frozenset(
    (  # noqa: SIM905
        "un une deux trois quatre cinq six sept huit neuf dix douze quinze vingt trente "
        "quarante cinquante soixante cent cents one two three four five seven eight nine ten "
        "twelve uno dos tres cuatro cinco seis siete ocho nueve diez doce veinte cien litre "
        "litres gallon gallons metre metres kilo kilos gramme grammes liter liters meter meters "
        "inch inches pound pounds litro litros metro metros lundi mardi mercredi jeudi vendredi "
        "samedi dimanche monday tuesday wednesday thursday friday saturday sunday lunes martes "
        "miercoles jueves viernes sabado domingo janvier fevrier mars avril mai juin juillet "
        "aout septembre octobre novembre decembre january february march april may june july "
        "august september october november december enero febrero marzo abril mayo junio julio "
        "agosto septiembre octubre noviembre diciembre heure heures minute minutes jour jours "
        "journee journees semaine semaines mois an annee ans hour hours day days week weeks "
        "month months year years hora horas dia dias semana semanas mes meses ano anos matin "
        "midi soir soirs soiree soirees morning noon evening evenings manana tarde noche "
        "personne personnes place places people seats personas plazas "
        "hiver printemps automne ete etes winter spring summer autumn invierno primavera verano "
        "otono"
    ).split()
)
# Whoever is asked for somebody names the task after « pour ».
SOMEBODY = frozenset(
    (  # noqa: SIM905
        "quelqu quelque benevole benevoles volontaire volontaires aide aider coup main bras equipe "
        "gens groupe someone somebody anyone anybody volunteer volunteers help helper helpers hand "
        "hands team alguien voluntario voluntaria voluntarios voluntarias ayuda gente manos equipo "
        "besoin cherche cherchons recherche need needed looking busco buscamos necesitamos"
    ).split()
)
Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared: unit vectors, and how its stems are written in it.

    `runs` is yet to be divided by `norm`: thousands of texts are kept, and until then a run weighs
    the same in nearly all of them, which is one number in memory.

    `read_as` tells for a stem that no word has, but one that looks like a typing error was read as,
    the known word that was meant.
    """

    stems: Weights = field(default_factory=dict)
    runs: Weights = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    read_as: dict[str, str] = field(default_factory=dict)
    norm: float = 1.0


EMPTY = Text()


@dataclass(frozen=True, slots=True)
class SharedWord:
    """A word that two texts share, as each writes it, and how much it weighs in [0, 1].

    `read` names the word that was meant where one side looks like a typing error.
    """

    here: str
    there: str
    weight: float
    read: str = ""


class Corpus:
    """What is known of a language: in how many texts each word stands.

    `real` words are surely no typing errors, however rare they are in titles.
    """

    def __init__(
        self,
        documents: Mapping[str, int],
        size: int,
        language: str,
        real: Collection[str] = frozenset(),
    ) -> None:
        self.documents = documents
        self.real = real
        self.size = max(size, 1)
        self.known = sorted(documents)
        self._of_run = self._rarities(documents)
        self._unknown_run = self._rarity(0)
        self._speak(language)

    def _rarities(self, documents: Mapping[str, int]) -> Weights:
        """Return how rare each run of letters is; the same rarity is one number in memory."""
        found: Counter[str] = Counter()
        for word, count in documents.items():
            found.update(dict.fromkeys(runs(word), count))
        of_count = {count: self._rarity(count) for count in set(found.values())}
        return {run: of_count[count] for run, count in found.items()}

    def in_language(self, language: str) -> Corpus:
        """Return the same words as another language takes them apart; runs are runs in any."""
        other = copy(self)
        other._speak(language)
        return other

    def _speak(self, language: str) -> None:
        self.language = language if language in {"fr", "en", "es"} else "fr"
        self._of_stem: Counter[str] = Counter()
        for word, count in self.documents.items():
            self._of_stem[self.stem(word)] += count
        self.read = lru_cache(maxsize=KEPT_TEXTS)(self._read)
        self._close = lru_cache(maxsize=KEPT_TEXTS)(self._find_close)

    def stem(self, word: str) -> str:
        """Return what is left of a folded word in this language when its endings are off."""
        return stem_of(word, self.language)

    def _read(self, text: str) -> Text:
        """Return a text as it is compared; the same text again is remembered."""
        found: Weights = {}
        counted: Counter[str] = Counter()
        written: dict[str, str] = {}
        read_as: dict[str, str] = {}
        words = _words(text)
        for word, as_written in words:
            counted.update(runs(word))
            stem = self.stem(word)
            if read_as.pop(stem, None):
                written[stem] = as_written
            written.setdefault(stem, as_written)
            known = self._of_stem[stem]
            found[stem] = max(found.get(stem, 0.0), self._rarity(known))
            for other, distance in self._close(word) if self._may_be_wrong(word, known) else ():
                meant = self.stem(other)
                weight = self._rarity(self._of_stem[meant]) * (1 - distance / len(word))
                if weight > found.get(meant, 0.0):
                    found[meant] = weight
                    written.setdefault(meant, as_written)
                    read_as.setdefault(meant, other)
        letters = self._weighed(counted)
        about = [word for word, _as_written in words if not says_how_much(word)]
        stems_left, runs_left = _unit(found), letters
        if len(about) < len(words):
            silent = {self.stem(word) for word, _as_written in words} - set(map(self.stem, about))
            stems_left = {one: w for one, w in stems_left.items() if one not in silent}
            spoken = {run for word in about for run in runs(word)}
            runs_left = {run: w for run, w in runs_left.items() if run in spoken}
        return Text(stems_left, runs_left, written, read_as, _norm(letters) or 1.0)

    def _weighed(self, counted: Mapping[str, int]) -> Weights:
        """Return what the runs of a text weigh: the rare and the repeated more."""
        rarity, unknown = self._of_run.get, self._unknown_run
        return {
            run: rarity(run, unknown) if count == 1 else (1 + log(count)) * rarity(run, unknown)
            for run, count in counted.items()
        }

    def _may_be_wrong(self, word: str, known: int) -> bool:
        return known <= RARE and word not in self.real

    def _rarity(self, documents: int) -> float:
        """Smoothed inverse document frequency; never below 1."""
        return log((1 + self.size) / (1 + min(documents, self.size))) + 1

    def _find_close(self, word: str) -> list[tuple[str, int]]:
        """Return the closest much more frequent words that may have been meant.

        A wrong first letter counts double: « jouer » is not « louer ».
        """
        own = self.documents.get(word, 0)
        most = typos.allowed(word)
        near = [
            (other, distance)
            for other, distance in typos.within(word, self.known, most)
            if other != word
            and distance + (other[0] != word[0]) <= most
            and self.documents[other] > MUCH_MORE * own
        ]
        best = min((distance for _other, distance in near), default=0)
        return [(other, distance) for other, distance in near if distance == best]


def stem_of(word: str, language: str) -> str:
    """Return what is left of a folded word in a language when its endings are off."""
    return str(getattr(stems(word), language))


def alike(a: Text, b: Text) -> float:
    """Return how alike two texts are, in [0, 1]: half by stems, half by runs of letters."""
    by_stems, by_runs = _dot(a.stems, b.stems), _dot(a.runs, b.runs) / (a.norm * b.norm)
    return min(1.0, STEMS_SHARE * by_stems + (1 - STEMS_SHARE) * by_runs)


def shared_words(a: Text, b: Text) -> list[SharedWord]:
    """Return the words that two texts share, each once: those written alike, then the weightiest.

    A word that both write is shared as it is, never as another that it might have been.
    """
    held = [
        SharedWord(a.written[stem], b.written[stem], weight * b.stems[stem],
                   a.read_as.get(stem) or b.read_as.get(stem) or "")
        for stem, weight in a.stems.items()
        if stem in b.stems
    ]  # fmt: skip
    held.sort(key=lambda word: (bool(word.read), -word.weight, word.here))
    here, there = set[str](), set[str]()
    out = []
    for word in held:
        if word.here not in here and word.there not in there:
            out.append(word)
        here.add(word.here)
        there.add(word.there)
    return out


def words_of(text: str) -> list[str]:
    """Return the folded words of a text that count when two texts are compared."""
    return [word for word, _as_written in _words(text)]


def says_what(text: str) -> bool:
    """Whether a text names anything but numbers, days and people."""
    return any(not says_how_much(word) and word not in SOMEBODY for word in words_of(text))


def runs(word: str) -> list[str]:
    """Return the runs of two to five letters of a word, its ends marked by a space.

    The same run of any word is one string: thousands of texts are kept.
    """
    marked = f" {word} "
    return [
        intern(marked[start : start + size])
        for size in range(SHORTEST_RUN, LONGEST_RUN + 1)
        for start in range(len(marked) - size + 1)
    ]


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Return in how many of the texts each word stands."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(words_of(text)))
    return counts


def _words(text: str) -> list[tuple[str, str]]:
    whole = composed(text)
    return [
        (form, whole[span.start : span.end].lower())
        for span in spans(whole)
        for form in span.forms
        if form not in STOP_WORDS
    ]


def says_how_much(word: str) -> bool:
    """Such words are no sign of likeness, and still a part of what a title tells.

    « Formation d’une journée » is not wholly told by « formation ».
    """
    return word in MEASURES or word.isdigit()


def _norm(weights: Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _unit(weights: Weights) -> Weights:
    length = _norm(weights) or 1.0
    return {name: weight / length for name, weight in weights.items()}


def _dot(a: Weights, b: Weights) -> float:
    if len(a) > len(b):
        a, b = b, a
    return sum(weight * b[name] for name, weight in a.items() if name in b)
