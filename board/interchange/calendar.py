"""iCalendar (RFC 5545, RFC 7986): the dated lines of posts, as whole days that block nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _

from board.interchange.published import Feed, Item
from board.posts.cards import masked
from board.web.context import settings

LONGEST = timedelta(days=31)
WIDEST = 75
OVER = {"paused", "expired", "met"}
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar(feed: Feed, dated: dict[int, list[Any]]) -> bytes:
    """Write the lines that last a month at most; a longer one is no event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Babillard//Babillard//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(feed.title)}",
        f"X-WR-CALNAME:{text(feed.title)}",
        f"X-WR-TIMEZONE:{settings().timezone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        f"SOURCE;VALUE=URI:{feed.self_url}",
        f"URL:{feed.page_url}",
    ]
    for item in feed.items:
        for line in dated.get(item.id, ()):
            if line.needed_until - line.needed_from < LONGEST:
                lines += _event(item, line)
    lines.append("END:VCALENDAR")
    return ("\r\n".join(map(fold, lines)) + "\r\n").encode()


def _event(item: Item, line: Any) -> list[str]:
    host = settings().host.partition(":")[0]
    over = item.state in OVER or line.closed_at is not None
    title = masked(line.title)
    named = item.title if title == item.title else f"{item.title}\u00a0– {title}"
    about = f"{item.organisation}\n{item.url}"
    return [
        "BEGIN:VEVENT",
        f"UID:{line.uuid}@{host}",
        f"DTSTAMP:{_utc(item.updated_at)}",
        f"LAST-MODIFIED:{_utc(item.updated_at)}",
        f"SEQUENCE:{item.version}",
        f"DTSTART;VALUE=DATE:{_day(line.needed_from)}",
        f"DTEND;VALUE=DATE:{_day(line.needed_until + timedelta(days=1))}",
        f"SUMMARY;LANGUAGE={item.language}:"
        + text(_("%(what)s\u00a0: %(title)s", what=item.purpose_label, title=named)),
        f"DESCRIPTION;LANGUAGE={g.language}:{text(about)}",
        f"URL:{item.url}",
        *_where(item),
        f"CATEGORIES:{','.join(map(text, _categories(item)))}",
        f"STATUS:{'CANCELLED' if over else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _where(item: Item) -> Sequence[str]:
    if item.point is None:
        return ()
    return f"LOCATION:{text(item.place)}", f"GEO:{item.point[0]};{item.point[1]}"


def _categories(item: Item) -> list[str]:
    return [item.purpose_label, *item.kind_labels, *item.tags]


def text(value: str) -> str:
    """Escape a text value; controls other than a new line have no place in it."""
    clean = "".join(c for c in value if c >= " " or c == "\n")
    return clean.translate(_ESCAPES)


def fold(line: str) -> str:
    """Fold at 75 octets, never inside a letter."""
    if len(line.encode()) <= WIDEST:
        return line
    out, width = [], 0
    for letter in line:
        size = len(letter.encode())
        if width + size > WIDEST:
            out.append("\r\n ")
            width = 1
        out.append(letter)
        width += size
    return "".join(out)


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _utc(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")
