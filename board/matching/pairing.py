"""Finding the pairs of changed posts, both ways, and keeping the best of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select

from board import database
from board.clock import now
from board.extensions import db
from board.matching import reading, taken
from board.matching.knowledge import Knowledge
from board.matching.models import Match
from board.matching.pairs import Compared, Line, kilometres_between
from board.matching.reading import Known
from board.matching.rules import FLOOR, KEPT_PER_LINE, contradiction
from board.matching.scores import ENGINE_VERSION, LINKED_FROM, is_convincing
from board.posts import models as posts
from board.posts.rules import Purpose
from board.search import current_engine
from board.search.candidates import words_of
from board.search.engine import Sought

AT_ONCE = 200
AGAIN = ("score", "parts", "reasons", "engine_version", "updated_at")
Pair = tuple[int, int]
Found = dict[Pair, Compared]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found for some lines: every pair of theirs that is worth keeping."""

    line_ids: frozenset[int]
    found: Found


def plan(post_ids: Collection[int], known: Knowledge) -> Plan:
    """Find the pairs of these posts' lines; reads only."""
    line_ids = reading.line_ids_of(post_ids)
    own = reading.lines(line_ids, known)
    partners = _partners(line_ids)
    found: Found = {}
    for line in own.values():
        if line.line.facts.answerable:
            found |= _best(line, partners.get(line.id, set()), known)
    return Plan(frozenset(line_ids) | _removed(post_ids), found)


def keep(made: Plan) -> bool:
    """Write what was found and forget what fits no more; whether anything changed."""
    before = _kept_of(made.line_ids)
    gone = [match_id for pair, (match_id, _row) in before.items() if pair not in made.found]
    new = {
        pair: compared
        for pair, compared in made.found.items()
        if pair not in before or before[pair][1] != told(compared)
    }
    _forget(gone)
    _write(new)
    _trim({line_id for pair in new for line_id in pair})
    taken.follow_new([pair for pair in new if pair not in before])
    return bool(gone or new)


def compare(here: Known, there: Known, known: Knowledge) -> Compared | None:
    """Compare two lines, told from the need; None when a gate is closed."""
    need, offer = (here, there) if here.purpose is Purpose.NEED else (there, here)
    kilometres = kilometres_between(need.line, offer.line)
    if contradiction(need.line.facts, offer.line.facts, kilometres) is not None:
        return None
    return known.reader.compare(need.line, offer.line)


def sought(line: Known, known: Knowledge) -> Sought:
    """Say for a line what others are looked for."""
    read = line.line
    by_key, broader = known.catalogue.by_key, known.reader.kinship.broader
    concepts = [by_key[key].id for key in read.concepts if key in by_key]
    akin = {i for key in read.concepts if key in by_key
            for i in (*by_key[key].narrower, *by_key[key].broader)}  # fmt: skip
    akin |= {i for key in read.concepts for above in broader.get(key, ())
             for i in by_key[above].narrower if above in by_key}  # fmt: skip
    titles = (read.title, *read.further_titles, *read.tags)
    meant = [word for title in titles
             for word in known.reader.read(title, read.language).read_as.values()]  # fmt: skip
    return Sought(
        purpose=read.facts.purpose,
        kind=read.facts.kind,
        words=words_of((*titles, *meant, *_names(read, known))),
        concept_ids=tuple(concepts),
        akin_ids=tuple(sorted(akin - set(concepts))),
        organisation_id=read.facts.organisation_id,
        point=read.point,
        is_member=read.facts.is_member,
    )


def _names(read: Line, known: Knowledge) -> list[str]:
    """What else a thing is called that only its words tell: no column says what it is about."""
    by_key = known.catalogue.by_key
    told = [key for key, strength in read.concepts.items() if strength <= LINKED_FROM]
    return [
        label.text
        for key in told
        for label in (by_key[key].labels if key in by_key else ())
        if label.language == read.language
    ]


