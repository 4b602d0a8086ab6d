"""How many: the number that stands before the thing, never an hour, a date or a measure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from board.folding import fold
from board.taxonomy.wording import Word

LARGEST = 1_000_000
_BETWEEN = 2

_NUMBERS = {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100,
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "hundred": 100, "dozen": 12,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40,
    "cincuenta": 50, "sesenta": 60, "cien": 100, "docena": 12, "decena": 10,
}  # fmt: skip
_UNITS = frozenset(
    """kg kilo kilos lb lbs litre litres liter liters litros l gallon gallons galones m2 caisse
    caisses sac sacs paire paires paquet paquets boite boites rouleau rouleaux ensemble ensembles
    bags bag boxes box crate crates pair pairs pack packs rolls bolsas bolsa cajas caja pares
    paquetes rollos tonnes tonne verges metres""".split()  # noqa: SIM905
)
_MEASURES = frozenset(
    fold(word)
    for word in """heure heures h hres min minutes minute jour jours journée journées soir soirs
    soirée soirées semaine semaines mois an ans année années matin matins midi fois pied pieds
    pouce pouces po pi cm mm m km mètre mètres kg-m % $ dollar dollars euro euros ° degrés place
    places étage étages rue avenue boul janvier février mars avril mai juin juillet août septembre
    octobre novembre décembre hour hours day days evening evenings week weeks month months year
    years times time feet foot ft inch inches january february march april may june july august
    september october november december hora horas día días tarde tardes semanas meses años veces
    metros centímetros pies enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre th nd rd st e ème""".split()  # noqa: SIM905
)
_BEFORE_NO_QUANTITY = frozenset(
    "le du au des les from until au-dela apres avant vers on the by el del desde hasta".split()  # noqa: SIM905
)
_SKIPPED = frozenset({"de", "d", "of", "des"})
_AFTER = re.compile(r"^\s*(?:[(:×x]\s*)+(\d{1,6})\s*\)?(?!\s*[h$%°\d])", re.IGNORECASE)
_PEOPLE = frozenset(
    fold(word)
    for word in """personnes personne participants participantes participant·es gens enfants adultes
    aînés jeunes convives invités familles places people persons guests kids children seniors
    attendees seats personas asistentes invitados niños participantes""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of things, the words that say it, and the unit as written."""

    number: int
    unit: str | None
    start: int
    end: int


def quantity_before(words: list[Word], anchor: int) -> Quantity | None:
    """The number that stands before words[anchor], with its unit; None when there is none."""
    unit: Word | None = None
    crossed = 0
    for at in range(anchor - 1, -1, -1):
        word = words[at]
        if words[at + 1].breaks:
            return None
        number = number_of(word)
        if number is not None:
            if not _counts(words, at):
                return None
            end = unit.end if unit else word.end
            return Quantity(number, unit.text if unit else None, word.start, end)
        if word.folded in _UNITS and unit is None:
            unit = word
        elif word.folded not in _SKIPPED:
            crossed += 1
        if crossed > _BETWEEN or word.folded in _MEASURES or word.folded in _FAR:
            return None
    return None


def begins_a_count(words: list[Word], at: int) -> bool:
    """Whether words[at] counts the things that follow it, and nobody's age, place or head."""
    if number_of(words[at]) is None or not _counts(words, at) or at + 1 >= len(words):
        return False
    return not words[at + 1].breaks and words[at + 1].folded not in _PEOPLE


def thing_after(words: list[Word], at: int) -> Word | None:
    """The thing that words[at] counts: after its unit, « 15 kg de tomates »."""
    rest = [word for word in words[at + 1 : at + 4] if word.folded not in _UNITS | _SKIPPED]
    return rest[0] if rest and not rest[0].breaks else None


def quantity_after(text: str, end: int) -> Quantity | None:
    """The number of « chaises (40) » or « chaises : 40 », right after the thing."""
    match = _AFTER.match(text[end : end + 20])
    if match is None or not 1 <= int(match[1]) <= LARGEST:
        return None
    following = text[end + match.end() :].split()
    if following and fold(following[0].strip(".,;:()")) in _MEASURES | _PEOPLE:
        return None
    return Quantity(int(match[1]), None, end + match.start(), end + match.end())


def capacity(words: list[Word]) -> Quantity | None:
    """For how many people the sentence says that it must do: « pour 20 personnes »."""
    for at, word in enumerate(words[:-1]):
        number = number_of(word)
        if number is not None and words[at + 1].folded in _PEOPLE and not words[at + 1].breaks:
            before = words[at - 1] if at else None
            together = before is not None and before.folded in ("pour", "for", "para")
            start = before.start if before is not None and together else word.start
            return Quantity(number, None, start, words[at + 1].end)
    return None


_FAR = frozenset("pour for para avec with con a in en dans et and y".split())  # noqa: SIM905


def number_of(word: Word) -> int | None:
    """The number that a word says, in digits or in letters."""
    if not word.folded[0].isdigit():
        return _NUMBERS.get(word.folded)
    digits = re.sub(r"[ \u00a0\u202f,](?=\d{3}(?!\d))", "", word.text)
    if not digits.isdecimal() or len(digits) > 7:
        return None
    number = int(digits)
    return number if 1 <= number <= LARGEST else None


def _counts(words: list[Word], at: int) -> bool:
    """Whether the number counts things: no date, hour, measure, year or rank."""
    before = words[at - 1].folded if at and not words[at].breaks else ""
    after = words[at + 1] if at + 1 < len(words) else None
    if after is not None and (
        after.folded in _MEASURES
        or (after.start == words[at].end and after.folded not in ("x", *_UNITS))
    ):
        return False
    return before not in _BEFORE_NO_QUANTITY
