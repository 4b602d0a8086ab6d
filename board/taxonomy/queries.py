"""Reading concepts. They change rarely: a process keeps what it read and asks if it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, event, func, select
from sqlalchemy.orm import Session

from board import news
from board.errors import NotFound
from board.extensions import db
from board.taxonomy import rules
from board.taxonomy.models import Concept, ConceptLabel, ConceptLink
from board.taxonomy.rules import FROM_PERSON, Catalogue, Form, Label, Term

Stamp = tuple[Any, ...]
_STAMP = "taxonomy_stamp"
_TOUCHED = "taxonomy_touched"
_KEPT_CATALOGUES = 6
_catalogues: dict[tuple[Stamp, str], Catalogue] = {}
_stamps: dict[int, Stamp] = {}

_newest = select(func.max(ConceptLabel.id)).scalar_subquery()
_stamp_statement = select(
    select(func.count(ConceptLabel.id)).scalar_subquery(),
    select(func.count(Concept.retired_at)).scalar_subquery(),
    select(func.sum(Concept.id * (Concept.position + 1))).scalar_subquery(),
    select(func.sum(Concept.id * func.length(Concept.kind))).scalar_subquery(),
    select(func.max(Concept.retired_at)).scalar_subquery(),
    select(func.sum(ConceptLink.broader_id * 1000 + ConceptLink.narrower_id)).scalar_subquery(),
    _newest,
    select(ConceptLabel.concept_id).where(ConceptLabel.id == _newest).scalar_subquery(),
    select(ConceptLabel.language).where(ConceptLabel.id == _newest).scalar_subquery(),
    select(ConceptLabel.form).where(ConceptLabel.id == _newest).scalar_subquery(),
    select(ConceptLabel.text).where(ConceptLabel.id == _newest).scalar_subquery(),
)
_concepts_statement = select(
    Concept.id, Concept.key, Concept.scheme, Concept.kind, Concept.position, Concept.retired_at
).order_by(Concept.position, Concept.id)
_links_statement = select(ConceptLink.broader_id, ConceptLink.narrower_id).order_by(
    ConceptLink.broader_id, ConceptLink.narrower_id
)
_labels_statement = select(
    ConceptLabel.concept_id,
    ConceptLabel.language,
    ConceptLabel.text,
    ConceptLabel.form,
    ConceptLabel.source,
).order_by(ConceptLabel.concept_id, ConceptLabel.id)


def find_concept(key: str) -> Concept | None:
    """Return the concept of that key, retired or not."""
    return db.session.scalar(select(Concept).where(Concept.key == key))


def get_concept(key: str) -> Concept:
    """Return the concept of that key, or raise NotFound."""
    concept = find_concept(key)
    if concept is None:
        raise NotFound(key)
    return concept


def concepts_by_scheme(scheme: str, language: str) -> list[Term]:
    """The concepts in use of a scheme: kinds in their own order, categories by label."""
    return catalogue(language).scheme(scheme)


def concept_labels(ids: Iterable[int], language: str) -> dict[int, str]:
    """The label to show for each of these concepts; ids that are no concept are left out."""
    known = catalogue(language).by_id
    return {concept_id: known[concept_id].label for concept_id in ids if concept_id in known}


def labels_of_all_languages(concept_ids: Iterable[int]) -> dict[int, list[str]]:
    """Every label of these concepts in every language, preferred first: words that find a post."""
    wanted = sorted(set(concept_ids))
    rows = db.session.execute(
        select(ConceptLabel.concept_id, ConceptLabel.text)
        .where(ConceptLabel.concept_id.in_(wanted))
        .order_by(ConceptLabel.concept_id, ConceptLabel.form.desc(), ConceptLabel.id)
    )
    found: dict[int, dict[str, None]] = {concept_id: {} for concept_id in wanted}
    for concept_id, text in rows:
        found[concept_id].setdefault(text)
    return {concept_id: list(texts) for concept_id, texts in found.items()}


def narrower_ids(key: str) -> list[int]:
    """The concept of that key and all that is narrower; nothing for an unknown key."""
    known = catalogue("fr")
    term = known.by_key.get(key)
    if term is None:
        return []
    return rules.with_narrower([term.id], {i: t.narrower for i, t in known.by_id.items()})


def catalogue(language: str) -> Catalogue:
    """Every concept as readers of `language` see it; read again only when something changed."""
    language = language if language in rules.LANGUAGES else "fr"
    stamp = _stamp()
    kept = _catalogues.get((stamp, language))
    if kept is None:
        kept = _read(language)
        while len(_catalogues) >= _KEPT_CATALOGUES:
            _catalogues.pop(next(iter(_catalogues)), None)
        _catalogues[stamp, language] = kept
    return kept


def _stamp() -> Stamp:
    """What tells one state of the concepts from another; known as long as none changed."""
    info = db.session().info
    if _STAMP not in info:
        changed_in = None if _TOUCHED in info else news.version().concepts_in
        known = _stamps.get(changed_in) if changed_in is not None else None
        if known is None:
            known = tuple(db.session.execute(_stamp_statement).one())
        if changed_in is not None:
            _stamps.clear()
            _stamps[changed_in] = known
        info[_STAMP] = known
    stamp: Stamp = info[_STAMP]
    return stamp


def _read(language: str) -> Catalogue:
    broader: dict[int, list[int]] = defaultdict(list)
    narrower: dict[int, list[int]] = defaultdict(list)
    for wide, narrow in db.session.execute(_links_statement):
        broader[narrow].append(wide)
        narrower[wide].append(narrow)
    labels: dict[int, list[Label]] = defaultdict(list)
    for concept_id, tongue, text, form, source in db.session.execute(_labels_statement):
        labels[concept_id].append(Label(tongue, text, Form(form), source == FROM_PERSON))
    terms = {
        row.id: _term(row, language, labels[row.id], (broader[row.id], narrower[row.id]))
        for row in db.session.execute(_concepts_statement)
    }
    by_key = {term.key: term for term in terms.values()}
    return Catalogue(language, terms, by_key, rules.grow(terms))


def _term(
    row: Row[*tuple[Any, ...]],
    language: str,
    labels: list[Label],
    links: tuple[list[int], list[int]],
) -> Term:
    return Term(
        id=row.id,
        key=row.key,
        scheme=row.scheme,
        kind=row.kind,
        label=rules.preferred(labels, language, row.key),
        position=row.position,
        retired=row.retired_at is not None,
        broader=tuple(links[0]),
        narrower=tuple(links[1]),
        labels=tuple(labels),
    )


def _forget_if_changed(session: Session, _context: Any) -> None:
    rows = (*session.new, *session.dirty, *session.deleted)
    if any(isinstance(row, Concept | ConceptLabel | ConceptLink) for row in rows):
        session.info.pop(_STAMP, None)
        session.info[_TOUCHED] = True


def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_STAMP, None)
    session.info.pop(_TOUCHED, None)


news.keeps(_stamps.clear)
event.listen(Session, "after_flush", _forget_if_changed)
event.listen(Session, "after_commit", _forget)
event.listen(Session, "after_rollback", _forget)
event.listen(Session, "after_soft_rollback", _forget)
