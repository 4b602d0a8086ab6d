"""News for one reader: kept in the writer's transaction, told by mail in that reader's rhythm.

A feature says what a kind of news is by `@tells(kind)`: a function that turns what was kept into
words for its reader when the mail is written, or into None when there is nothing to tell any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from board.alerts import letters, queries, rules
from board.alerts.letters import Section, Told
from board.alerts.models import Notification
from board.alerts.queries import Thread
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind, Rhythm, Weight
from board.clock import now
from board.extensions import db
from board.web.context import settings
from board.web.languages import speaking

Facts = dict[str, Any]
Teller = Callable[[Recipient, Facts], Told | None]
_tellers: dict[NoticeKind, Teller] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: told once for each key, with what it takes to put it into words later.

    `thread` gathers: what waits about one thread goes in one mail.
    """

    kind: NoticeKind
    key: str
    facts: Facts = field(default_factory=dict)
    thread: str = ""
    weight: Weight = Weight.USUAL


def tells(*kinds: NoticeKind) -> Callable[[Teller], Teller]:
    """Let a function put kinds of news into words, in the reader's language."""

    def keep(teller: Teller) -> Teller:
        _tellers.update(dict.fromkeys(kinds, teller))
        return teller

    return keep


def notify(to: Recipient, event: Event) -> None:
    """Owe somebody one piece of news, once for each key; newer facts replace older ones."""
    held = db.session.query(Notification).filter_by(**to.key, event_key=event.key, channel="mail")
    kept = held.with_for_update().one_or_none()
    if kept is not None:
        if kept.sent_at is None:
            kept.facts = event.facts
        return
    row = Notification(**to.key, language=None if to.person else to.language, kind=event.kind,
                       weight=event.weight, event_key=event.key, thread=event.thread,
                       facts=event.facts)  # fmt: skip
    _time(row, queries.rhythms_of(**to.key)[event.kind])
    db.session.add(row)
    db.session.flush()


def retime(kind: NoticeKind, rhythm: Rhythm, *, person_id: int | None, email: str | None) -> None:
    """Let what waits of a kind follow the rhythm that its reader just chose."""
    for row in queries.owed_of(kind, person_id=person_id, email=email):
        if row.due_at is not None:
            _time(row, rhythm)


def tell(thread: Thread) -> bool:
    """Owe the one mail about what waits of a thread; says whether there was anything to tell."""
    at, zone = now(), settings().timezone
    rows = queries.waiting(thread, at)
    if not rows or not is_awake(rows, thread.person_id):
        return False
    over = rules.storm_ends(rows[0].created_at, rows[-1].created_at)
    if at < over:
        return put_off(rows, over)
    to = recipient(rows[0])
    told = _in_words(to, rows) if to.is_reached else []
    always = any(row.weight is Weight.ALWAYS for row, _words in told)
    if told and not letters.send(to, [_section(to, told, False)], must_come=always):
        # the address had enough mail today: one digest in the morning
        return in_the_morning(rows, queries.quiet_of(thread.person_id), zone)
    note_told(rows)
    return bool(told)


def is_awake(rows: Sequence[Notification], person_id: int | None) -> bool:
    """Whether what is due may go now; what fell into quiet hours (chosen since) is put off."""
    at, zone, quiet = now(), settings().timezone, queries.quiet_of(person_id)
    if not rules.sleeps(at, zone, quiet):
        return True
    return put_off(rows, rules.wakes_at(at, zone, quiet))


def put_off(rows: Sequence[Notification], until: datetime) -> bool:
    """Let what waits wait until then."""
    for row in rows:
        row.due_at = until
    return False


def in_the_morning(rows: Sequence[Notification], quiet: rules.Quiet | None, zone: str) -> bool:
    """Let what waits come with the next digest."""
    for row in rows:
        row.due_at, row.in_digest = rules.due_at(Rhythm.DAILY, now(), zone, quiet), True
    return False


def note_told(rows: Sequence[Notification]) -> None:
    """Write down that these were told; what it took to say it is forgotten."""
    db.session.execute(
        update(Notification)
        .where(Notification.id.in_([row.id for row in rows]))
        .values(sent_at=now(), facts={})
        .execution_options(synchronize_session=False)
    )


def sections(to: Recipient, rows: Sequence[Notification]) -> list[Section]:
    """Return what there is to say of each kind of what waits, for a digest."""
    told = _in_words(to, rows)
    kinds = dict.fromkeys(row.kind for row, _words in told)
    return [_section(to, [one for one in told if one[0].kind is kind], True) for kind in kinds]


def forget_old() -> None:
    """Forget what was told long ago."""
    db.session.execute(
        delete(Notification)
        .where(queries.old_notifications(now() - rules.KEEP_TOLD, now() - rules.KEEP_PAIRS))
        .execution_options(synchronize_session=False)
    )


def _time(row: Notification, chosen: Rhythm) -> None:
    """Say when news goes out at the earliest, and whether in a digest."""
    rhythm = rules.rhythm_for(row.weight, chosen)
    quiet = queries.quiet_of(row.person_id)
    row.due_at = rules.due_at(rhythm, now(), settings().timezone, quiet)
    row.in_digest = rhythm is not Rhythm.AT_ONCE
    if row.due_at is None:
        row.facts = {}  # nobody will ever put it into words


def recipient(row: Notification) -> Recipient:
    """Return who is told."""
    if row.person is not None:
        return Recipient.of(row.person)
    return Recipient(row.email or "", row.language or settings().language)


def _in_words(to: Recipient, rows: Sequence[Notification]) -> list[tuple[Notification, Told]]:
    """Return what there is to say, each with what it tells; the same words are said once."""
    found: dict[tuple[str, str, str], tuple[Notification, Told]] = {}
    with speaking(to.language):
        for row in rows:
            teller = _tellers.get(row.kind)
            told = teller(to, row.facts) if teller is not None else None
            if told is not None:
                found[told.group or row.thread, told.title, told.text] = row, told
    return list(found.values())


def _section(to: Recipient, told: Sequence[tuple[Notification, Told]], is_digest: bool) -> Section:
    rows = [row for row, _words in told]
    return letters.section(to, [(row.thread, words) for row, words in told], kind=rows[0].kind,
                           less=_less(to, rows), is_digest=is_digest)  # fmt: skip


def _less(to: Recipient, rows: Sequence[Notification]) -> NoticeKind | None:
    """Return the kind of which hearing less would change something; None: this always comes."""
    rhythms = queries.rhythms_of(**to.key)
    for row in rows:
        chosen = rules.rhythm_for(row.weight, rhythms[row.kind])
        if chosen is not rules.rhythm_for(row.weight, Rhythm.NEVER):
            return row.kind
    return None
