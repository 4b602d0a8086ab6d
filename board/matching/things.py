"""Which of the things that a category gathers a title names: boots are not coats.

A category's labels are synonyms and sorts alike (« bottes », « manteaux », « mitaines »). Those
that share a word belong together, through a third one too; what shares none is another thing.
The words of the label that is shown mean the whole category, and part nothing; so does a word that
a moderator linked: it is another name of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from board.matching.text import words_of
from board.taxonomy.rules import Catalogue, Form

Stem = Callable[[str], str]
Stems = frozenset[str]
WHOLE = 0
_AND = re.compile(r",\s|\s(?:et|ou|and|or|y|o|e)\s")


@dataclass(frozen=True, slots=True)
class Named:
    """Which sorts of a category a title names, and the words that mean the whole category."""

    sorts: frozenset[int] = frozenset()
    whole: Stems = frozenset()


@dataclass(frozen=True, slots=True)
class Sorts:
    """The labels of a category in one language: words of the whole, and words of each sort."""

    whole: Stems
    labels: tuple[tuple[Stems, int], ...]

    def named_by(self, said: Stems) -> Named:
        """Return which sorts a title names; WHOLE when it says the category itself."""
        found = {number for label, number in self.labels if label <= said}
        if self.whole and self.whole <= said:
            found.add(WHOLE)
        return Named(frozenset(found), self.whole)


class Things:
    """The sorts of every category in one language, put together when they are first asked for."""

    def __init__(self, catalogue: Catalogue, language: str, stem: Stem) -> None:
        self._catalogue = catalogue
        self._language = language
        self._stem = stem
        self._made: dict[str, Sorts] = {}

    def named(self, titles: Iterable[str], key: str) -> Named:
        """Return which sorts of a category some titles name; nothing when nobody can tell."""
        if key not in self._made:
            self._made[key] = self._sorts(key)
        return self._made[key].named_by(self.stems(*titles))

    def stems(self, *texts: str) -> Stems:
        """Return the stems of the words of texts."""
        return frozenset(self._stem(word) for text in texts for word in words_of(text))

    def _sorts(self, key: str) -> Sorts:
        term = self._catalogue.by_key.get(key)
        labels = [one for one in (term.labels if term else ()) if one.language == self._language]
        named = [one.text for one in labels if one.form is Form.PREFERRED]
        shown = [self.stems(part) for text in named for part in _AND.split(text)]
        # « Montage et démontage » names two sorts, and nothing that means them all.
        whole: Stems = frozenset().union(*(shown if len(shown) == len(named) else ()))
        added = [self.stems(one.text) for one in labels if one.by_person]
        others = [self.stems(one.text) - whole for one in labels
                  if one.form is not Form.PREFERRED and not one.by_person]  # fmt: skip
        others += shown if not whole else []
        sorts = _together([each for each in others if each])
        return Sorts(whole, (*sorts, *((each, WHOLE) for each in added if each)))


def are_apart(here: Named, there: Named) -> bool:
    """Whether two titles name things of one category that are known to be different."""
    one, other = here.sorts, there.sorts
    return bool(one and other) and WHOLE not in one | other and not one & other


def _together(labels: list[Stems]) -> list[tuple[Stems, int]]:
    """Number the labels so that those that share a word, even through a third, share a number."""
    groups: list[tuple[set[str], list[Stems]]] = []
    for label in labels:
        words, held = set(label), [label]
        apart = []
        for known, others in groups:
            if known & words:
                words |= known
                held += others
            else:
                apart.append((known, others))
        groups = [*apart, (words, held)]
    return [(label, number) for number, (_w, held) in enumerate(groups, 1) for label in held]
