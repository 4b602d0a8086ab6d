"""The labels of the concepts as something to look for in a sentence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from board.taxonomy import wording
from board.taxonomy.quantities import number_of
from board.taxonomy.rules import Catalogue, Form, Scheme, Term
from board.taxonomy.wording import Word

TYPO_FROM = 5
_WIDEST_GAP = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A label taken apart: its words that say something, folded, and their stems."""

    term: Term
    words: tuple[str, ...]
    stems: tuple[str, ...]
    proper: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A word of the sentence that says something, as it is compared."""

    word: Word
    folded: str
    stem: str
    segment: int
    part: int
    typo: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A label found in the sentence, from slot to slot."""

    term: Term
    slots: tuple[int, ...]
    gap: int
    typos: int
    exact: bool
    proper: bool

    @property
    def size(self) -> int:
        """How many words of the sentence it explains."""
        return len(self.slots)


@dataclass(frozen=True)
class Vocabulary:
    """The labels of one language, by their first stem, and their words for the typos."""

    language: str
    entries: dict[str, tuple[Entry, ...]]
    words: frozenset[str]
    stems: frozenset[str]
    by_shape: dict[tuple[str, int], tuple[str, ...]]

    def read(self, words: list[Word], start: int) -> list[Slot]:
        """The words from `start` on that say something; typos read as the word that was meant."""
        slots: list[Slot] = []
        segment = part = 0
        for word in words[start:]:
            boundary = wording.is_boundary(word.folded, self.language)
            here = slots[-1].segment == segment if slots else False
            if (word.breaks or boundary) and here:
                segment, part = segment + 1, 0
            elif wording.joins(word.folded, self.language) and here:
                part += 1
            if boundary or wording.is_stop_word(word.folded, self.language):
                continue
            folded = self._meant(word)
            stem = wording.stem(folded, self.language)
            slots.append(Slot(word, folded, stem, segment, part, folded != word.folded))
        return slots

    def hits(self, slots: list[Slot]) -> list[Hit]:
        """Every label that stands in the sentence, its words in order, little between them."""
        found = []
        for first, slot in enumerate(slots):
            for entry in self.entries.get(slot.stem, ()):
                hit = self._match(entry, first, slots)
                if hit is not None:
                    found.append(hit)
        exact = {hit.slots for hit in found if hit.exact}
        return [hit for hit in found if hit.exact or hit.slots not in exact]

    def _meant(self, word: Word) -> str:
        folded = word.folded
        if number_of(word) is not None:
            return folded
        known = folded in self.words or wording.stem(folded, self.language) in self.stems
        if known or len(folded) < TYPO_FROM or (word.text[0].isupper() and word.start > 0):
            return folded
        near = {
            candidate
            for length in (len(folded) - 1, len(folded), len(folded) + 1)
            for candidate in self.by_shape.get((folded[0], length), ())
            if OSA.distance(folded, candidate, score_cutoff=1) <= 1
        }
        return min(near) if len({wording.stem(w, self.language) for w in near}) == 1 else folded

    def _match(self, entry: Entry, first: int, slots: list[Slot]) -> Hit | None:
        if len(entry.words) == 1:
            folded, label = slots[first].folded, entry.words[0]
            if not wording.same_word(folded, label, self.language):
                return None
            return Hit(
                entry.term, (first,), 0, int(slots[first].typo), folded == label, entry.proper
            )
        taken = [first]
        for stem in entry.stems[1:]:
            after = taken[-1] + 1
            at = next((i for i in range(after, min(after + _WIDEST_GAP + 1, len(slots)))
                       if slots[i].stem == stem), None)  # fmt: skip
            if at is None:
                return None
            taken.append(at)
        gap = taken[-1] - first + 1 - len(taken)
        exact = all(slots[i].folded == w for i, w in zip(taken, entry.words, strict=True))
        return Hit(
            entry.term, tuple(taken), gap, sum(slots[i].typo for i in taken), exact, entry.proper
        )


@lru_cache(maxsize=9)
def vocabulary(catalogue: Catalogue, language: str) -> Vocabulary:
    """Take the labels of a language apart; made once for each catalogue."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    words: set[str] = set()
    for term in catalogue.by_id.values():
        if term.retired or term.scheme not in (Scheme.KIND, Scheme.CATEGORY):
            continue
        for entry in _entries(term, language):
            entries[entry.stems[0]].append(entry)
            words.update(entry.words)
    by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= TYPO_FROM:
            by_shape[word[0], len(word)].append(word)
    return Vocabulary(
        language=language,
        entries={stem: tuple(found) for stem, found in entries.items()},
        words=frozenset(words),
        stems=frozenset(wording.stem(word, language) for word in words),
        by_shape={shape: tuple(found) for shape, found in by_shape.items()},
    )


def _entries(term: Term, language: str) -> list[Entry]:
    found: dict[tuple[str, ...], Entry] = {}
    for label in term.labels:
        if label.language != language:
            continue
        parts = tuple(
            word.folded
            for word in wording.words_of(label.text)
            if not wording.is_stop_word(word.folded, language)
        )
        if parts and parts not in found:
            stems = tuple(wording.stem(part, language) for part in parts)
            proper = label.text[0].isupper() and label.form is Form.ALTERNATIVE
            found[parts] = Entry(term, parts, stems, proper)
    return list(found.values())
