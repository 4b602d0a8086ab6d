"""« Relancer comme l’an dernier ? »: asked once, eleven months on; who helped is first in line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from board import news
from board.accounts.models import Person
from board.answers import endings, over_posts, queries, yearly_letters, years
from board.answers.holiday_models import Holiday
from board.answers.models import Relaunch, Response
from board.answers.rules import HELPED, State
from board.clock import now, today
from board.errors import Conflict
from board.extensions import db
from board.matching import blocks
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.endings import FOUND
from board.posts.models import Post
from board.posts.rules import Audience, Outcome
from board.posts.values import last_day, values_of

WORTH = (*sorted(FOUND), Outcome.PARTLY_MET)
AT_ONCE = 200


def to_ask() -> Iterator[int]:
    """Return the posts that were met and whose day comes back soon, a few hundred at a time."""
    last = 0
    while found := _met_after(last):
        for post in found:
            if years.is_time(day_of(post), today(post.timezone)):
                yield post.id
        last = found[-1].id


def ask(post_id: int) -> bool:
    """Ask whoever wrote a post, once; says whether anybody was asked."""
    post = db.session.get(Post, post_id)
    if post is None:
        return False
    posts.lock(post)
    if find(post) is not None or not may_again(post):
        return False
    db.session.add(Relaunch(post_id=post.id, asked_at=now()))
    db.session.flush()
    yearly_letters.ask(post)
    return True


def may_again(post: Post) -> bool:
    """Only what was met (by its editors' word or by promises) and still stands is begun again."""
    stands = post.withdrawn_at is None and post.hidden_at is None
    if post.met_at is not None:
        return stands and post.outcome in WORTH
    asked = select(Post.id).where(Post.id == post.id, over_posts.counts_as_met())
    return stands and db.session.scalar(asked) is not None


def again(*, post: Post, by: Person) -> Post:
    """Begin a draft with the same words, its days moved to the year that comes."""
    posts.lock(post)
    known = find(post)
    if not may_again(post) or (known is not None and known.copy_id is not None):
        raise Conflict(f"{post.uuid} is begun again")
    by_days = moved_by(post)
    copy = posts.duplicate(post=post, by=by)
    values = values_of(copy)
    lines = tuple(
        replace(line, needed_from=_moved(line.needed_from, by_days),
                needed_until=_moved(line.needed_until, by_days))
        for line in values.lines
    )  # fmt: skip
    expires_on = _moved(last_day(post.expires_at, post.timezone), by_days)
    values = replace(values, lines=lines, expires_on=expires_on)
    posts.save(post=copy, values=values, by=by, edit_version=copy.edit_version)
    if known is None:
        known = Relaunch(post_id=post.id)
        db.session.add(known)
    known.copy_id = copy.id
    db.session.flush()
    return copy


def find(post: Post) -> Relaunch | None:
    """Return what became of a post a year later."""
    return db.session.scalar(select(Relaunch).where(Relaunch.post_id == post.id))


def find_copy(post: Post) -> Post | None:
    """Return the draft that was begun from a post."""
    known = find(post)
    return db.session.get(Post, known.copy_id) if known is not None and known.copy_id else None


def day_of(post: Post) -> date:
    """Return the day for which a post was: its first day, else its end, else when it was met."""
    days = [day for line in post.lines for day in (line.needed_from, line.needed_until) if day]
    if days:
        return min(days)
    found = last_day(post.expires_at or post.met_at or _asked_at(post), post.timezone)
    assert found is not None
    return found


def moved_by(post: Post) -> timedelta:
    """Return by how much the days of a post move."""
    feasts = {row.day: row.label for row in db.session.scalars(select(Holiday))}
    first = day_of(post)
    return years.comes_back(first, today(post.timezone), feasts) - first


def partners_of(post: Post) -> list[Response]:
    """Return who can be told that they helped, each once: a guest until their address goes."""
    found: dict[tuple[str, int | str], Response] = {}
    for one in queries.answers_to(post.id, HELPED):
        if one.organisation_id is not None:
            found.setdefault(("organisation", one.organisation_id), one)
        elif one.person_id is not None:
            found.setdefault(("person", one.person_id), one)
        elif one.guest_folded:
            found.setdefault(("guest", one.guest_folded), one)
    return list(found.values())


def has_forgotten(post: Post) -> bool:
    """Whether somebody helped without an account, of whom the board knows nothing any more."""
    return any(one.is_guest and not one.guest_folded for one in queries.answers_to(post.id, HELPED))


def helped_before(responses: Sequence[Response]) -> set[int]:
    """Return which of these answers come from somebody who helped the year before."""
    old = aliased(Response)
    same = or_(
        old.organisation_id == Response.organisation_id,
        and_(old.organisation_id.is_(None), Response.organisation_id.is_(None),
             old.person_id == Response.person_id),
        old.guest_folded == Response.guest_folded,
    )  # fmt: skip
    rows = (
        select(Response.id)
        .join(Relaunch, Relaunch.copy_id == Response.post_id)
        .join(old, and_(old.post_id == Relaunch.post_id, old.state.in_(HELPED), same))
        .where(Response.id.in_([one.id for one in responses]))
    )
    return set(db.session.scalars(rows)) if responses else set()


def take_place(response: Response) -> None:
    """Whoever helped the year before is before everybody in the reserve."""
    if response.state is State.RESERVE and helped_before([response]):
        response.reserved_at = response.post.published_at
        db.session.flush()


def tell_partners(_session: Session, ids: set[int]) -> None:
    """When what was begun again is up, whoever helped the year before is told."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        rows = select(Relaunch).where(Relaunch.copy_id.in_(some), Relaunch.told_at.is_(None))
        for one in db.session.scalars(rows.order_by(Relaunch.id)):
            _tell(one)


def _tell(one: Relaunch) -> None:
    copy, post = db.session.get(Post, one.copy_id), db.session.get(Post, one.post_id)
    if copy is None or post is None or not post_rules.is_open(copy, now()):
        return
    one.told_at = now()
    for response in partners_of(post):
        if _may_read(response, copy):
            yearly_letters.tell(response, copy)


def _may_read(response: Response, copy: Post) -> bool:
    """A post for members is told to those alone, and nobody is told whom its people blocked."""
    organisation, person = response.organisation, response.person
    verified = organisation is not None and organisation.verified_at is not None
    if copy.audience is Audience.MEMBERS and not verified:
        return False
    if response.is_guest:
        return not blocks.is_blocked_address(copy.organisation_id, response.guest_folded or "")
    if person is None:
        return organisation is not None
    other = response.organisation_id
    return not blocks.is_blocked(copy.organisation_id, other_id=other, person=person)


def _moved(day: date | None, by_days: timedelta) -> date | None:
    return None if day is None else day + by_days


def _asked_at(post: Post) -> datetime | None:
    asked = endings.find_asked(post)
    return asked.asked_at if asked is not None else None


def _met_after(last: int) -> list[Post]:
    since = now() - timedelta(days=800)
    said = and_(Post.met_at >= since, Post.outcome.in_(WORTH))
    rows = (
        select(Post)
        .where(Post.id > last, or_(said, over_posts.counts_as_met()))
        .where(Post.withdrawn_at.is_(None), Post.hidden_at.is_(None))
        .where(~exists().where(Relaunch.post_id == Post.id))
        .options(selectinload(Post.all_lines), joinedload(Post.organisation))
        .order_by(Post.id)
    )
    return list(db.session.scalars(rows.limit(AT_ONCE)))


def listen() -> None:
    """Hear of every post that goes up."""
    news.hears("post", tell_partners)
