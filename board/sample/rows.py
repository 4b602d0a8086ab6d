"""Sample posts as rows, written a few hundred at a time by bulk statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from board.extensions import db
from board.folding import fold
from board.posts import queries
from board.posts.models import Confirmation, Line, Post, PostEvent, PostRevision, PostTag
from board.posts.rules import Attendance, Audience, Basis, Event, Kind, Outcome, Purpose
from board.posts.values import LineValues, PostValues, end_of, snapshot
from board.posts.wording import public_html
from board.sample.content import SampleLine, SamplePost

Row = dict[str, Any]
MARK = "sample-"
OUTCOME = Outcome.MET_HERE
WORDS_AT_ONCE = 100
_WRITING = timedelta(minutes=10)
_LAST_STEPS = {"paused": Event.PAUSED, "met": Event.MET, "withdrawn": Event.WITHDRAWN}
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
    """What the words of the samples mean in this database, and when they are said."""

    at: datetime
    timezone: str
    homes: Mapping[str, Home]
    concepts: Mapping[str, int]
    places: Mapping[str, int]
    labels: Mapping[int, str]
    countries: Mapping[int, str]

    def zone(self, place_id: int | None) -> str:
        """Return the zone that a place's days are counted in."""
        return _ZONES.get(self.countries.get(place_id or 0, ""), self.timezone)

    def today(self) -> date:
        """Return the day from which all others are counted."""
        return self.at.astimezone(ZoneInfo(self.timezone)).date()


@dataclass(frozen=True, slots=True)
class Told:
    """A sample post as it is said in this database: its words, its home and its steps."""

    number: int
    sample: SamplePost
    values: PostValues
    home: Home
    steps: dict[Event, datetime]


def mark(number: int) -> str:
    """Return the external id by which the sample post of that number is known again."""
    return f"{MARK}{number:05d}"


def write(posts: Mapping[int, SamplePost], setting: Setting) -> list[int]:
    """Write posts, by number, with all that hangs on them; return their ids."""
    told = [_told(number, post, setting) for number, post in posts.items()]
    db.session.execute(insert(Post), [_post(one, setting) for one in told])
    known = select(Post.external_id, Post.id).where(Post.external_id.in_(map(mark, posts)))
    ids = dict(db.session.execute(known).all())
    written = [(ids[mark(one.number)], one) for one in told]
    concepts = _concepts({tag for one in told for tag in one.values.tags})
    for model, rows in (
        (Line, (row for key, one in written for row in _lines(key, one, setting))),
        (PostTag, (row for key, one in written for row in _tags(key, one, concepts))),
        (PostEvent, (row for key, one in written for row in _events(key, one))),
        (Confirmation, (row for key, one in written for row in _confirmations(key, one))),
        (PostRevision, (_revision(key, one) for key, one in written)),
    ):
        _insert(model, rows)
    return [key for key, _one in written]


def _insert(model: type[Any], rows: Iterable[Row]) -> None:
    values = list(rows)
    if values:
        db.session.execute(insert(model), values)


def _told(number: int, post: SamplePost, setting: Setting) -> Told:
    home = setting.homes[post.organisation]
    named = setting.places[post.place] if isinstance(post.place, str) else post.place
    place_id = named or home.place_id
    days = post.expires_days
    values = PostValues(
        purpose=Purpose(post.purpose),
        title=post.title,
        language=post.language,
        body=post.body or "",
        place_id=place_id,
        place=setting.labels.get(place_id or 0, ""),
        audience=Audience(post.audience),
        expires_on=None if days is None else setting.today() + timedelta(days=days),
        tags=tuple(post.tags),
        lines=tuple(
            _line_values(number, position, line, setting.today())
            for position, line in enumerate(post.lines)
        ),
    )
    return Told(number, post, values, home, _steps(post, setting.at))


def _line_values(number: int, position: int, line: SampleLine, today: date) -> LineValues:
    first, last = line.window(today)
    return LineValues(
        uuid=uuid5(NAMESPACE_URL, f"babillard:sample:line:{number}:{position}"),
        title=line.title,
        kind=Kind(line.kind),
        category=line.category,
        basis=Basis(line.basis) if line.basis else None,
        quantity=line.quantity,
        unit=line.unit,
        needed_from=first,
        needed_until=last,
        attendance=Attendance(line.attendance) if line.attendance else None,
        reach_km=line.reach_km,
        effort=line.effort,
        conditions=line.conditions,
    )


