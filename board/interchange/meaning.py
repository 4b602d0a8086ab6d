"""What a row of an import file means on this board: its concepts, its place, its proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from board.config import Settings
from board.contacts import find_contacts
from board.folding import fold
from board.interchange.gazetteer import Gazetteer, NewPlace
from board.interchange.records import Record, RecordLine
from board.interchange.values import shown
from board.posts.forms import LONGEST_TAG
from board.posts.rules import MAX_TAGS, Kind
from board.posts.values import LineValues, PostValues
from board.taxonomy import queries, suggestions, wording
from board.taxonomy.rules import Catalogue, Form, Scheme, Term
from board.taxonomy.suggestions import Proposal


@dataclass(frozen=True, slots=True)
class Meant:
    """A row in the board's own words, with what its owner should know of them."""

    record: Record
    values: PostValues
    new_place: NewPlace | None
    notes: tuple[str, ...]


class Interpreter:
    """Reads the concepts and places once; then no row asks the database anything."""

    def __init__(self, settings: Settings, home: tuple[int | None, str]) -> None:
        self.settings = settings
        self.home = home
        self.catalogue: Catalogue = queries.catalogue(settings.language)
        self.gazetteer = Gazetteer(settings.country)
        self.categories = _categories(self.catalogue)

    def meaning(self, record: Record) -> Meant:
        """Say what a row means; what it leaves out is proposed, as for a typed sentence."""
        notes: list[str] = []
        language = record.language or self._language(record)
        tags = list(record.tags)
        category = self._category(record.category, tags, notes)
        lines = tuple(self._line(line, record, category, tags, notes) for line in record.lines) or (
            self._only_line(record, category, language),
        )
        place_id, place, new_place = self._place(record, notes)
        if any(find_contacts(text) for text in _texts(record)):
            notes.append("a telephone number or an address of mail is hidden from the public")
        values = PostValues(
            purpose=record.purpose,
            title=record.title,
            language=language,
            body=record.body,
            place_id=place_id,
            place=place,
            audience=record.audience,
            expires_on=self._last_day(record.expires_at),
            tags=tuple(tags),
            lines=lines,
        )
        return Meant(record, values, new_place, tuple(notes))

    def propose(self, text: str, purpose: str, language: str) -> Proposal:
        """Read words with the board's rules."""
        return suggestions.propose(
            text, purpose=purpose, language=language, catalogue=self.catalogue
        )

    def _language(self, record: Record) -> str:
        return wording.language_in(f"{record.title}. {record.body}", self.settings.language)

    def _last_day(self, at: date | None) -> date | None:
        if not isinstance(at, datetime):
            return at
        zone = ZoneInfo(self.settings.timezone)
        return (at if at.tzinfo is None else at.astimezone(UTC).astimezone(zone)).date()

    def _category(self, said: str, tags: list[str], notes: list[str]) -> Term | None:
        """Find a category by its key or by a name in any language; else it becomes a tag."""
        if not said:
            return None
        term = self.categories.get(fold(said))
        if term is None:
            kept = len(said) <= LONGEST_TAG and "," not in said and len(tags) < MAX_TAGS
            if kept and fold(said) not in {fold(tag) for tag in tags}:
                tags.append(said)
            kept_words = "kept as a tag" if kept else "left out"
            notes.append(f"category: {shown(said)} is not one of this board's, {kept_words}")
        return term

    def _line(
        self, line: RecordLine, record: Record, category: Term | None, tags: list[str],
        notes: list[str],
    ) -> LineValues:  # fmt: skip
        title = line.title or record.title[:120]
        own = self._category(line.category, tags, notes) or category
        proposal = None
        if own is None or (line.kind is None and own.kind is None):
            language = record.language or self.settings.language
            proposal = self.propose(title, record.purpose.value, language)
        return LineValues(
            uuid=uuid4(),
            title=title,
            kind=line.kind or _kind(own, proposal),
            category=_key(own, proposal),
            basis=line.basis,
            quantity=line.quantity,
            unit=line.unit or None,
            needed_from=line.needed_from,
            needed_until=line.needed_until,
            attendance=line.attendance,
            reach_km=line.reach_km,
            effort=line.effort or None,
            conditions=line.conditions or None,
        )

    def _only_line(self, record: Record, category: Term | None, language: str) -> LineValues:
        """Make the line of a row that has none, as for a sentence that somebody types."""
        proposal = self.propose(record.title, record.purpose.value, language)
        return LineValues(
            uuid=uuid4(),
            title=(proposal.line_title or record.title)[:120],
            kind=_kind(category, proposal),
            category=_key(category, proposal),
            quantity=proposal.quantity or None,
            unit=(proposal.unit or "")[:40] or None,
        )

    def _place(self, record: Record, notes: list[str]) -> tuple[int | None, str, NewPlace | None]:
        if record.place is None:
            return (*self.home, None)
        found = self.gazetteer.find(record.place)
        if isinstance(found, NewPlace):
            return None, found.label, found
        if found is None:
            said = (
                shown(record.place.label) if record.place.label else "a point far from all others"
            )
            notes.append(f"place: {said} is not known here, left out")
            return None, "", None
        return (*found, None)


def _categories(catalogue: Catalogue) -> dict[str, Term]:
    """Every way to name a category: keys outweigh labels, labels outweigh other words."""
    usable = [t for t in catalogue.by_id.values() if t.scheme == Scheme.CATEGORY and not t.retired]
    found: dict[str, Term] = {}
    for form in (Form.ALTERNATIVE, Form.PREFERRED):
        for term in reversed(usable):
            found |= {fold(label.text): term for label in term.labels if label.form is form}
    return found | {fold(term.key): term for term in usable}


def _kind(category: Term | None, proposal: Proposal | None) -> Kind:
    said = (category.kind if category else None) or (proposal.kind if proposal else None)
    return Kind(said) if said else Kind.TOOL


def _key(category: Term | None, proposal: Proposal | None) -> str | None:
    return category.key if category else proposal.category if proposal else None


def _texts(record: Record) -> list[str]:
    texts = [record.title, record.body, *record.tags]
    for line in record.lines:
        texts += [line.title, line.unit, line.effort, line.conditions]
    return [text for text in texts if text]
