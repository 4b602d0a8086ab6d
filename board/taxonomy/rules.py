"""Concepts without a database: what one is, how they stand in a tree, how the data file reads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from board.folding import fold

LANGUAGES = ("fr", "en", "es")
LONGEST_LABEL = 120


class Scheme(StrEnum):
    """Which list a concept belongs to."""

    KIND = "kind"
    CATEGORY = "category"


class Form(StrEnum):
    """Whether a label is the one shown, or another word for the same thing."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"


FROM_DATA, FROM_PERSON = "data", "person"


@dataclass(frozen=True, slots=True)
class Label:
    """A name of a concept in one language; a moderator's word, or the data file's."""

    language: str
    text: str
    form: Form
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A concept as readers of one language see it, with its labels in all of them."""

    id: int
    key: str
    scheme: str
    kind: str | None
    label: str
    position: int
    retired: bool
    broader: tuple[int, ...]
    narrower: tuple[int, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A broad category and the narrower ones under it, in the order of the reader's language."""

    term: Term
    narrower: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every concept, read once for a language; it never changes, a newer one replaces it."""

    language: str
    by_id: Mapping[int, Term]
    by_key: Mapping[str, Term]
    tree: tuple[Branch, ...]

    def scheme(self, scheme: str) -> list[Term]:
        """The concepts of a scheme that are still in use: kinds in their order, others by label."""
        terms = (term for term in self.by_id.values() if term.scheme == scheme and not term.retired)
        return sorted(terms, key=_kinds_first if scheme == Scheme.KIND else by_label)

    def labels(self) -> dict[str, str]:
        """The preferred label of each key, retired ones too (an old post still shows its own)."""
        return {key: term.label for key, term in self.by_key.items()}


def by_label(term: Term) -> tuple[str, str]:
    """Alphabetical in the reader's language, accents and case aside; the key breaks ties."""
    return (fold(term.label), term.key)


def _kinds_first(term: Term) -> tuple[int, str]:
    return (term.position, term.key)


def preferred(labels: Iterable[Label], language: str, key: str) -> str:
    """Return the label to show: the language's preferred one, else the French, else the key."""
    shown = {label.language: label.text for label in labels if label.form is Form.PREFERRED}
    return shown.get(language) or shown.get("fr") or key


def grow(terms: Mapping[int, Term]) -> tuple[Branch, ...]:
    """Return the tree of the categories in use, broad ones at the top, each level by label."""
    tops = [t for t in terms.values() if t.scheme == Scheme.CATEGORY and not t.retired]
    tops = [t for t in tops if not any(not terms[i].retired for i in t.broader)]
    return tuple(Branch(top, _below(top, terms)) for top in sorted(tops, key=by_label))


def _below(top: Term, terms: Mapping[int, Term]) -> tuple[Term, ...]:
    children = (terms[i] for i in top.narrower)
    return tuple(sorted((term for term in children if not term.retired), key=by_label))


def with_narrower(ids: Iterable[int], narrower: Mapping[int, tuple[int, ...]]) -> list[int]:
    """Return concepts and all that is narrower, each once; a circle in the data ends there."""
    found: dict[int, None] = {}
    waiting = list(ids)
    while waiting:
        concept_id = waiting.pop(0)
        if concept_id not in found:
            found[concept_id] = None
            waiting.extend(narrower.get(concept_id, ()))
    return list(found)


class ConceptFileError(ValueError):
    """The data file says something that cannot be: the message names the concept."""


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """A concept as the data file describes it; of each language the first label is preferred."""

    key: str
    scheme: Scheme
    kind: str | None
    broader: str | None
    labels: tuple[Label, ...]


def read_concepts(text: str) -> tuple[ConceptEntry, ...]:
    """Read the data file; raises ConceptFileError rather than load half of it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConceptFileError(f"concepts.toml: {error}") from error
    entries = [_entry(row, Scheme.KIND) for row in data.get("kind", ())]
    entries += [_entry(row, Scheme.CATEGORY) for row in data.get("category", ())]
    _check(entries)
    return tuple(entries)


def _entry(row: Mapping[str, Any], scheme: Scheme) -> ConceptEntry:
    key = str(row.get("key", ""))
    if not key:
        raise ConceptFileError("concepts.toml: a concept has no key")
    labels = tuple(label for language in LANGUAGES for label in _labels(key, language, row))
    kind = row.get("kind") if scheme is Scheme.CATEGORY else None
    return ConceptEntry(key, scheme, kind, row.get("broader"), labels)


def _labels(key: str, language: str, row: Mapping[str, Any]) -> list[Label]:
    texts: dict[str, str] = {}
    for text in row.get(language, ()):
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_LABEL:
            raise ConceptFileError(f"concepts.toml: {key}: bad label in {language}: {text!r}")
        texts.setdefault(fold(text), text.strip())
    if not texts:
        raise ConceptFileError(f"concepts.toml: {key}: no label in {language}")
    first, *others = texts.values()
    return [
        Label(language, first, Form.PREFERRED),
        *(Label(language, text, Form.ALTERNATIVE) for text in others),
    ]


def _check(entries: Iterable[ConceptEntry]) -> None:
    seen: dict[str, ConceptEntry] = {}
    for entry in entries:
        if entry.key in seen:
            raise ConceptFileError(f"concepts.toml: {entry.key} stands there twice")
        seen[entry.key] = entry
    kinds = {key for key, entry in seen.items() if entry.scheme is Scheme.KIND}
    for entry in seen.values():
        if entry.scheme is Scheme.CATEGORY and entry.kind not in kinds:
            raise ConceptFileError(f"concepts.toml: {entry.key}: unknown kind {entry.kind!r}")
        if entry.broader is not None and entry.broader not in seen:
            raise ConceptFileError(f"concepts.toml: {entry.key}: unknown broader {entry.broader!r}")