def _steps(post: SamplePost, at: datetime) -> dict[Event, datetime]:
    """Return when each step of a post's life was taken, oldest first."""
    if post.confirmed_days_ago is None or post.published_days_ago is None:
        return {Event.DRAFTED: at - timedelta(days=3)}
    published = at - timedelta(days=post.published_days_ago)
    confirmed = at - timedelta(days=post.confirmed_days_ago)
    if post.state == "draft":
        return {Event.DRAFTED: published}
    steps = {Event.DRAFTED: published - _WRITING, Event.PUBLISHED: published}
    if confirmed > published:
        steps[Event.CONFIRMED] = confirmed
    if post.state in _LAST_STEPS:
        steps[_LAST_STEPS[post.state]] = confirmed + (at - confirmed) / 2
    return steps


def _post(told: Told, setting: Setting) -> Row:
    values, steps = told.values, told.steps
    published = steps.get(Event.PUBLISHED)
    confirmed = steps.get(Event.CONFIRMED, published)
    zone = setting.zone(values.place_id)
    return {
        "uuid": uuid5(NAMESPACE_URL, f"babillard:sample:post:{told.number}"),
        "created_at": steps[Event.DRAFTED],
        "organisation_id": told.home.organisation_id,
        "author_id": told.home.author_id,
        "purpose": values.purpose,
        "title": values.title,
        "body_md": values.body,
        "body_html": public_html(values.body),
        "language": values.language,
        "place_id": values.place_id,
        "timezone": zone,
        "audience": values.audience,
        "published_at": published,
        "confirmed_at": confirmed,
        "ranked_at": confirmed,
        "paused_at": steps.get(Event.PAUSED),
        "met_at": steps.get(Event.MET),
        "outcome": OUTCOME if Event.MET in steps else None,
        "withdrawn_at": steps.get(Event.WITHDRAWN),
        "expires_at": end_of(values.expires_on, zone),
        "external_id": mark(told.number),
    }


def _lines(post_id: int, told: Told, setting: Setting) -> Iterable[Row]:
    for position, (line, sample) in enumerate(
        zip(told.values.lines, told.sample.lines, strict=True)
    ):
        row = {name: getattr(line, name) for name in LineValues.__slots__}
        del row["category"], row["closed"]
        yield row | {
            "post_id": post_id,
            "created_at": told.steps[Event.DRAFTED],
            "position": position,
            "category_id": setting.concepts[sample.category],
            "committed": sample.committed,
            "fulfilled": 0,
        }


def _tags(post_id: int, told: Told, concepts: Mapping[str, int]) -> Iterable[Row]:
    for tag in told.values.tags:
        folded = fold(tag)
        row = {"post_id": post_id, "text": tag, "folded": folded}
        yield row | {"concept_id": concepts.get(folded)}


def _concepts(tags: set[str]) -> dict[str, int]:
    folded = sorted(fold(tag) for tag in tags)
    found: dict[str, int] = {}
    for start in range(0, len(folded), WORDS_AT_ONCE):
        found |= queries.concepts_called(folded[start : start + WORDS_AT_ONCE])
    return found


def _events(post_id: int, told: Told) -> Iterable[Row]:
    for event, at in told.steps.items():
        detail = OUTCOME.value if event is Event.MET else None
        row = {"post_id": post_id, "event": event, "at": at, "detail": detail}
        yield row | {"by_id": told.home.author_id}


def _confirmations(post_id: int, told: Told) -> Iterable[Row]:
    at = told.steps.get(Event.CONFIRMED)
    if at is not None:
        yield {"post_id": post_id, "at": at, "by_id": told.home.author_id, "via": "page"}


def _revision(post_id: int, told: Told) -> Row:
    return {
        "post_id": post_id,
        "edit_version": 1,
        "by_id": told.home.author_id,
        "created_at": told.steps[Event.DRAFTED],
        "snapshot": snapshot(told.values),
    }
