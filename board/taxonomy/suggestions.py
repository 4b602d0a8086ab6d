"""What the board understands of one sentence: kind, category, how many; each with its reason.

Rules over the labels of the concepts, nothing learned and nothing random: the words that decided
are given back as the person wrote them, and what is not understood stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from board.taxonomy import quantities, titles, wording
from board.taxonomy.quantities import Quantity
from board.taxonomy.rules import LANGUAGES, Catalogue, Scheme, Term
from board.taxonomy.vocabulary import Hit, Slot, Vocabulary, vocabulary
from board.taxonomy.wording import Word

SMALL_ROOM, LARGE_ROOM, SMALL_ROOM_HOLDS = "meeting_room", "hall", 40
# Who asks for somebody may name the task only: « quelqu’un pour traduire ».
_PEOPLE = {
    "fr": frozenset({"personne", "personnes", "quelqu", "gens", "bras", "equipe", "benevoles"}),
    "en": frozenset({"person", "people", "someone", "somebody", "anyone", "hands"}),
    "es": frozenset({"persona", "personas", "alguien", "gente", "manos"}),
}
# These say that help is wanted, not yet whether it is work or knowledge: the category decides.
_WEAK = frozenset({"aide", "aider", "help", "helping", "ayuda", "conseil"})
_GOES_WITH = {
    "tool": frozenset({"tool"}),
    "space": frozenset({"space"}),
    "knowledge": frozenset({"knowledge", "volunteer"}),
    "volunteer": frozenset({"volunteer", "knowledge"}),
}
_HELPERS = frozenset({"volunteer", "knowledge"})


@dataclass(frozen=True)
class Proposal:
    """What the board proposes; `reasons` gives, for kind, category and quantity, the words read."""

    kind: str | None = None
    category: str | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    line_title: str = ""
    quantity: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class _Cue:
    """A word that says the kind (or only that people are meant), and what may go with it."""

    kind: str | None
    goes_with: frozenset[str]
    first: int
    last: int
    weak: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence read in one language."""

    slots: list[Slot]
    cue: _Cue | None
    best: Hit | None
    kind: str | None


def propose(
    sentence: str,
    *,
    purpose: str,
    language: str,
    catalogue: Catalogue,
    place_words: str | None = None,
) -> Proposal:
    """Propose a title, a kind, a category and a quantity for a sentence; unknown stays None."""
    text = wording.clean(sentence)
    title = titles.title_of(text, place_words)
    words = wording.words_of(text)
    if not words:
        return Proposal(title=title, line_title=titles.line_title_of(text, 0, len(text)))
    start = _first_word(words, titles.find_lead(text)[1])
    reading = _read(words, start, purpose, language, catalogue)
    space = reading.kind == "space"
    room = quantities.capacity(words) if space else None
    category, reasons = _category(reading, catalogue, text, room)
    count = _count(reading, words, start, text)
    if count is not None:
        reasons["quantity"] = (text[count.start : count.end],)
    return Proposal(
        kind=reading.kind,
        category=category,
        reasons=reasons,
        title=title,
        line_title=_line_title(reading, words, start, text, count, room),
        quantity=count.number if count else None,
        unit=count.unit if count else None,
    )


def _read(
    words: list[Word], start: int, purpose: str, language: str, catalogue: Catalogue
) -> _Reading:
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
                return found
    return first


def _understand(
    words: list[Word], start: int, purpose: str, known: Vocabulary, *, strict: bool
) -> _Reading:
    slots = known.read(words, start)
    hits = known.hits(slots)
    if strict:
        hits = [h for h in hits if not h.typos and all(len(slots[i].folded) > 3 for i in h.slots)]
    categories = [hit for hit in hits if hit.term.scheme == Scheme.CATEGORY]
    cue = _cue(slots, hits, categories, known.language)
    best = _best(slots, categories, cue, known.language)
    kind = cue.kind if cue else None
    if best is not None and (kind is None or (cue is not None and cue.weak)):
        kind = best.term.kind
    if kind is None and cue is not None and purpose == "need":
        kind = "volunteer"
    return _Reading(slots, cue, best, kind)


def _cue(slots: list[Slot], hits: list[Hit], categories: list[Hit], language: str) -> _Cue | None:
    """The first word of the head that says a kind, unless it is part of a longer name."""
    explained = {i for hit in categories if hit.size > 1 and not hit.gap for i in hit.slots}
    heads = [hit for hit in categories if slots[hit.slots[0]].segment == 0]
    things = [hit.slots[0] for hit in heads if hit.term.kind not in _HELPERS]
    for hit in sorted((h for h in hits if h.term.scheme == Scheme.KIND), key=_where):
        first, last = hit.slots[0], hit.slots[-1]
        kind = hit.term.key
        late = slots[first].segment > 0
        after_thing = any(at < first for at in things)
        if explained.intersection(hit.slots) or kind not in _GOES_WITH:
            continue
        if (late or language != "en") and after_thing:
            continue
        if late and kind != "volunteer":
            continue
        weak = slots[first].folded in _WEAK
        if not (late and weak):
            return _Cue(kind, _GOES_WITH[kind], first, last, weak)
    for at, slot in enumerate(slots):
        if slot.segment == 0 and slot.folded in _PEOPLE[language] and not things:
            return _Cue(None, _HELPERS, at, at, False)
    return None


