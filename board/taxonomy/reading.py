"""A sentence read with the labels at hand: what it is about, and the words that say so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from board.taxonomy import quantities, wording
from board.taxonomy.rules import LANGUAGES, Catalogue, Scheme
from board.taxonomy.vocabulary import Hit, Slot, Vocabulary, vocabulary
from board.taxonomy.wording import Word

# Who asks for somebody may name the task only: « quelqu’un pour traduire ».
_PEOPLE = {
    "fr": frozenset({"personne", "personnes", "quelqu", "gens", "bras", "equipe", "benevoles"}),
    "en": frozenset({"person", "people", "someone", "somebody", "anyone", "hands"}),
    "es": frozenset({"persona", "personas", "alguien", "gente", "manos"}),
}
# These say that help is wanted, not yet whether it is work or knowledge: the category decides.
_WEAK = frozenset(
    {"aide", "aider", "coup", "help", "helping", "hand", "lend", "ayuda", "ayudar", "mano", "echar"}
)
_BEFORE_THE_HEAD = frozenset(
    {"petit", "petite", "petits", "petites", "grand", "grande", "grands", "grandes", "vieux",
     "vieille", "bon", "bonne", "nouveau", "nouvelle", "autre", "autres"}
)  # fmt: skip
_GOES_WITH = {
    "tool": frozenset({"tool"}),
    "space": frozenset({"space"}),
    "knowledge": frozenset({"knowledge", "volunteer"}),
    "volunteer": frozenset({"volunteer", "knowledge"}),
}
_HELPERS = frozenset({"volunteer", "knowledge"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that says the kind (or only that people are meant), and what may go with it."""

    kind: str | None
    goes_with: frozenset[str]
    first: int
    last: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence read in one language."""

    slots: list[Slot]
    cue: Cue | None
    best: Hit | None
    kind: str | None
    language: str


def read(
    words: list[Word], start: int, purpose: str, language: str, catalogue: Catalogue
) -> Reading:
    """Read in the language that the sentence seems to be in, then in the others, strictly."""
    own = language if language in LANGUAGES else LANGUAGES[0]
    spoken = wording.language_of(words, own)
    first = _understand(words, start, purpose, vocabulary(catalogue, spoken), strict=False)
    if first.kind is not None:
        return first
    for other in LANGUAGES:
        if other != spoken:
            found = _understand(words, start, purpose, vocabulary(catalogue, other), strict=True)
            if found.best is not None:
                mixed = wording.has_small_words(words, spoken)
                return replace(found, language=spoken if mixed else other)
    return first


def _understand(
    words: list[Word], start: int, purpose: str, known: Vocabulary, *, strict: bool
) -> Reading:
    slots = known.read(words, start)
    hits = known.hits(slots)
    if strict:
        hits = [h for h in hits if h.exact and all(len(slots[i].folded) > 3 for i in h.slots)]
    hits = [hit for hit in hits if not _is_doubtful(hit, slots, known.language)]
    categories = [hit for hit in hits if hit.term.scheme == Scheme.CATEGORY]
    cue = _cue(slots, hits, categories, known.language)
    best = _best(slots, categories, cue, known.language)
    kind = cue.kind if cue else None
    if best is not None and (kind is None or (cue is not None and cue.weak)):
        kind = best.term.kind
    if kind is None and cue is not None and purpose == "need":
        kind = "volunteer"
    return Reading(slots, cue, best, kind, known.language)


def _cue(slots: list[Slot], hits: list[Hit], categories: list[Hit], language: str) -> Cue | None:
    """The first word of the head that says a kind, unless it is part of a longer name."""
    names = [hit for hit in categories if not hit.gap]
    heads = [hit for hit in categories if slots[hit.slots[0]].segment == 0]
    things = [hit.slots[0] for hit in heads if hit.term.kind not in _HELPERS]
    for hit in sorted((h for h in hits if h.term.scheme == Scheme.KIND), key=_where):
        first, last = hit.slots[0], hit.slots[-1]
        kind = hit.term.key
        late = slots[first].segment > 0
        after_thing = any(at < first for at in things)
        longer = any(n.size > hit.size and set(hit.slots) <= set(n.slots) for n in names)
        if longer or kind not in _GOES_WITH:
            continue
        if (late or language != "en") and after_thing:
            continue
        if late and (heads or kind != "volunteer"):
            continue
        weak = slots[first].folded in _WEAK
        if not (late and weak):
            return Cue(kind, _GOES_WITH[kind], first, last, weak)
    for at, slot in enumerate(slots):
        if slot.segment == 0 and slot.folded in _PEOPLE[language] and not things:
            return Cue(None, _HELPERS, at, at, False)
    return None


def _best(slots: list[Slot], categories: list[Hit], cue: Cue | None, language: str) -> Hit | None:
    """The label that says most about the thing itself, if any does."""
    heads = {hit.term.kind for hit in categories if slots[hit.slots[0]].segment == 0}
    ranked: list[tuple[float, int, str, Hit]] = []
    for hit in categories:
        if cue is not None and hit.term.kind not in cue.goes_with:
            continue
        segment = _segment(hit, slots, cue)
        if segment > 0 and cue is None and (hit.size < 2 or hit.gap):
            continue
        task = segment == 1 and hit.size > 1 and heads <= _HELPERS and hit.term.kind in heads
        score = _score(hit, slots, 0 if task else segment, language) - (0.8 if task else 0.0)
        ranked.append((score, -hit.slots[0], hit.term.key, hit))
    return max(ranked, key=lambda row: row[:3])[3] if ranked else None


def _is_doubtful(hit: Hit, slots: list[Slot], language: str) -> bool:
    """Whether one word is a proper name, or misspelt and not where the thing would stand."""
    if hit.size > 1:
        return False
    at = hit.slots[0]
    word = slots[at].word
    if slots[at].segment and word.text[:1].isupper() and word.text[1:].islower():
        return not hit.proper
    if not hit.typos:
        return False
    around = slots[at + 1 :] if language == "en" else slots[:at]
    return any(
        slot.segment == slots[at].segment
        and not (slot.folded[0].isdigit() or slot.folded in _BEFORE_THE_HEAD)
        and quantities.number_of(slot.word) is None
        for slot in around
    )


def _segment(hit: Hit, slots: list[Slot], cue: Cue | None) -> int:
    """How far from the thing; after « bénévoles pour » the task stands where a thing would."""
    segment = slots[hit.slots[0]].segment
    if cue is None:
        return segment
    if hit.slots == tuple(range(cue.first, cue.last + 1)):
        return segment + 2
    return max(0, segment - 1) if slots[cue.first].segment == 0 else segment


def _score(hit: Hit, slots: list[Slot], segment: int, language: str) -> float:
    score = hit.size - 0.25 * hit.gap - 0.5 * hit.typos + (0.3 if hit.exact else 0.0)
    score += -0.5 * segment if segment else 2.0
    score -= 0.0 if hit.term.broader else 0.4
    score -= 1.2 if slots[hit.slots[0]].part else 0.0
    # The head of a French or Spanish name comes first, of an English one last.
    return score + (0.04 * hit.slots[-1] if language == "en" else -0.04 * hit.slots[0])


def _where(hit: Hit) -> tuple[int, int]:
    return (hit.slots[0], -hit.size)
