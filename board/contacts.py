"""Telephone numbers and e-mail addresses in what people write: found, and masked in public."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LONGEST_READ = 200_000


class ContactKind(StrEnum):
    """How somebody could be reached."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Span:
    """A contact in a text: from `start` to `end`, and what kind it is."""

    start: int
    end: int
    kind: ContactKind


# Figures and letters in other clothes (full-width, mathematical, circled, raised): each is read as
# the plain one that Unicode says it is, one for one, so that what is found stays where it was.
_DRESSED = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\ufe50-\ufe6b\uff01-\uff5e"
    "\U0001d400-\U0001d7ff\U0001fbf0-\U0001fbf9]"
)

_LOCAL = r"[A-Za-zÀ-ÿ0-9][A-Za-zÀ-ÿ0-9._%+'-]{0,63}"
_AT_WORD = r"(?:arobase|arobas|at|chez|arroba)"
_DOT_WORD = r"(?:point|dot|punto)"
_ENDING = r"(?:com|ca|org|net|qc|quebec|québec|coop|info|fr|be|ch|es|mx|io|eu|uk|us|edu|gouv)"
_EMAIL = re.compile(rf"{_LOCAL}[@＠][A-Za-zÀ-ÿ0-9](?:[A-Za-zÀ-ÿ0-9.-]{{0,250}}[A-Za-zÀ-ÿ0-9])?")
_FEW = r"\s{0,3}"
_AT = (
    rf"(?:{_FEW}[(\[{{<]{_FEW}(?:{_AT_WORD}|@|a){_FEW}[)\]}}>]{_FEW}"
    r"|\s{1,3}[@＠]\s{1,3})"
)
# « . » with room around it is no end of a sentence.
_LONE_DOT = r"\s{1,3}\.\s{1,3}"
_DOT = (
    rf"(?:{_FEW}[(\[{{]{_FEW}(?:{_DOT_WORD}|\.){_FEW}[)\]}}]{_FEW}"
    rf"|\s{{1,3}}{_DOT_WORD}\s{{1,3}}|{_LONE_DOT}|\.)"
)
_NAME = r"[A-Za-zÀ-ÿ0-9](?:[A-Za-zÀ-ÿ0-9-]{0,61}[A-Za-zÀ-ÿ0-9])?"
_HIDDEN = re.compile(
    rf"(?<![^\W_]){_LOCAL}{_AT}{_NAME}(?:{_DOT}{_NAME}){{0,3}}{_DOT}{_ENDING}(?![^\W_])", re.I
)
# « nom@domaine . org »: the @ says what the lone point means.
_APART = re.compile(
    rf"(?<![^\W_]){_LOCAL}\s{{0,3}}@\s{{0,3}}{_NAME}(?:{_DOT}{_NAME}){{0,3}}"
    rf"{_LONE_DOT}{_ENDING}(?![^\W_])",
    re.I,
)
# « nom arobase domaine point ca », all in words: both words are needed, or it is only a sentence.
_SPOKEN = re.compile(
    rf"(?<![^\W_]){_LOCAL}\s{{1,3}}{_AT_WORD}\s{{1,3}}{_NAME}"
    rf"(?:\s{{1,3}}{_DOT_WORD}\s{{1,3}}{_NAME}){{0,3}}\s{{1,3}}{_DOT_WORD}\s{{1,3}}{_ENDING}"
    r"(?![^\W_])",
    re.I,
)

