"""What the board understands of one sentence: kind, category, how many; each with its reason.

Rules over the labels of the concepts, nothing learned and nothing random: the words that decided
are given back as the person wrote them, and what is not understood stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from board.taxonomy import bases, quantities, titles, wording
from board.taxonomy.quantities import Quantity
from board.taxonomy.reading import Reading, read
from board.taxonomy.rules import Catalogue, Term
from board.taxonomy.vocabulary import Hit, Slot
from board.taxonomy.wording import Word

SMALL_ROOM, LARGE_ROOM, SMALL_ROOM_HOLDS = "meeting_room", "hall", 40


@dataclass(frozen=True)
class Proposal:
    """What the board proposes; `reasons` gives, for each but the titles, the words read."""

    kind: str | None = None
    category: str | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    line_title: str = ""
    quantity: int | None = None
    unit: str | None = None
    basis: str | None = None
    language: str | None = None


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
    words = _without(wording.words_of(text), place_words, text)
    title = titles.title_of(text, place_words)
    if not words:
        return Proposal(title=title, line_title=titles.line_title_of(text, 0, len(text)))
    lead = titles.find_lead(text)
    start = _first_word(words, lead.end)
    reading = read(words, start, purpose, lead.language or language, catalogue)
    room = quantities.capacity(words) if reading.kind == "space" else None
    category, reasons = _category(reading, catalogue, text, room)
    count = _count(reading, words, start, text)
    reasons |= {"quantity": (text[count.start : count.end].strip(),)} if count else {}
    basis = bases.find_basis(text)
    reasons |= {"basis": (basis[1],)} if basis else {}
    return Proposal(
        kind=reading.kind,
        category=category,
        reasons=reasons,
        title=title,
        line_title=_line_title(reading, words, start, text, count, room),
        quantity=count.number if count else None,
        unit=count.unit if count else None,
        basis=basis[0] if basis else None,
        language=reading.language,
    )


def _category(
    reading: Reading, catalogue: Catalogue, text: str, room: Quantity | None
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


def _count(reading: Reading, words: list[Word], start: int, text: str) -> Quantity | None:
    """How many of the thing, or of the people, the sentence says."""
    anchors = [reading.slots[hit].word for hit in _anchors(reading)]
    if not anchors and reading.slots and reading.slots[0].folded[0].isdigit():
        thing = quantities.thing_after(words, words.index(reading.slots[0].word))
        anchors = [thing] if thing is not None else []
    for anchor in anchors:
        found = quantities.quantity_before(words[start:], words.index(anchor) - start)
        found = found or quantities.quantity_after(text, anchor.end)
        if found is not None:
            return found
    return None


def _anchors(reading: Reading) -> list[int]:
    found = [reading.cue.first] if reading.cue else []
    if reading.best is not None and reading.slots[reading.best.slots[0]].segment == 0:
        found.append(reading.best.slots[0])
    return sorted(found)


def _line_title(
    reading: Reading, words: list[Word], start: int, text: str, count: Quantity | None,
    room: Quantity | None,
) -> str:  # fmt: skip
    """The name of the thing: its own clause, without the number, with « pour 20 personnes »."""
    if not reading.slots:
        return titles.line_title_of(text, 0, len(text))
    head = [slot for slot in reading.slots if slot.segment <= _last_segment(reading)]
    begin = words[start].start
    if count is not None and count.end < head[-1].word.start:
        begin = count.end
    end = head[-1].word.end
    named = titles.line_title_of(text, begin, end)
    if room is not None and room.start >= end:
        people = text[room.start : room.end]
        named = f"{named}, {people}" if people[0].isdigit() else f"{named} {people}"
    return named


def _last_segment(reading: Reading) -> int:
    """Up to where the thing is named: its own clause, and the task when people are wanted."""
    at = [0]
    if reading.best is not None:
        at.append(reading.slots[reading.best.slots[-1]].segment)
    if reading.cue is not None:
        at.append(reading.slots[reading.cue.first].segment)
    return min(max(at), 1)


def _without(words: list[Word], place_words: str | None, text: str) -> list[Word]:
    """The words but those of the place: « Parc-Extension » is no park."""
    at = text.find(place_words) if place_words else -1
    if place_words is None or at < 0:
        return words
    return [word for word in words if word.end <= at or word.start >= at + len(place_words)]


def _first_word(words: list[Word], offset: int) -> int:
    """The first word after « nous cherchons »; the first of all when nothing follows it."""
    return next((i for i, word in enumerate(words) if word.start >= offset), 0)


def _words(slots: list[Slot], taken: Iterable[int], text: str) -> tuple[str, ...]:
    """The words as the person wrote them; neighbours together."""
    found: list[list[int]] = []
    for at in taken:
        if found and at == found[-1][-1] + 1:
            found[-1].append(at)
        else:
            found.append([at])
    return tuple(text[slots[run[0]].word.start : slots[run[-1]].word.end] for run in found)
