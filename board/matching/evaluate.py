"""The board's own scoring over files of texts, to be measured against what people judged."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from board.matching import scores
from board.matching.index import Index
from board.matching.scores import NO_KIN, Parts
from board.matching.text import Corpus, Text, count_words

MOST_RESULTS = 1_000
Strengths = Mapping[str, float]


class BadLine(ValueError):
    """A line of a file cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A text of a file, with the concept that it names, if it says so."""

    id: str
    text: str
    concept: str = ""


def read_items(path: Path) -> list[Item]:
    """Read one JSON a line: {"id", "text"} and perhaps "concept"; BadLine names a wrong one."""
    items = []
    with path.open(encoding="utf-8-sig", errors="strict") as file:
        try:
            for number, line in enumerate(file, 1):
                if line.strip():
                    items.append(_item(line, f"{path.name}, line {number}"))
        except UnicodeDecodeError:
            raise BadLine(f"{path.name} is not UTF-8") from None
    return items


def _item(line: str, where: str) -> Item:
    try:
        row = json.loads(line)
        item = Item(row["id"], row["text"], row.get("concept") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadLine(f'{where}: not {{"id": …, "text": …}}') from None
    if not all(isinstance(value, str) for value in (item.id, item.text, item.concept)):
        raise BadLine(f"{where}: id, text and concept are texts")
    return item


class Bench:
    """A corpus to rank, and the labels that lead from words to concepts."""

    def __init__(self, corpus: list[Item], labels: list[Item], languages: tuple[str, str]) -> None:
        of_queries, of_corpus = languages
        self.items = corpus
        self.there = _corpus(corpus, of_corpus)
        self.share = 1.0 if of_queries == of_corpus else scores.CROSS_LANGUAGE_SHARE
        alone = of_queries == of_corpus or not labels
        self.here = self.there if alone else _corpus(labels, of_queries)
        self.texts = [self.there.read(item.text) for item in corpus]
        self.index = Index(self.texts)
        self.labels = labels
        self.label_index = Index(self.here.read(label.text) for label in labels)
        self.of_concept: defaultdict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(corpus):
            if item.concept:
                self.of_concept[item.concept].append(number)

    def rank(self, text: str) -> list[str]:
        """Return the ids of the texts that fit best, by the score of the board."""
        asked = self.here.read(text)
        likeness = dict(self.index.nearest(asked, MOST_RESULTS))
        concepts = self.concepts(asked)
        candidates = dict.fromkeys(likeness)
        for concept in concepts:
            candidates.update(dict.fromkeys(self.of_concept[concept]))
        scored = [(-self._score(n, likeness.get(n, 0.0), concepts), n) for n in candidates]
        return [self.items[n].id for _score, n in sorted(scored)[:MOST_RESULTS]]

    def concepts(self, asked: Text) -> Strengths:
        """Return the concepts whose labels are most like a text, each as strongly as its best."""
        found: dict[str, float] = {}
        for number, likeness in self.label_index.nearest(asked, MOST_RESULTS):
            found.setdefault(self.labels[number].concept, likeness)
        return found

    def _score(self, number: int, likeness: float, concepts: Strengths) -> float:
        own = self.items[number].concept
        known = {own: concepts[own]} if own in concepts else {}
        shared = scores.concepts_part(known, {own: 1.0} if own else {}, NO_KIN)
        return scores.score(Parts(concepts=shared.value, text=self.share * likeness))


def _corpus(items: Iterable[Item], language: str) -> Corpus:
    texts = [item.text for item in items]
    return Corpus(count_words(texts), len(texts), language)


def ranking(bench: Bench, query: Item) -> str:
    """Return one line of JSON: {"query": id, "ranking": [ids, best first]}."""
    return json.dumps({"query": query.id, "ranking": bench.rank(query.text)})