def _best(line: Known, partners: set[int], known: Knowledge) -> Found:
    """Return the pairs of one line that are above the floor, the best fifty."""
    ids = {*current_engine().candidates(sought(line, known)), *partners}
    others = reading.lines(ids - {line.id}, known).values()
    pairs = [(other, compare(line, other, known)) for other in others]
    fitting = [(other, c) for other, c in pairs if c is not None and is_kept(c)]
    fitting.sort(key=lambda pair: (-pair[1].score, waiting(pair[0]), pair[0].id))
    return {_pair(line, other): compared for other, compared in fitting[:KEPT_PER_LINE]}


def is_kept(compared: Compared) -> bool:
    """Whether a pair is worth keeping: above the floor, and about the same thing."""
    return compared.score >= FLOOR and is_convincing(compared.parts)


def waiting(line: Known) -> float:
    """Say since when it waits: ties favour what has waited longest."""
    return line.waiting_since.timestamp() if line.waiting_since else 0.0


def _pair(line: Known, other: Known) -> Pair:
    return (line.id, other.id) if line.purpose is Purpose.NEED else (other.id, line.id)


def _partners(line_ids: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for need, offer in _kept_of(line_ids):
        found.setdefault(need, set()).add(offer)
        found.setdefault(offer, set()).add(need)
    return found


def _removed(post_ids: Collection[int]) -> frozenset[int]:
    """Lines that no longer stand lose their pairs too."""
    line = posts.Line
    rows = select(line.id).where(line.post_id.in_(sorted(post_ids)), line.removed_at.is_not(None))
    return frozenset(db.session.scalars(rows.order_by(line.id)))


def _kept_of(line_ids: Iterable[int]) -> dict[Pair, tuple[int, dict[str, Any]]]:
    ids = sorted(line_ids)
    found: dict[Pair, tuple[int, dict[str, Any]]] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = select(Match).where(or_(Match.need_line_id.in_(some), Match.offer_line_id.in_(some)))
        for row in db.session.scalars(rows.order_by(Match.id)):
            told = {"score": row.score, "parts": row.parts, "reasons": row.reasons,
                    "engine_version": row.engine_version}  # fmt: skip
            found[row.need_line_id, row.offer_line_id] = (row.id, told)
            db.session.expunge(row)
    return found


def told(compared: Compared) -> dict[str, Any]:
    """Return what is stored of a pair."""
    return {
        "score": compared.score,
        "parts": compared.stored(),
        "reasons": list(compared.reasons),
        "engine_version": ENGINE_VERSION,
    }


def _forget(match_ids: list[int]) -> None:
    for start in range(0, len(match_ids), AT_ONCE):
        db.session.execute(delete(Match).where(Match.id.in_(match_ids[start : start + AT_ONCE])))


def _write(found: Found) -> None:
    """Write pairs; whoever wrote one meanwhile is overwritten."""
    at = now()
    rows = [
        {"need_line_id": need, "offer_line_id": offer, **told(compared),
         "created_at": at, "updated_at": at}
        for (need, offer), compared in found.items()
    ]  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        statement = database.insert(Match).values(rows[start : start + AT_ONCE])
        fresh = {name: statement.excluded[name] for name in AGAIN}
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=[Match.need_line_id, Match.offer_line_id], set_=fresh
            )
        )


def _trim(line_ids: set[int]) -> None:
    """Let go of what is beyond the fifty best of any line."""
    for column in (Match.need_line_id, Match.offer_line_id):
        full = (
            select(column)
            .where(column.in_(sorted(line_ids)))
            .group_by(column)
            .having(func.count() > KEPT_PER_LINE)
        )
        for line_id in list(db.session.scalars(full.order_by(column))) if line_ids else ():
            rows = select(Match.id).where(column == line_id).order_by(Match.score.desc(), Match.id)
            _forget(list(db.session.scalars(rows.offset(KEPT_PER_LINE))))
