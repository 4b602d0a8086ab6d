"""Changing concepts: loading the data file, adding a word, taking a concept out of use."""

from __future__ import annotations

from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from board import news
from board.clock import now
from board.errors import Invalid
from board.extensions import db
from board.folding import fold
from board.taxonomy import rules
from board.taxonomy.models import Concept, ConceptLabel, ConceptLink
from board.taxonomy.rules import FROM_DATA, FROM_PERSON, ConceptEntry, Form, Label

DATA_FILE = Path(__file__).parent / "data" / "concepts.toml"
_with_labels = select(Concept).options(selectinload(Concept.labels)).order_by(Concept.id)


def load_concepts(text: str | None = None) -> int:
    """Make the concepts what the data file says; returns how many concepts it touched.

    Words that people added are kept, retired concepts stay retired, and a concept that left the
    file is retired, not deleted: posts still carry it.
    """
    entries = rules.read_concepts(DATA_FILE.read_text("utf-8") if text is None else text)
    known = {row.key: row for row in db.session.scalars(_with_labels)}
    touched: set[str] = set()
    for position, entry in enumerate(entries):
        if _set_concept(entry, position, known):
            touched.add(entry.key)
    for key in known.keys() - {entry.key for entry in entries}:
        if known[key].retired_at is None:
            known[key].retired_at = now()
            touched.add(key)
    db.session.flush()
    touched |= _set_labels(entries, known) | _set_links(entries, known)
    db.session.flush()
    return len(touched)


def add_label(
    *, concept: Concept, language: str, text: str, preferred: bool = False
) -> ConceptLabel:
    """Add another word for a concept, a person's; the data file never takes it away.

    A preferred one is shown from now on, and the one that was shown stays as another word.
    """
    text = " ".join(text.split())
    if language not in rules.LANGUAGES:
        raise Invalid("language", _("Cette langue n’est pas proposée."))
    if not fold(text) or len(text) > rules.LONGEST_LABEL:
        raise Invalid("text", _("Écrivez un mot ou quelques-uns, 120\u00a0caractères au plus."))
    known = [label for label in concept.labels if label.language == language]
    same = next((label for label in known if label.folded == fold(text)), None)
    if same is not None and not preferred:
        return same
    for label in known if preferred else ():
        label.form = Form.ALTERNATIVE.value
    if same is not None:
        concept.labels.remove(same)
        db.session.flush()
    form = Form.PREFERRED if preferred else Form.ALTERNATIVE
    label = _label(Label(language, text, form), FROM_PERSON)
    concept.labels.append(label)
    db.session.flush()
    return label


def remove_label(label: ConceptLabel) -> None:
    """Take back a word that a person added; what the data file says stands again."""
    concept = label.concept
    concept.labels.remove(label)
    db.session.flush()
    entries = rules.read_concepts(DATA_FILE.read_text("utf-8"))
    own = tuple(entry for entry in entries if entry.key == concept.key)
    said = {(one.language, fold(one.text)): one for e in own for one in _yielding(e, concept)}
    for row in concept.labels:
        wanted = said.get((row.language, row.folded))
        if wanted is not None and row.source == FROM_DATA:
            row.form = wanted.form.value
    _set_labels(own, {concept.key: concept})
    db.session.flush()


def retire(*, concept: Concept, replaced_by: Concept | None = None) -> None:
    """Take a concept out of the lists; posts that carry it keep it."""
    if replaced_by is not None and replaced_by.id == concept.id:
        raise Invalid("replaced_by", _("Un terme ne se remplace pas lui-même."))
    concept.retired_at = concept.retired_at or now()
    concept.replaced_by_id = replaced_by.id if replaced_by else None
    db.session.flush()


def restore(*, concept: Concept) -> None:
    """Put a retired concept back in the lists."""
    concept.retired_at = None
    concept.replaced_by_id = None
    db.session.flush()


def concepts_changed(session: Session, _ids: set[int]) -> None:
    """Let every process read the concepts again."""
    news.moved(session, "concepts_in")


def _set_concept(entry: ConceptEntry, position: int, known: dict[str, Concept]) -> bool:
    """Make or correct the row of an entry; says whether anything changed."""
    concept = known.get(entry.key)
    if concept is None:
        concept = known[entry.key] = Concept(key=entry.key)
        db.session.add(concept)
    wanted = (entry.scheme.value, entry.kind, position)
    if (concept.scheme, concept.kind, concept.position) == wanted:
        return False
    concept.scheme, concept.kind, concept.position = wanted
    return True


def _set_labels(entries: tuple[ConceptEntry, ...], known: dict[str, Concept]) -> set[str]:
    """Replace what differs; a label is never edited in place, so that readers notice."""
    missing: list[tuple[Concept, list[Label]]] = []
    for entry in entries:
        concept = known[entry.key]
        wanted = {(label.language, fold(label.text)): label for label in _yielding(entry, concept)}
        for row in list(concept.labels):
            label = wanted.pop((row.language, row.folded), None)
            if row.source == FROM_PERSON or label == _as_label(row):
                continue
            concept.labels.remove(row)
            if label is not None:
                wanted[row.language, row.folded] = label
            missing.append((concept, []))
        if wanted:
            missing.append((concept, list(wanted.values())))
    db.session.flush()
    for concept, labels in missing:
        concept.labels.extend(_label(label, FROM_DATA) for label in labels)
    return {concept.key for concept, _labels in missing}


def _yielding(entry: ConceptEntry, concept: Concept) -> list[Label]:
    """The file's labels; where a person chose the one to show, the file's is one more word."""
    chosen = {
        row.language
        for row in concept.labels
        if row.source == FROM_PERSON and row.form == Form.PREFERRED.value
    }
    return [
        Label(label.language, label.text, Form.ALTERNATIVE) if label.language in chosen else label
        for label in entry.labels
    ]


def _set_links(entries: tuple[ConceptEntry, ...], known: dict[str, Concept]) -> set[str]:
    wanted = {(known[e.broader].id, known[e.key].id) for e in entries if e.broader is not None}
    loaded = {known[entry.key].id for entry in entries}
    rows = db.session.scalars(select(ConceptLink).where(ConceptLink.narrower_id.in_(loaded)))
    existing = {(row.broader_id, row.narrower_id): row for row in rows}
    for link in existing.keys() - wanted:
        db.session.delete(existing[link])
    db.session.add_all(
        ConceptLink(broader_id=broader_id, narrower_id=narrower_id)
        for broader_id, narrower_id in sorted(wanted - existing.keys())
    )
    moved = {narrower_id for _broader_id, narrower_id in existing.keys() ^ wanted}
    return {key for key, concept in known.items() if concept.id in moved}


def _as_label(row: ConceptLabel) -> Label:
    return Label(row.language, row.text, Form(row.form))


def _label(label: Label, source: str) -> ConceptLabel:
    return ConceptLabel(
        language=label.language,
        form=label.form.value,
        text=label.text,
        folded=fold(label.text),
        source=source,
    )
