"""One row of an import file as its owner wrote it: a JSON object, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec

from board.config import LANGUAGES
from board.contacts import find_contacts
from board.interchange.values import Fields, Wrong, listed, part_of, shown
from board.posts.fields import split_tags
from board.posts.forms import FARTHEST_KM, LONGEST_TAG, MOST
from board.posts.rules import MAX_LINES, MAX_TAGS, Attendance, Audience, Basis, Kind, Purpose
from board.web.forms import clean

READ = frozenset(
    ("external_id", "id", "purpose", "title", "body", "language", "tags", "category", "audience",
     "expires_at", "lines", "place")
)  # fmt: skip
OF_THE_API = frozenset(
    ("url", "state", "freshness", "organisation", "published_at", "confirmed_at", "score",
     "highlights")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One thing needed or offered, as the row says it."""

    key: str
    title: str
    kind: Kind | None
    category: str
    basis: Basis | None
    quantity: int | None
    unit: str
    needed_from: date | None
    needed_until: date | None
    attendance: Attendance | None
    reach_km: int | None
    effort: str
    conditions: str


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where it is: a name, a point, or both."""

    label: str
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Record:
    """A row that can be read; `digest` tells whether the source says the same as before."""

    external_id: str
    purpose: Purpose
    title: str
    body: str
    language: str
    tags: tuple[str, ...]
    category: str
    audience: Audience
    expires_at: date | None
    lines: tuple[RecordLine, ...]
    place: RecordPlace | None
    digest: str
    unread: frozenset[str]


def parse(data: bytes) -> dict[str, Any]:
    """Read a line as one JSON object."""
    try:
        value = msgspec.json.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Wrong(f"not UTF-8 at byte {error.start + 1}") from None
    except RecursionError:
        raise Wrong("nested too deep") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise Wrong(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Wrong(f"takes one JSON object a line, not {shown(value)}")
    return value


def name_of(data: dict[str, Any]) -> str:
    """Return how a row calls itself, as far as it can be read."""
    value = data.get("external_id", data.get("id"))
    return " ".join(clean(str(value)[:200]).split()) if isinstance(value, str | int) else ""


def read(data: dict[str, Any]) -> Record:
    """Check a row; raises `Wrong` with the first thing that cannot be."""
    fields = Fields(data)
    external_id = fields.name("external_id", 200) or fields.name("id", 200)
    if not external_id:
        raise fields.wrong("external_id", "is missing")
    purpose = fields.member("purpose", Purpose)
    if purpose is None:
        raise fields.wrong("purpose", f"is missing: takes one of {listed(Purpose)}")
    title = fields.text("title", 160)
    if not title:
        raise fields.wrong("title", "is missing")
    return Record(
        external_id=external_id,
        purpose=purpose,
        title=title,
        body=fields.text("body", 10_000, long=True),
        language=_language(fields),
        tags=_tags(fields),
        category=fields.text("category", 120),
        audience=fields.member("audience", Audience) or Audience.PUBLIC,
        expires_at=fields.day("expires_at"),
        lines=_lines(fields),
        place=_place(fields.part("place")),
        digest=_digest(data),
        unread=frozenset(str(name)[:40] for name in data.keys() - READ - OF_THE_API),
    )


def _language(fields: Fields) -> str:
    text = fields.text("language", 40)
    language = text.replace("_", "-").partition("-")[0].lower()
    if language and language not in LANGUAGES:
        raise fields.wrong("language", f"{shown(text)} is none of {listed(LANGUAGES)}")
    return language


def _tags(fields: Fields) -> tuple[str, ...]:
    given = fields.items("tags")
    texts = [Fields({"": tag}, f"tags[{n}]").text("", 400) for n, tag in enumerate(given[:500], 1)]
    tags = split_tags(",".join(texts))
    if len(tags) > MAX_TAGS or len(given) > len(texts):
        raise fields.wrong("tags", f"{max(len(tags), len(given))} are too many, {MAX_TAGS} at most")
    long = next((tag for tag in tags if len(tag) > LONGEST_TAG), None)
    if long:
        raise fields.wrong("tags", f"{shown(long)} is longer than {LONGEST_TAG} characters")
    return tuple(tags)


def _lines(fields: Fields) -> tuple[RecordLine, ...]:
    given = fields.items("lines")
    if len(given) > MAX_LINES:
        raise fields.wrong("lines", f"{len(given)} are too many, {MAX_LINES} at most")
    return tuple(_line(part_of(one, f"lines[{n}]")) for n, one in enumerate(given, 1))


def _line(fields: Fields) -> RecordLine:
    first, last = fields.plain_day("from"), fields.plain_day("until")
    if first and last and last < first:
        raise fields.wrong("until", f"{last} comes before from, {first}")
    return RecordLine(
        key=fields.name("id", 200),
        title=fields.text("title", 120),
        kind=fields.member("kind", Kind),
        category=fields.text("category", 120),
        basis=fields.member("basis", Basis),
        quantity=fields.number("quantity", 1, MOST),
        unit=fields.text("unit", 40),
        needed_from=first,
        needed_until=last,
        attendance=fields.member("attendance", Attendance),
        reach_km=fields.number("reach_km", 0, FARTHEST_KM),
        effort=fields.text("effort", 120),
        conditions=fields.text("conditions", 500, long=True),
    )


def _place(fields: Fields | None) -> RecordPlace | None:
    if fields is None:
        return None
    label = fields.text("label", 160)
    latitude, longitude = fields.degrees("lat", 90), fields.degrees("lon", 180)
    if (latitude is None) is not (longitude is None):
        raise fields.wrong("lat" if latitude is None else "lon", "is missing")
    if label and find_contacts(label):
        raise fields.wrong("label", "holds a telephone number or an address of mail")
    point = None if latitude is None or longitude is None else (latitude, longitude)
    return RecordPlace(label, point) if label or point else None


def _digest(data: dict[str, Any]) -> str:
    said = {name: data[name] for name in READ & data.keys()}
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()
