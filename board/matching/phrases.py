"""How the words of a title stand to each other: what is named, beside what, and what goes with it.

« Chaises et tables » names two things; « ordinateurs avec chargeur » names one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from board.search.text import STOP_WORDS, compose, spans

# What comes after says what a thing is for, or against what: it is not the thing itself.
FOR_WHAT = re.compile(
    r"\b(?:pour|afin|contre|en échange|for|in order to|in exchange|in return|para|a cambio)\b",
    re.IGNORECASE,
)
_LANGUAGE = (
    r"(?:fran[cç]ais|anglais|espagnol|arabe|french|english|spanish|arabic|fran[cç][eé]s|ingl[eé]s"
    r"|espa[nñ]ol|[aá]rabe)"
)
_INTO_WHAT = re.compile(rf"\b(?:en|vers|into|in|to|al|a)\s+(?:l['’])?{_LANGUAGE}\b", re.IGNORECASE)
_BESIDE = frozenset("et ou and or y e o u".split())  # noqa: SIM905
_GOES_WITH = frozenset(
    """de du des a au aux avec sans en sur dans par of with without in on at by from con sin del
    al""".split()  # noqa: SIM905
)
_OF = frozenset(["de", "du", "des", "d", "of", "del"])
_MARKS = re.compile(r"[,;/&+:()\[\]–—]")
_COMMAS = ",;/&+"
_ELIDED_OF = re.compile(r"\bd['’]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a word of a title stands: in which part of it, how that part is joined to the first,
    whether the word only tells what goes with the thing before it, and whether that is what it is
    made of, or holds: « caisses de livres », « bancs de bain »."""

    part: int
    is_beside: bool
    goes_with: bool
    is_of: bool = False


def standings(title: str) -> list[Standing]:
    """Return where each word stands, one for each of `text.words_of`."""
    whole = compose(title)
    out: list[Standing] = []
    part, end = 0, 0
    told_more = goes_with = is_of = False
    for span in spans(whole):
        between, word = whole[end : span.start], span.forms[0]
        end = span.end
        marks = _MARKS.findall(between)
        if marks or word in _BESIDE:
            part += 1
            told_more = told_more or any(mark not in _COMMAS for mark in marks)
            goes_with = is_of = False
        is_of = is_of or bool(_ELIDED_OF.search(between))
        goes_with = goes_with or is_of
        said = [form for form in span.forms if form not in STOP_WORDS]
        out += [Standing(part, part > 0 and not told_more, goes_with, is_of)] * len(said)
        goes_with, is_of = goes_with or word in _GOES_WITH, is_of or word in _OF
    return out


def named_in(title: str) -> str:
    """Return what a title names, without what it is for or into which language it goes."""
    cut = min((m.start() for m in (FOR_WHAT.search(title), _INTO_WHAT.search(title)) if m),
              default=len(title))  # fmt: skip
    return title[:cut].strip()