def _best(slots: list[Slot], categories: list[Hit], cue: _Cue | None, language: str) -> Hit | None:
    """The label that says most about the thing itself, if any does."""
    ranked: list[tuple[float, int, str, Hit]] = []
    for hit in categories:
        if cue is not None and hit.term.kind not in cue.goes_with:
            continue
        segment = slots[hit.slots[0]].segment
        if cue is not None and slots[cue.first].segment == 0:
            segment = max(0, segment - 1)
        if segment > 0 and cue is None and (hit.size < 2 or hit.gap):
            continue
        ranked.append((_score(hit, segment, language), -hit.slots[0], hit.term.key, hit))
    return max(ranked, key=lambda row: row[:3])[3] if ranked else None


def _score(hit: Hit, segment: int, language: str) -> float:
    score = hit.size - 0.25 * hit.gap - 0.5 * hit.typos + (0.3 if hit.exact else 0.0)
    score += -0.5 * segment if segment else 2.0
    score -= 0.0 if hit.term.broader else 0.4
    # The head of a French or Spanish name comes first, of an English one last.
    return score + (0.04 * hit.slots[-1] if language == "en" else -0.04 * hit.slots[0])


def _category(
    reading: _Reading, catalogue: Catalogue, text: str, room: Quantity | None
) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """The category with the words that decided; a bare « salle » is sized by its people."""
    reasons: dict[str, tuple[str, ...]] = {}
    best, cue = reading.best, reading.cue
    own = _words(reading.slots, best.slots, text) if best else ()
    if reading.kind is not None:
        said = cue is not None and (cue.kind == reading.kind or best is None)
        span = range(cue.first, cue.last + 1) if cue is not None and said else ()
        reasons["kind"] = _words(reading.slots, span, text) or own
    size = LARGE_ROOM if room and room.number > SMALL_ROOM_HOLDS else SMALL_ROOM
    if reading.kind == "space" and room and _is_broad(best) and _usable(catalogue, size):
        reasons["category"] = (*(own or reasons["kind"]), text[room.start : room.end])
        return size, reasons
    if best is None:
        return None, reasons
    reasons["category"] = own
    return best.term.key, reasons


def _is_broad(hit: Hit | None) -> bool:
    return hit is None or not hit.term.broader


def _usable(catalogue: Catalogue, key: str) -> bool:
    term: Term | None = catalogue.by_key.get(key)
    return term is not None and not term.retired


def _count(reading: _Reading, words: list[Word], start: int, text: str) -> Quantity | None:
    """How many of the thing, or of the people, the sentence says."""
    anchors = [reading.slots[hit].word for hit in _anchors(reading)]
    if not anchors and reading.slots and reading.slots[0].folded[0].isdigit():
        after = words.index(reading.slots[0].word) + 1
        anchors = words[after : after + 1]
    for anchor in anchors:
        found = quantities.quantity_before(words[start:], words.index(anchor) - start)
        found = found or quantities.quantity_after(text, anchor.end)
        if found is not None:
            return found
    return None


def _anchors(reading: _Reading) -> list[int]:
    found = [reading.cue.first] if reading.cue else []
    if reading.best is not None and reading.slots[reading.best.slots[0]].segment == 0:
        found.append(reading.best.slots[0])
    return sorted(found)


def _line_title(
    reading: _Reading, words: list[Word], start: int, text: str, count: Quantity | None,
    room: Quantity | None,
) -> str:  # fmt: skip
    """The name of the thing: its own clause, without the number, with « pour 20 personnes »."""
    if not reading.slots:
        return titles.line_title_of(text, 0, len(text))
    head = [slot for slot in reading.slots if slot.segment <= _last_segment(reading)]
    begin = words[start].start
    if count is not None and count.start <= reading.slots[0].word.start:
        begin = count.end
    end = head[-1].word.end
    named = titles.line_title_of(text, begin, end)
    if room is not None and room.start >= end:
        named = f"{named} {text[room.start : room.end]}"
    return named


def _last_segment(reading: _Reading) -> int:
    """Up to where the thing is named: its own clause, and the task when people are wanted."""
    at = [0]
    if reading.best is not None:
        at.append(reading.slots[reading.best.slots[-1]].segment)
    return min(max(at), 1)


def _first_word(words: list[Word], offset: int) -> int:
    """The first word after « nous cherchons »; the first of all when nothing follows it."""
    return next((i for i, word in enumerate(words) if word.start >= offset), 0)


def _where(hit: Hit) -> tuple[int, int]:
    return (hit.slots[0], -hit.size)


def _words(slots: list[Slot], taken: Iterable[int], text: str) -> tuple[str, ...]:
    """The words as the person wrote them; neighbours together."""
    found: list[list[int]] = []
    for at in taken:
        if found and at == found[-1][-1] + 1:
            found[-1].append(at)
        else:
            found.append([at])
    return tuple(text[slots[run[0]].word.start : slots[run[-1]].word.end] for run in found)
