"""A need line beside an offer line: the score, its parts, and what may be said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from board.folding import fold
from board.matching import scores
from board.matching.phrases import named_in
from board.matching.rules import LineFacts, terms_differ
from board.matching.scores import Kinship, Parts, Weights
from board.matching.text import EMPTY, Corpus, Text, alike, says_what, shared_words, words_of
from board.matching.things import Named, Stems, are_apart
from board.posts.rules import Attendance
from board.taxonomy.places import Point, distance_km

MOST_WORDS = 3
Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as matching reads it; texts as their author wrote them, the point coarse."""

    facts: LineFacts
    title: str
    language: str = "fr"
    further_titles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""
    concepts: Mapping[str, float] = field(default_factory=dict)
    things: Mapping[str, Named] = field(default_factory=dict)
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """How well two lines fit, and why: only parts above neutral are reasons."""

    score: float
    parts: Parts
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]

    def stored(self) -> dict[str, Any]:
        """Return the parts as they are kept."""
        return asdict(self.parts)


class Label(NamedTuple):
    """A title or a tag as it is compared: all that it says, and the thing that it names."""

    whole: Text
    thing: Text


class Reader:
    """Compares lines with what is known of each language and of the concepts."""

    def __init__(
        self, corpora: Mapping[str, Corpus], kinship: Kinship, weights: Weights | None = None
    ) -> None:
        self.corpora = corpora
        self.kinship = kinship
        self.weights = weights or Weights()

    def compare(self, here: Line, there: Line) -> Compared:
        """Return the score of a pair and its reasons, told from `here`."""
        shared, counted = self._shared(here, there)
        best, one, other = self._closest(here, there, counted)
        value = self._with_descriptions(best, here, there)
        kilometres = 0.0 if is_online(here, there) else kilometres_between(here, there)
        parts = Parts(
            concepts=shared.value,
            text=round(value, 6),
            tags=scores.tags_part(folded(here), folded(there)),
            window=scores.window_part(window(here), window(there)),
            nearness=scores.nearness_part(kilometres),
        )
        said: dict[str, Reason] = {
            "concepts": {"here": shared.here, "there": shared.there} | _how(shared, here, there),
            "text": {"words": _words(one, other)},
            "tags": {"tags": sorted(_common_tags(here, there))},
            "window": _common_window(here, there),
            "nearness": {"km": None if kilometres is None else round(kilometres)}
            | ({"online": True} if is_online(here, there) else {}),
        }
        reasons = [
            {"part": name, "value": getattr(parts, name), **told}
            for name, told in said.items()
            if scores.is_reason(getattr(parts, name)) and (name != "text" or told["words"])
        ]
        unknown = tuple(name for name in scores.NAMES if getattr(parts, name) is None)
        return Compared(scores.score(parts, self.weights), parts, tuple(reasons), unknown)

    def _shared(self, here: Line, there: Line) -> tuple[scores.Shared, Stems]:
        """Return how close the concepts are, and the words that this has counted already."""
        shared = scores.concepts_part(here.concepts, there.concepts, self.kinship)
        if not shared.value:
            return shared, frozenset()
        halved = replace(shared, value=shared.value * scores.ANOTHER_THING)
        if name_other_things(here, there, shared):
            return halved, here.things[shared.here].whole
        return (halved if terms_differ(here.facts, there.facts) else shared), frozenset()

    def read(self, text: str, language: str) -> Text:
        """Return a text as it is compared, by what is known of its language."""
        corpus = self.corpora.get(language) or self.corpora.get("fr")
        return corpus.read(text) if corpus is not None and text else EMPTY

    def _closest(self, here: Line, there: Line, but: Stems) -> tuple[float, Text, Text]:
        """Return the most alike titles, or title and tag; two tags are the part of tags.

        Words of `but` are left out: the category has counted them, and they tell nothing more.
        """
        share = 1.0 if here.language == there.language else scores.CROSS_LANGUAGE_SHARE
        mine, my_tags = self._labels(here, but)
        theirs, their_tags = self._labels(there, but)
        beside = [(a, b) for a in mine for b in (*theirs, *their_tags)]
        beside += [(a, b) for a in my_tags for b in theirs]
        pairs = [_beside(a, b, share) for a, b in beside]
        return max(pairs, key=lambda pair: pair[0], default=(0.0, EMPTY, EMPTY))

    def _labels(self, line: Line, but: Stems) -> tuple[list[Label], list[Label]]:
        titles = dict.fromkeys((line.title, *line.further_titles))
        tags = (tag for tag in dict.fromkeys(line.tags) if tag not in titles)
        return ([self._label(text, line.language, but) for text in titles],
                [self._label(text, line.language, but) for text in tags])  # fmt: skip

    def _label(self, text: str, language: str, but: Stems) -> Label:
        """Read a title whole, and what it names; « quelqu’un pour le jardin » names it all."""
        whole, named = self._read_without(text, language, but), named_in(text)
        thing = self._read_without(named, language, but) if named != text else whole
        return Label(whole, thing if says_what(named) else whole)

    def _read_without(self, text: str, language: str, but: Stems) -> Text:
        corpus = self.corpora.get(language) or self.corpora.get("fr")
        if not but or corpus is None:
            return self.read(text, language)
        return corpus.read(" ".join(w for w in words_of(text) if corpus.stem(w) not in but))

    def _with_descriptions(self, best: float, here: Line, there: Line) -> float:
        """Raise the likeness by the descriptions, averaged over both directions."""
        total = 0.0
        for a, b in ((here, there), (there, here)):
            title = self._label(a.title, a.language, frozenset()).thing
            text = self.read(b.description, b.language)
            total += scores.described(best, title, text)
        return total / 2


