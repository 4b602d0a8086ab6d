"""« Nous en avons besoin aussi »: organisations join a need, and leave it; from three it is shared.

Whoever joins is shown to all who see the need, and is told so before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from board import database, news
from board.accounts.models import Person
from board.clock import now
from board.errors import Invalid, NotFound
from board.extensions import db
from board.folding import fold
from board.matching import blocks, pooling, reading
from board.matching.effects import kilometres_of
from board.matching.models import Match, NeedJoin
from board.matching.pooling import Pool
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.posts import rules, waiting, within_reach
from board.posts.models import Line, Post
from board.posts.rules import Audience, Purpose

MOST_JOINED = 200
MOST_OFFERS = 12


@dataclass(frozen=True, slots=True)
class Fitting:
    """An offer that fits a shared need, and how much of it is left (None: not counted).

    What is counted in another unit, or is out of reach, adds nothing up.
    """

    match: Match
    post_id: int
    left: int | None


def joins_of(post: Post) -> list[NeedJoin]:
    """Return who joined a need and may be shown, the first first."""
    return joins_of_each([post])[post.id]


def joins_of_each(posts: Sequence[Post]) -> dict[int, list[NeedJoin]]:
    """Return who joined each need and may be shown there; two statements for all."""
    authors = {post.id: post.organisation_id for post in posts}
    rows = (
        select(NeedJoin)
        .join(Organisation, Organisation.id == NeedJoin.organisation_id)
        .where(NeedJoin.post_id.in_(sorted(authors)), organisations.is_listed())
        .options(contains_eager(NeedJoin.organisation))
        .order_by(NeedJoin.created_at, NeedJoin.id)
        .limit(MOST_JOINED * len(authors))
    )
    found = list(db.session.scalars(rows)) if authors else []
    apart = blocks.apart({*authors.values(), *(one.organisation_id for one in found)})
    out: dict[int, list[NeedJoin]] = {post_id: [] for post_id in authors}
    for one in found:
        of_post = out[one.post_id]
        if {authors[one.post_id], one.organisation_id} not in apart and len(of_post) < MOST_JOINED:
            of_post.append(one)
    return out


def pool_of(post: Post, joins: Sequence[NeedJoin]) -> Pool:
    """Return what the author and who joined need together."""
    counted = counted_line(post)
    own = rules.remaining(counted) if counted is not None else None
    return pooling.pool([own, *(one.quantity if counted else None for one in joins)])


def counted_line(post: Post) -> Line | None:
    """Return the only line of a need: with several, « how many » could mean any of them."""
    active = [line for line in post.lines if rules.is_active(line)]
    return active[0] if len(active) == 1 else None


def may_be_joined(post: Post) -> bool:
    """An open need may be joined."""
    return post.purpose is Purpose.NEED and rules.is_open(post, now())


def who_may_join(post: Post, person: Person) -> list[Organisation]:
    """Return for which organisations a person may join a need."""
    if not may_be_joined(post):
        return []
    acts_for = [one for one, _role in organisations.organisations_of(person)]
    if post.audience is Audience.MEMBERS:
        acts_for = [one for one in acts_for if one.verified_at is not None]
    apart = blocks.apart({post.organisation_id, *(one.id for one in acts_for)})
    return [
        one
        for one in acts_for
        if one.id != post.organisation_id and {post.organisation_id, one.id} not in apart
    ]


def acting_in(post: Post, person: Person) -> list[Organisation]:
    """Return for which organisations that joined a need a person acts."""
    joined = select(NeedJoin.organisation_id).where(NeedJoin.post_id == post.id)
    ids = set(db.session.scalars(joined.order_by(NeedJoin.id)))
    return [one for one, _role in organisations.organisations_of(person) if one.id in ids]


def join(*, post: Post, organisation: Organisation, by: Person, quantity: int | None) -> None:
    """Say that an organisation needs it too; said again, it only changes how much."""
    if not may_be_joined(post):
        raise Invalid("", _("Ce besoin n’est plus ouvert."))
    if organisation.id not in {one.id for one in who_may_join(post, by)}:
        raise NotFound
    if organisation.hidden_at is not None or organisation.unlisted_at is not None:
        raise Invalid("organisation", _("Cette organisation n’est pas montrée au public."))
    if counted_line(post) is None:
        quantity = None
    row = {"post_id": post.id, "organisation_id": organisation.id, "quantity": quantity,
           "created_at": now()}  # fmt: skip
    statement = database.insert(NeedJoin).values(row)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[NeedJoin.post_id, NeedJoin.organisation_id],
            set_={"quantity": quantity},
        )
    )
    news.note("need_join", {post.id})


def leave(*, post: Post, organisation: Organisation) -> None:
    """Take an organisation's word back."""
    db.session.execute(
        delete(NeedJoin)
        .where(NeedJoin.post_id == post.id, NeedJoin.organisation_id == organisation.id)
        .execution_options(synchronize_session=False)
    )
    news.note("need_join", {post.id})


def offers_for(post: Post, joins: Sequence[NeedJoin]) -> list[Fitting]:
    """Return the public offers that fit a shared need, best first: none of who needs it."""
    own = select(Line.id).where(Line.post_id == post.id)
    rows = (
        select(Match, Line, Post.organisation_id, Post.published_at)
        .join(Line, Line.id == Match.offer_line_id)
        .join(Post, Post.id == Line.post_id)
        .where(Match.need_line_id.in_(own), Post.audience == Audience.PUBLIC)
        .where(reading.is_answerable())
        .order_by(Match.score.desc(), Post.published_at, Match.id)
        .limit(4 * MOST_OFFERS)
    )
    found = list(db.session.execute(rows))
    waits = waiting.since({row.Line.post_id: row.published_at for row in found})
    found.sort(key=lambda row: (-row.Match.score, waits[row.Line.post_id], row.Match.id))
    counted = counted_line(post)
    unit = counted.unit if counted is not None else None
    needing = {post.organisation_id, *(one.organisation_id for one in joins)}
    apart = blocks.apart(needing | {row.organisation_id for row in found})
    best: dict[int, Fitting] = {}
    for match, line, other, _published in found:
        kept_apart = any(frozenset((other, one)) in apart for one in needing)
        if other not in needing and not kept_apart:
            best.setdefault(line.post_id, Fitting(match, line.post_id, _left(match, line, unit)))
    return list(best.values())[:MOST_OFFERS]


def _left(match: Match, line: Line, unit: str | None) -> int | None:
    """Return how much of an offer counts towards a need: in the same unit, and within reach."""
    kilometres = kilometres_of(match.parts)
    if kilometres is not None and not within_reach.is_within(line, kilometres):
        return None
    return rules.remaining(line) if _as_unit(unit) == _as_unit(line.unit) else None


def _as_unit(unit: str | None) -> str:
    return fold(unit or "").rstrip("s")
