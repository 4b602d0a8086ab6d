"""Sample posts as rows, written a few hundred at a time by bulk statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from board.extensions import db
from board.folding import fold
from board.markdown import to_html
from board.posts.models import Confirmation, Line, Post, PostEvent, PostTag
from board.posts.rules import Event, Outcome
from board.sample.content import SampleLine, SamplePost

Row = dict[str, Any]
MARK = "sample-"
_ZONES = {
    "FR": "Europe/Paris",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "SN": "Africa/Dakar",
}


@dataclass(frozen=True, slots=True)
class Home:
    """What a post takes from its organisation."""

    organisation_id: int
    place_id: int | None
    author_id: int | None


@dataclass(frozen=True, slots=True)
class Setting:
    """Where posts are written: what their words mean in this database, and when."""

    at: datetime
    timezone: str
    homes: Mapping[str, Home]
    concepts: Mapping[str, int]
    places: Mapping[str, int]
    countries: Mapping[int, str]

    def zone(self, place_id: int | None) -> str:
        """Return the zone that a place's days are counted in."""
        return _ZONES.get(self.countries.get(place_id or 0, ""), self.timezone)

    def today(self) -> date:
        """Return the day from which all others are counted."""
        return self.at.astimezone(ZoneInfo(self.timezone)).date()


def mark(number: int) -> str:
    """Return the external id by which the sample post of that number is known again."""
    return f"{MARK}{number:05d}"


def write(posts: Mapping[int, SamplePost], setting: Setting) -> list[int]:
    """Write posts, by number, with all that hangs on them; return their ids."""
    db.session.execute(insert(Post), [_post(n, post, setting) for n, post in posts.items()])
    known = select(Post.external_id, Post.id).where(Post.external_id.in_(map(mark, posts)))
    rows = db.session.execute(known).tuples()
    ids: dict[str | None, int] = dict(rows.all())
    written = [(ids[mark(n)], n, post) for n, post in posts.items()]
    _insert(Line, (
        _line(post_id, n, i, line, setting)
        for post_id, n, post in written for i, line in enumerate(post.lines)
    ))  # fmt: skip
    _insert(PostTag, (
        {"post_id": post_id, "text": tag, "folded": fold(tag)}
        for post_id, _n, post in written for tag in post.tags
    ))  # fmt: skip
    lives = [(post_id, post, _life(post, setting)) for post_id, _n, post in written]
    by = {post_id: setting.homes[post.organisation].author_id for post_id, post, _life in lives}
    _insert(PostEvent, (
        {"post_id": post_id, "event": event, "at": at, "by_id": by[post_id], "detail": None}
        for post_id, _post, life in lives for event, at in life
    ))  # fmt: skip
    _insert(Confirmation, (
        {"post_id": post_id, "at": at, "by_id": by[post_id], "via": "page"}
        for post_id, _post, life in lives for event, at in life if event is Event.CONFIRMED
    ))  # fmt: skip
    return [post_id for post_id, _n, _post in written]


def _insert(model: type[Any], rows: Any) -> None:
    values: Sequence[Row] = list(rows)
    if values:
        db.session.execute(insert(model), values)


def _post(number: int, post: SamplePost, setting: Setting) -> Row:
    home = setting.homes[post.organisation]
    place_id = setting.places[post.place] if isinstance(post.place, str) else post.place
    place_id = place_id or home.place_id
    life = dict(_life(post, setting))
    published = life.get(Event.PUBLISHED)
    confirmed = life.get(Event.CONFIRMED, published)
    return {
        "uuid": uuid5(NAMESPACE_URL, f"babillard:sample:post:{number}"),
        "created_at": published or life[Event.DRAFTED],
        "organisation_id": home.organisation_id,
        "author_id": home.author_id,
        "purpose": post.purpose,
        "title": post.title,
        "body_md": post.body or "",
        "body_html": to_html(post.body) if post.body else "",
        "language": post.language,
        "place_id": place_id,
        "timezone": setting.zone(place_id),
        "audience": post.audience,
        "published_at": published,
        "confirmed_at": confirmed,
        "ranked_at": confirmed,
        "paused_at": life.get(Event.PAUSED),
        "met_at": life.get(Event.MET),
        "outcome": Outcome.MET_HERE if Event.MET in life else None,
        "withdrawn_at": life.get(Event.WITHDRAWN),
        "expires_at": _end(post, setting, place_id),
        "external_id": mark(number),
    }


def _end(post: SamplePost, setting: Setting, place_id: int | None) -> datetime | None:
    """Return the midnight that ends the last day, where the post is."""
    if post.expires_days is None:
        return None
    after = setting.today() + timedelta(days=post.expires_days + 1)
    return datetime.combine(after, time(), ZoneInfo(setting.zone(place_id))).astimezone(UTC)


def _line(post_id: int, number: int, position: int, line: SampleLine, setting: Setting) -> Row:
    first, last = line.window(setting.today())
    return {
        "uuid": uuid5(NAMESPACE_URL, f"babillard:sample:line:{number}:{position}"),
        "created_at": setting.at,
        "post_id": post_id,
        "position": position,
        "category_id": setting.concepts[line.category],
        "kind": line.kind,
        "basis": line.basis,
        "title": line.title,
        "quantity": line.quantity,
        "unit": line.unit,
        "needed_from": first,
        "needed_until": last,
        "attendance": line.attendance,
        "reach_km": line.reach_km,
        "effort": line.effort,
        "conditions": line.conditions,
        "committed": line.committed,
        "fulfilled": 0,
    }


_LAST_WORDS = {"paused": Event.PAUSED, "met": Event.MET, "withdrawn": Event.WITHDRAWN}


def _life(post: SamplePost, setting: Setting) -> list[tuple[Event, datetime]]:
    """Return the steps of a post's life, oldest first."""
    if post.state == "draft" or post.confirmed_days_ago is None or post.published_days_ago is None:
        return [(Event.DRAFTED, setting.at - timedelta(days=3))]
    confirmed = setting.at - timedelta(days=post.confirmed_days_ago)
    published = setting.at - timedelta(days=post.published_days_ago)
    steps = [(Event.PUBLISHED, published)]
    if confirmed > published:
        steps.append((Event.CONFIRMED, confirmed))
    if post.state in _LAST_WORDS:
        middle = confirmed + (setting.at - confirmed) / 2
        steps.append((_LAST_WORDS[post.state], middle))
    return steps
