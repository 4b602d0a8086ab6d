"""How words are taken, from the strictest way to the widest: pure, the same for both databases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from types import MappingProxyType
from typing import NamedTuple

MOST_ALTERNATIVES = 24
SHORTEST_PART = 3


class Term(NamedTuple):
    """A word, or the beginning of one."""

    text: str
    prefix: bool = False


Phrase = tuple[Term, ...]
Group = tuple[Phrase, ...]
Conjunction = tuple[Group, ...]
Match = tuple[Conjunction, ...]
Numbers = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Tier:
    """One way of taking the words, and its place in the order."""

    number: int
    match: Match

    @property
    def forms(self) -> tuple[str, ...]:
        """The words that it accepts; `*` ends a beginning."""
        terms = (t for conj in self.match for group in conj for phrase in group for t in phrase)
        return tuple(dict.fromkeys(t.text + "*" * t.prefix for t in terms))


CLOSE, BEGUN, WORDS, STEMS, ONE_TYPO, TWO_TYPOS, FEWER = range(7)


def close(words: Sequence[str], numbers: Numbers = MappingProxyType({})) -> Tier:
    """The words side by side, each in the singular or in the plural."""
    ways = product(*((word, *numbers.get(word, ())) for word in words))
    return Tier(
        CLOSE, ((tuple(tuple(map(Term, way)) for way in islice(ways, MOST_ALTERNATIVES)),),)
    )


def begun(words: Sequence[str]) -> Tier:
    """The words side by side, the last as a beginning."""
    *first, last = words
    return Tier(BEGUN, ((((*map(Term, first), Term(last, True)),),),))


def all_words(words: Sequence[str], numbers: Numbers = MappingProxyType({})) -> Tier:
    """Every word somewhere, in the singular or in the plural, the last as a beginning."""
    others = {word: [_phrase(form) for form in numbers.get(word, ())] for word in words}
    return Tier(WORDS, (_conjunction(words, others),))


def stems(
    words: Sequence[str], siblings: Mapping[str, Collection[str]], known: Collection[str]
) -> Tier:
    """Words of the same stem, split in two or joined as they are known."""
    others = {word: [_phrase(s) for s in sorted(siblings.get(word, ()))] for word in words}
    for word in words:
        others[word] += _splits(word, known)
    matches = [_conjunction(words, others)]
    for i in range(len(words) - 1):
        joined = words[i] + words[i + 1]
        if joined in known:
            matches.append(_conjunction([*words[:i], joined, *words[i + 2 :]], others))
    return Tier(STEMS, tuple(matches))


def typos(
    number: int, words: Sequence[str], wider: Tier, meant: Mapping[str, Sequence[str]]
) -> Tier:
    """Besides what the wider tier takes, the words that may have been meant."""
    first = dict(zip(words, wider.match[0], strict=True))
    groups = tuple(
        (*group, *(_phrase(other) for other in meant.get(word, ())))[:MOST_ALTERNATIVES]
        for word, group in first.items()
    )
    return Tier(number, (groups, *wider.match[1:]))


def fewer(wider: Tier, count: int) -> Tier:
    """The first `count` words only, each in its widest sense."""
    return Tier(FEWER, (wider.match[0][:count],))


def joins(words: Sequence[str]) -> list[str]:
    """Two words written as one, to be looked up."""
    return [a + b for a, b in pairwise(words)]


def parts(word: str) -> list[tuple[str, str]]:
    """One word written as two, to be looked up."""
    cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    return [(word[:cut], word[cut:]) for cut in cuts]


def fits(match: Match, columns: Iterable[Sequence[str]]) -> bool:
    """Whether a document that is in no index matches."""
    held = list(columns)
    return any(
        all(any(_holds(phrase, held) for phrase in group) for group in conj) for conj in match
    )


def _conjunction(words: Sequence[str], others: Mapping[str, Sequence[Phrase]]) -> Conjunction:
    last = len(words) - 1
    groups: list[Group] = []
    for i, word in enumerate(words):
        own = [(Term(word, i == last),)]
        groups.append(tuple(dict.fromkeys([*own, *others.get(word, ())]))[:MOST_ALTERNATIVES])
    return tuple(groups)


def _phrase(word: str) -> Phrase:
    return (Term(word),)


def _splits(word: str, known: Collection[str]) -> list[Phrase]:
    return [(Term(a), Term(b)) for a, b in parts(word) if a in known and b in known]


def _holds(phrase: Phrase, columns: list[Sequence[str]]) -> bool:
    size = len(phrase)
    return any(
        all(_is(term, word) for term, word in zip(phrase, column[i : i + size], strict=True))
        for column in columns
        for i in range(len(column) - size + 1)
    )


def _is(term: Term, word: str) -> bool:
    return word.startswith(term.text) if term.prefix else word == term.text
