"""`flask import`: a whole file, some rows at a time; a row that is wrong is told apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from board import news
from board.config import Settings
from board.database import begin_writing, reading_alone, resumable
from board.extensions import db
from board.interchange import lines, records, services
from board.interchange.lines import Line
from board.interchange.meaning import Interpreter, Meant
from board.interchange.services import Destination
from board.interchange.values import Wrong
from board.organisations.models import Organisation
from board.organisations.queries import find_organisation
from board.organisations.rules import RESERVED, slug_of

AT_ONCE = 50
WHAT = ("added", "changed", "unchanged", "failed")
ROWS_NAMED = 5


class Refused(ValueError):
    """Nothing can be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked: which file, in whose name, and whether it is only a rehearsal."""

    stream: IO[bytes]
    source: str
    slug: str
    create: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Report:
    """What became of the rows."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    batch: str = ""

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.counts[what] for what in WHAT)

    def summary(self) -> str:
        """Say it in one line."""
        added, changed, unchanged, failed = (self.counts[what] for what in WHAT)
        return (
            f"{self.rows} rows: {added} new, {changed} changed, {unchanged} unchanged,"
            f" {failed} failed"
        )

    def noted(self) -> Iterator[str]:
        """Say what owners should know, each once, with the first rows that it is about."""
        for note, at in sorted(self.notes.items()):
            named = ", ".join(map(str, at[:ROWS_NAMED])) + (" …" if len(at) > ROWS_NAMED else "")
            yield f"{note} (line{'s' if len(at) > 1 else ''} {named}; {len(at)} in all)"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears how it goes: bytes that were read, and each row that failed."""

    progress: Callable[[int], None]
    problem: Callable[[str], None]


class Run:
    """One import under way; call it inside `writing()`, it commits as it goes."""

    def __init__(self, order: Order, settings: Settings, listener: Listener) -> None:
        self.order, self.settings, self.listener = order, settings, listener
        self.report = Report()
        self.seen: dict[str, int] = {}
        self.failed: list[tuple[int, str]] = []

    def go(self) -> Report:
        """Import the file; what was committed before an interruption stays and is known again."""
        with reading_alone():  # all the places are read: nobody waits for that
            interpreter = self._interpreter(self._organisation())
        to = self._begin(self._organisation())
        try:
            with resumable():
                for batch in _batches(lines.read(self.order.stream)):
                    self._take(batch, interpreter, to)
        finally:
            self._end(to)
        return self.report

    def _organisation(self) -> Organisation | None:
        slug = self.order.slug
        organisation = find_organisation(slug)
        if organisation is not None and organisation.closed_at is not None:
            raise Refused(f"the organisation {slug} is closed")
        if organisation is None and not self.order.create:
            raise Refused(f"no organisation has the address {slug}: check it, or add --create")
        if organisation is None and (slug_of(slug) != slug or slug in RESERVED):
            raise Refused(f"{slug} cannot be an address: try {slug_of(slug)}")
        return organisation

    def _interpreter(self, organisation: Organisation | None) -> Interpreter:
        place = organisation.place if organisation else None
        home = (place.id, place.label) if place else (None, "")
        return Interpreter(self.settings, home)

    def _begin(self, organisation: Organisation | None) -> Destination:
        if self.order.dry_run:
            known = organisation.id if organisation else 0
            return Destination(known, self.settings.timezone, 0)
        organisation = organisation or services.found_organisation(self.order.slug)
        batch = services.begin(organisation=organisation, source=self.order.source)
        self.report.batch = str(batch.uuid)
        to = Destination(organisation.id, self.settings.timezone, batch.id)
        news.commit()
        return to

    def _end(self, to: Destination) -> None:
        db.session.rollback()
        if not self.order.dry_run:
            begin_writing()
            services.finish(to.batch_id, {what: self.report.counts[what] for what in WHAT})
            news.commit()

    def _take(self, batch: list[Line], interpreter: Interpreter, to: Destination) -> None:
        """Read some lines outside any transaction, then write what can be written of them."""
        rows: dict[str, tuple[int, Meant]] = {}
        for line in batch:
            meant = self._read(line, interpreter)
            if meant is not None:
                rows[meant.record.external_id] = (line.number, meant)
        chosen = [meant for _number, meant in rows.values()]
        if self.order.dry_run:
            told = services.compare(chosen, to)
        else:
            told = services.write(chosen, to) if chosen else []
        for one in told:
            self._tell(rows[one.meant.record.external_id][0], one)
        for _number, words in sorted(self.failed):
            self.listener.problem(words)
        self.failed.clear()
        self.listener.progress(sum(line.size for line in batch))

    def _read(self, line: Line, interpreter: Interpreter) -> Meant | None:
        name = ""
        try:
            if line.problem:
                raise Wrong(line.problem)
            if not line.data:
                return None
            data = records.parse(line.data)
            name = records.name_of(data)
            record = records.read(data)
            first = self.seen.setdefault(record.external_id, line.number)
            if first != line.number:
                raise Wrong(f"external_id: is already on line {first}")
            return interpreter.meaning(record)
        except Wrong as error:
            self._fail(line.number, name, str(error))
            return None

    def _tell(self, number: int, one: services.Told) -> None:
        if one.what == "failed":
            self._fail(number, one.meant.record.external_id, one.problem)
            return
        self.report.counts[one.what] += 1
        if one.what != "unchanged":
            for note in (*one.meant.notes, *_unread(one.meant)):
                self.report.notes[note].append(number)

    def _fail(self, number: int, name: str, why: str) -> None:
        self.report.counts["failed"] += 1
        self.failed.append((number, f"line {number}{f' ({name})' if name else ''}: {why}"))


def _unread(one: Meant) -> Iterator[str]:
    for name in sorted(one.record.unread):
        yield f"{name}: this field is not read"


def _batches(found: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in found:
        batch.append(line)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
