"""What owners do with private lines: say what they could do, answer what is asked, take it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, update

from board.accounts.models import Person
from board.clock import now
from board.errors import Invalid
from board.extensions import db
from board.matching.effects import concepts_of, kilometres_of
from board.matching.rules import Dismissal
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Attendance, Basis, Kind
from board.private import queries
from board.private.models import PrivateConcept, PrivateLine, PrivateMatch, PrivateView
from board.private.rules import LATER_DAYS, MOST_SLEEPING, Answer
from board.taxonomy.models import Place


@dataclass(frozen=True, slots=True)
class About:
    """What a private line says; `concepts` are ids."""

    title: str
    language: str
    kind: Kind = Kind.VOLUNTEER
    concepts: tuple[int, ...] = ()
    basis: Basis | None = None
    quantity: int | None = None
    unit: str | None = None
    needed_from: date | None = None
    needed_until: date | None = None
    attendance: Attendance | None = None
    place: Place | None = None
    reach_km: int | None = None
    conditions: str | None = None
    languages: str = ""
    weekdays: str = ""
    never: str = ""
    paused: bool = False


def keep_profile(*, person: Person, about: About) -> PrivateLine:
    """Keep what a person could do, for them alone."""
    line = queries.find_profile(person)
    if line is None:
        line = PrivateLine(person_id=person.id)
        db.session.add(line)
    return _say(line, about)


def forget_profile(*, person: Person) -> None:
    """Forget what a person could do, and all that came of it."""
    _delete(queries.find_profile(person))


def keep_sleeping(
    *, organisation: Organisation, about: About, line: PrivateLine | None = None
) -> PrivateLine:
    """Keep what an organisation could share, for its editors alone."""
    if line is None:
        if len(queries.sleeping_of(organisation.id)) >= MOST_SLEEPING:
            raise Invalid("title", _("La réserve est pleine\u00a0: retirez d’abord quelque chose."))
        line = PrivateLine(organisation_id=organisation.id)
        db.session.add(line)
    return _say(line, about)


def forget_sleeping(*, line: PrivateLine) -> None:
    """Take something out of an organisation's reserve."""
    _delete(line)


def forget_all_of(organisation: Organisation) -> None:
    """A closed organisation shares nothing."""
    for line in queries.sleeping_of(organisation.id):
        _delete(line)


def dismiss(*, line: PrivateLine, match: PrivateMatch, reason: Dismissal) -> None:
    """Set a need aside for a person, with a reason that later suggestions take into account."""
    view = _view(line, match, Answer.DISMISSED)
    concepts = concepts_of(match.reasons) or (None, None)
    view.reason, view.counted = reason, True
    view.need_concept, view.own_concept = concepts
    view.kilometres = kilometres_of(match.parts)
    db.session.flush()


def answer(
    *, line: PrivateLine, match: PrivateMatch, said: Answer, later: str = "month"
) -> PrivateView:
    """Keep an organisation's answer to « offer this to X? »."""
    view = _view(line, match, said)
    if said is Answer.LATER:
        view.until = now() + timedelta(days=LATER_DAYS[later])
    db.session.flush()
    return view


def begin(*, line: PrivateLine, match: PrivateMatch, draft: Post) -> None:
    """Keep that an offer was begun for a need; nothing is said until it is published."""
    _view(line, match, Answer.YES).draft_id = draft.id
    db.session.flush()


def take_back(*, view: PrivateView) -> None:
    """Ask again, as if nothing had been said."""
    db.session.delete(view)
    db.session.flush()


def forget_effects(*, line: PrivateLine) -> None:
    """Let dismissals change nothing any more; the dismissed needs stay away."""
    db.session.execute(
        update(PrivateView)
        .where(PrivateView.private_line_id == line.id, PrivateView.answer == Answer.DISMISSED)
        .values(counted=False)
    )


def _say(line: PrivateLine, about: About) -> PrivateLine:
    for name in ("title", "language", "kind", "basis", "quantity", "unit", "needed_from",
                 "needed_until", "attendance", "place", "reach_km", "conditions", "languages",
                 "weekdays", "never"):  # fmt: skip
        setattr(line, name, getattr(about, name))
    line.paused_at = (line.paused_at or now()) if about.paused else None
    line.changed_at = now()
    db.session.flush()
    _set_concepts(line, about.concepts)
    return line


def _set_concepts(line: PrivateLine, concept_ids: Iterable[int]) -> None:
    wanted = set(concept_ids)
    for one in list(line.concepts):
        if one.concept_id in wanted:
            wanted.discard(one.concept_id)
        else:
            line.concepts.remove(one)
    for concept_id in sorted(wanted):
        line.concepts.append(PrivateConcept(concept_id=concept_id))
    db.session.flush()


def _view(line: PrivateLine, match: PrivateMatch, said: Answer) -> PrivateView:
    view = queries.find_view(line.id, match.need_line_id)
    if view is None:
        view = PrivateView(private_line_id=line.id, need_line_id=match.need_line_id)
        db.session.add(view)
    view.answer, view.reason, view.until, view.draft_id = said, None, None, None
    view.updated_at = now()
    return view


def _delete(line: PrivateLine | None) -> None:
    """Forget a private line at once: with its pairs and answers."""
    if line is None:
        return
    for table in (PrivateMatch, PrivateView):
        db.session.execute(delete(table).where(table.private_line_id == line.id))
    db.session.delete(line)
    db.session.flush()