def _beside(a: Label, b: Label, share: float) -> tuple[float, Text, Text]:
    """Return how alike two labels are; the same use makes no likeness where the things differ."""
    if a.thing.stems.keys() & b.thing.stems.keys():
        return alike(a.whole, b.whole) * share, a.whole, b.whole
    return alike(a.thing, b.thing) * share, a.thing, b.thing


def name_other_things(here: Line, there: Line, shared: scores.Shared) -> bool:
    """Whether two lines of one category name things of it that are known to differ."""
    if shared.here != shared.there or here.language != there.language:
        return False
    return are_apart(here.things.get(shared.here, Named()), there.things.get(shared.here, Named()))


def _how(shared: scores.Shared, here: Line, there: Line) -> Reason:
    """Say what « same category » would hide: a tag alone says it, or each names another thing."""
    surest = min(here.concepts.get(shared.here, 0.0), there.concepts.get(shared.there, 0.0))
    said: Reason = {"by_tag": True} if surest < scores.LINKED_FROM else {}
    return said | ({"apart": True} if name_other_things(here, there, shared) else {})


def kilometres_between(here: Line, there: Line) -> float | None:
    """Return the kilometres between two coarse points; None when one is unknown."""
    if here.point is None or there.point is None:
        return None
    return distance_km(here.point, there.point)


def is_online(here: Line, there: Line) -> bool:
    """Whether a pair meets on line, where nothing is far."""
    return Attendance.ONLINE in (here.facts.attendance, there.facts.attendance)


def window(line: Line) -> scores.Window:
    """Return the days of a line."""
    return (line.facts.needed_from, line.facts.needed_until)


def folded(line: Line) -> frozenset[str]:
    """Return the tags of a line as they are compared."""
    return frozenset(fold(tag) for tag in line.tags)


def _words(one: Text, other: Text) -> list[dict[str, str]]:
    """Return the weightiest shared words as they follow each other, then how errors were read."""
    some, said = shared_words(one, other)[:MOST_WORDS], list(one.written.values())
    some.sort(key=lambda word: (bool(word.read), said.index(word.here)))
    return [
        {"here": word.here, "there": word.there} | ({"read": word.read} if word.read else {})
        for word in some
    ]


def _common_tags(here: Line, there: Line) -> set[str]:
    return {tag for tag in here.tags if fold(tag) in folded(there)}


def _common_window(here: Line, there: Line) -> Reason:
    (first, last), (other_first, other_last) = window(here), window(there)
    if first is None or last is None or other_first is None or other_last is None:
        return {}
    return {"from": max(first, other_first).isoformat(),
            "until": min(last, other_last).isoformat()}  # fmt: skip