_MARKS = r"[\s.\-‐‑–—−·_\u00a0\u202f]"
_GAP = _MARKS + "{0,3}"
_SOME = _MARKS + "{1,3}"
_BEFORE = r"(?<![\w$€#/@.,:-])(?<!\d[ \u00a0\u202f])"
_AFTER = r"(?![\w@%€$]|[.,:/-]\d|[\u00a0\u202f ]?[$€%])"
_EXTENSION = r"(?:\s{0,3},?\s{0,3}(?:poste|p\.|ext\.?|x|#|extensión)\s{0,3}\d{1,6})?"
_PHONES = (
    # Québec and the rest of North America: (514) 555-0123, 1-800-555-0123, +1 514 555 0123.
    rf"(?:\+?1{_GAP})?(?:\(\s?[2-9]\d\d\s?\)|[2-9]\d\d){_GAP}[2-9]\d\d{_GAP}\d{{4}}{_EXTENSION}",
    # The same with its end cut in two, 514-555-01-99; a row of quantities goes on or has a unit.
    rf"(?:\+?1{_GAP})?(?:\(\s?[2-9]\d\d\s?\)|[2-9]\d\d){_GAP}[2-9]\d\d{_SOME}\d\d{_SOME}\d\d"
    rf"{_EXTENSION}(?![ \u00a0\u202f,]{{0,2}}(?:\d|(?:[kmc]?[gm]|[mc]?l|lb|po|pi|oz|h|min)\b))",
    # France: 01 23 45 67 89, 06.12.34.56.78.
    r"0[1-9](?:[\s.\-\u00a0\u202f]?\d\d){4}",
    # Anywhere: +33 6 12 34 56 78, 0033 (0)1…, +52 55 1234 5678.
    rf"(?:\+|00)[1-9]\d{{0,2}}(?:{_GAP}\(?\d{{1,5}}\)?){{2,7}}",
    # Belgium and Switzerland at home: 0470 12 34 56, 022 345 67 89.
    r"0[1-9]\d{1,2}[\s./]\d{2,3}(?:[\s.]\d{2,3}){2}",
)
# One figure at a time, as one dictates: 5 1 4 5 5 5 0 1 9 9, 0-6-1-2….
_ONE_BY_ONE = re.compile(
    rf"(?<![\w.,])(?<!\d{_MARKS})(?:\+?1{_SOME})?(?:[2-9]|0(?={_SOME}[1-9]))"
    rf"(?:{_SOME}\d){{9}}(?!\w|{_MARKS}{{0,2}}\d)"
)
_COUNTING = ("0123456789", "9876543210", "1234567890", "0987654321")
_PHONE = re.compile(_BEFORE + "(?:" + "|".join(_PHONES) + ")" + _AFTER, re.I)
_SHORT = re.compile(r"(?<![\w.,-])[2-9]\d\d[-‐‑.]\d{4}(?![\w-]|[.,]\d)")
_ANNOUNCED = re.compile(
    r"(?:t[ée]l(?:[ée]phone)?|cell(?:ulaire)?|phone|call|appel\w*|texto\w*|texte\w*|sms|fax|rejoin\w+"
    r"|whatsapp|llam\w+|tel[ée]fono|num[ée]ro|number|contact\w*)\W[^\d\n]{0,40}$",
    re.I,
)
_NOT_A_PHONE = re.compile(r"(?:isbn|issn|siret|siren|neq|tps|tvq|gst|qst)\W[^\n]{0,20}$", re.I)


# Without any of these nothing of what follows can be there; each pattern asks for more.
_MAY_HOLD = re.compile(r"[\d@＠(\[{<]|point|dot|punto", re.I)
_HIDES = re.compile(r"[@＠(\[{<]")
_DOT_SAID = re.compile(r"point|dot|punto", re.I)
_DIGIT = re.compile(r"\d")
LEAST_DIGITS, SHORTEST_DIGITS = 9, 7


def find_contacts(text: str) -> list[Span]:
    """Return the telephone numbers and e-mail addresses of a text, in order, never overlapping."""
    text = _undressed(text)
    if not _MAY_HOLD.search(text):
        return []
    found: list[Span] = []
    for span in sorted(_candidates(text[:LONGEST_READ]), key=lambda s: (s.start, -s.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


def mask_contacts(text: str, words: str = "[coordonnées masquées]") -> str:
    """Return the text with `words` (already translated) in the place of each contact."""
    pieces, at = [], 0
    for span in find_contacts(text):
        pieces += [text[at : span.start], words]
        at = span.end
    return "".join([*pieces, text[at:]])


def count_digits(text: str) -> int:
    """Return how many digits there are: too few are no telephone number."""
    return len(_DIGIT.findall(_undressed(text)))


def _undressed(text: str) -> str:
    """Return the text with its dressed-up characters plain, each still in its place."""
    return _DRESSED.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", match[0])
    return plain if len(plain) == 1 else match[0]


def _candidates(text: str) -> Iterator[Span]:
    yield from _emails(text)
    digits = count_digits(text)
    for match in _PHONE.finditer(text) if digits >= LEAST_DIGITS else ():
        if _is_phone(text, match):
            yield Span(match.start(), match.end(), ContactKind.PHONE)
    for match in _ONE_BY_ONE.finditer(text) if digits > LEAST_DIGITS else ():
        if re.sub(r"\D", "", match[0]) not in _COUNTING and _is_phone(text, match):
            yield Span(match.start(), match.end(), ContactKind.PHONE)
    for match in _SHORT.finditer(text) if digits >= SHORTEST_DIGITS else ():
        if _ANNOUNCED.search(text[max(0, match.start() - 60) : match.start()]):
            yield Span(match.start(), match.end(), ContactKind.PHONE)


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text) if "@" in text or "＠" in text else ():
        domain = match[0].rpartition("@")[2] or match[0].rpartition("＠")[2]
        if "." in domain.rstrip(".") or "＠" in match[0]:
            yield Span(match.start(), match.end(), ContactKind.EMAIL)
    for pattern, needed in ((_HIDDEN, _HIDES), (_APART, _HIDES), (_SPOKEN, _DOT_SAID)):
        for match in pattern.finditer(text) if needed.search(text) else ():
            yield Span(match.start(), match.end(), ContactKind.EMAIL)


def _is_phone(text: str, match: re.Match[str]) -> bool:
    """Whether the digits are neither a book's number, a registration, nor a row of quantities."""
    digits = re.sub(r"\D", "", match[0])
    if not LEAST_DIGITS <= len(digits) <= 21 or len(set(digits)) < 3:
        return False
    return not _NOT_A_PHONE.search(text[max(0, match.start() - 30) : match.start()])
