"""Bringing another list in: a few rows in each transaction; what came before is known again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import sleep
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload, selectinload

from board import news
from board.clock import now
from board.database import begin_writing, reading_alone
from board.errors import BoardError, Conflict, Invalid
from board.extensions import db
from board.folding import fold
from board.interchange import identity, preparing
from board.interchange.meaning import Meant
from board.interchange.models import ImportBatch, ImportRow
from board.interchange.preparing import Ready, Stand
from board.organisations import services as organisations
from board.organisations.models import Organisation
from board.organisations.queries import find_look_alike
from board.posts import bulk
from board.posts import services as posts
from board.posts.models import Line, Post
from board.posts.values import end_of, snapshot, values_of
from board.search import ready as index

WITHDRAWN = "this post was withdrawn or hidden on the board: it stays so"
ADDED_AT_ONCE, CHANGED_AT_ONCE, BREATH_S = 25, 5, 0.002
PAST = "expires_at: this day is past, the post would be over before it began"
_LAST = (
    select(func.max(ImportRow.id))
    .where(ImportRow.post_id == Post.id)
    .correlate(Post)
    .scalar_subquery()
)
_HELD = (
    select(Organisation.id)
    .where(Organisation.id == bindparam("of"))
    .with_for_update(key_share=True)
)
_KNOWN = (
    select(Post.id, Post.external_id, Post.withdrawn_at, Post.hidden_at, ImportRow.digest)
    .outerjoin(ImportRow, ImportRow.id == _LAST)
    .where(Post.organisation_id == bindparam("of"))
    .where(Post.external_id.in_(bindparam("keys", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where rows go: an organisation, the zone of its days, and the run that they are part of."""

    organisation_id: int
    timezone: str
    batch_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row: `what` is added, changed, unchanged or failed."""

    meant: Meant
    what: str
    problem: str = ""


def found_organisation(slug: str) -> Organisation:
    """Make an organisation for a list, unverified, under the name that its address says."""
    name = organisations.checked_name(slug.replace("-", " ").capitalize())
    alike = find_look_alike(name)
    organisation = Organisation(slug=slug, name=name, name_folded=fold(name)[:160],
                                resembles_id=alike.id if alike else None)  # fmt: skip
    db.session.add(organisation)
    db.session.flush()
    return organisation


def begin(*, organisation: Organisation, source: str) -> ImportBatch:
    """Begin a run."""
    batch = ImportBatch(organisation_id=organisation.id, source=source[-200:])
    db.session.add(batch)
    db.session.flush()
    return batch


def finish(batch_id: int, counts: dict[str, int]) -> None:
    """End a run, and keep what it did."""
    batch = db.session.get_one(ImportBatch, batch_id)
    for name, number in counts.items():
        setattr(batch, name, number)
    batch.finished_at = now()


def write(rows: Sequence[Meant], to: Destination) -> list[Told]:
    """Write rows, a few in each transaction; slow work lies before it, and others come between."""
    with reading_alone():
        known = _known(rows, to.organisation_id)
    told = {one.meant.record.external_id: one for one in _judge(rows, known, to)}
    wanted = preparing.placed(
        one.meant for one in told.values() if one.what in {"added", "changed"}
    )
    for some in _slices(wanted, known):
        for one in _write_apart(some, to):
            told[one.meant.record.external_id] = one
        sleep(BREATH_S)
    return list(told.values())


def _slices(rows: Sequence[Meant], known: dict[str, Any]) -> Iterator[list[Meant]]:
    """New posts are written many at once, changed ones one by one: they take longer."""
    changed = [one for one in rows if one.record.external_id in known]
    added = [one for one in rows if one.record.external_id not in known]
    for some, most in ((added, ADDED_AT_ONCE), (changed, CHANGED_AT_ONCE)):
        yield from (list(some[at : at + most]) for at in range(0, len(some), most))


def _write_apart(rows: Sequence[Meant], to: Destination) -> list[Told]:
    """Write rows in one transaction; when the database refuses, each in its own."""
    with reading_alone():
        stands = preparing.stand(rows, to.organisation_id)
        ready = preparing.prepare(rows, stands, to.timezone)
    try:
        begin_writing()
        told = _write(ready, to, stands)
        news.commit()
    except DBAPIError as error:
        db.session.rollback()
        if error.connection_invalidated or not _is_about_values(error):
            raise
        if len(rows) == 1:
            return [Told(rows[0], "failed", "the database refused its values")]
        return [each for one in rows for each in _write_apart([one], to)]
    return told


def compare(rows: Sequence[Meant], to: Destination) -> list[Told]:
    """Say what `write` would do, and write nothing."""
    return _judge(rows, _known(rows, to.organisation_id), to)


def _judge(rows: Iterable[Meant], known: dict[str, Any], to: Destination) -> list[Told]:
    return [_judged(one, known.get(one.record.external_id), to.timezone) for one in rows]


def _is_about_values(error: DBAPIError) -> bool:
    return type(error).__name__ in {"IntegrityError", "DataError", "StatementError"}


def _write(rows: Sequence[Ready], to: Destination, stands: Stand) -> list[Told]:
    _hold(to.organisation_id)
    meant = [one.meant for one in rows]
    known = _known(meant, to.organisation_id)
    told = _judge(meant, known, to)
    wanted = {one.meant.record.external_id for one in told if one.what in {"added", "changed"}}
    _add([one for one in rows if one.key in wanted - known.keys()], to, stands)
    older = wanted & known.keys()
    loaded = _load([known[key].id for key in older]) if older else {}
    return [
        _change(one.meant, loaded[key], to)
        if (key := one.meant.record.external_id) in loaded
        else one
        for one in told
    ]


def _hold(organisation_id: int) -> None:
    """Two runs for one organisation wait for each other; others still post in its name."""
    db.session.connection().execute(_HELD, {"of": organisation_id})


def _known(rows: Sequence[Meant], organisation_id: int) -> dict[str, Any]:
    """Return post and last digest of the rows that were brought in before."""
    asked = {"of": organisation_id, "keys": sorted({one.record.external_id for one in rows})}
    found = db.session.connection().execute(_KNOWN, asked)
    return {str(row.external_id): row for row in found}


def _judged(one: Meant, known: Any, timezone: str) -> Told:
    if known is None:
        end = end_of(one.values.expires_on, timezone)
        past = end is not None and end <= now()
        return Told(one, "failed", PAST) if past else Told(one, "added")
    if known.digest == one.record.digest:
        return Told(one, "unchanged")
    if known.withdrawn_at is not None or known.hidden_at is not None:
        return Told(one, "failed", WITHDRAWN)
    return Told(one, "changed")


def _add(rows: Sequence[Ready], to: Destination, stands: Stand) -> None:
    if not rows:
        return
    ids = bulk.publish([one.post for one in rows], organisation_id=to.organisation_id)
    kept = (_kept(one.meant, ids[one.key], 1, None, to) for one in rows)
    bulk.insert_rows(ImportRow, kept)
    if preparing.stand([one.meant for one in rows], to.organisation_id) == stands:
        index.hold({ids[one.key]: one.document_of(ids[one.key]) for one in rows})


def _kept(
    one: Meant, post_id: int, version: int, before: dict[str, Any] | None, to: Destination
) -> dict[str, Any]:
    return {
        "batch_id": to.batch_id,
        "post_id": post_id,
        "external_id": one.record.external_id,
        "digest": one.record.digest,
        "edit_version": version,
        "before": before,
    }


def _load(ids: Sequence[int]) -> dict[str, Post]:
    found = (
        select(Post)
        .where(Post.id.in_(ids))
        .options(
            joinedload(Post.place),
            selectinload(Post.all_lines).joinedload(Line.category),
            selectinload(Post.tags),
        )
    )
    return {str(post.external_id): post for post in db.session.scalars(found)}


def _change(one: Meant, post: Post, to: Destination) -> Told:
    """Write a row over the post that it was; its lines keep their identity."""
    before = values_of(post)
    values = replace(one.values, lines=identity.same_lines(one, before.lines))
    kept = snapshot(before) | {"place_id": before.place_id}
    try:
        changed = posts.save(post=post, values=values, by=None, edit_version=post.edit_version)
    except Conflict:
        return Told(one, "failed", "somebody edited this post at the same moment: run it again")
    except Invalid as error:
        return Told(one, "failed", error.message)
    except BoardError:
        return Told(one, "failed", WITHDRAWN)
    bulk.insert_rows(ImportRow, [_kept(one, post.id, post.edit_version, kept, to)])
    return Told(one, "changed" if changed else "unchanged")
