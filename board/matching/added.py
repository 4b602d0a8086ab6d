"""Words by which moderators called concepts: shown, and taken back with all that they led to."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from flask import g
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from board import debts
from board.accounts.models import Person
from board.errors import NotFound
from board.extensions import db
from board.folding import fold
from board.matching import links, owed, unlinked
from board.posts.models import Line, LineConcept
from board.search import sources
from board.taxonomy import queries as concepts
from board.taxonomy import services as taxonomy
from board.taxonomy.models import Concept, ConceptLabel
from board.taxonomy.rules import FROM_PERSON, Form

PER_PAGE = 50
log = logging.getLogger(__name__)
_by_a_person = ConceptLabel.source == FROM_PERSON


@dataclass(frozen=True, slots=True)
class Added:
    """A word that a moderator added: what it leads to, and whether it is the label shown."""

    text: str
    language: str
    concept: str
    term: str
    is_shown: bool


def count() -> int:
    """Return how many words were added and not taken back."""
    return db.session.scalar(select(func.count(ConceptLabel.id)).where(_by_a_person)) or 0


def words(*, offset: int = 0) -> list[Added]:
    """Return the words that moderators added, the last first."""
    rows = (
        select(ConceptLabel)
        .where(_by_a_person)
        .options(joinedload(ConceptLabel.concept))
        .order_by(ConceptLabel.id.desc())
        .offset(offset)
        .limit(PER_PAGE)
    )
    return [_told(label) for label in db.session.scalars(rows)]


def get(*, concept: str, language: str, text: str) -> ConceptLabel:
    """Return a word that a moderator added, or raise NotFound; the data file's are nobody's."""
    label = db.session.scalar(
        select(ConceptLabel)
        .join(Concept, Concept.id == ConceptLabel.concept_id)
        .where(Concept.key == concept, _by_a_person)
        .where(ConceptLabel.language == language, ConceptLabel.folded == fold(text))
    )
    if label is None:
        raise NotFound
    return label


def touched(*, concept_id: int, language: str, text: str) -> set[int]:
    """Return the posts that a word of a concept leads anywhere: read before anybody waits."""
    linked = (
        select(Line.post_id)
        .join(LineConcept, LineConcept.line_id == Line.id)
        .where(LineConcept.concept_id == concept_id, LineConcept.by.in_(links.BY_WORDS))
        .order_by(Line.post_id)
    )
    found = {*unlinked.posts_holding(text, language), *sources.ids_of_concepts([concept_id])}
    return found.union(db.session.scalars(linked))


def take_back(label: ConceptLabel, *, post_ids: Iterable[int], by: Person) -> None:
    """Call a concept so no more: the worker takes away what the word linked, and matches again."""
    log.info(
        "moderator %s took the word %r (%s) back from %s",
        by.uuid, label.text, label.language, label.concept.key,
    )  # fmt: skip
    taxonomy.remove_label(label)
    debts.owe(db.session(), owed.CONSUMER, owed.CHANGED, post_ids)


def _told(label: ConceptLabel) -> Added:
    term = concepts.catalogue(g.language).by_id.get(label.concept_id)
    return Added(
        text=label.text,
        language=label.language,
        concept=label.concept.key,
        term=term.label if term is not None else label.concept.key,
        is_shown=label.form == Form.PREFERRED.value,
    )
