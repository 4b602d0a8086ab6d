"""Feeds as text: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, the same posts in each."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from flask import g

from board.interchange.api import instant
from board.interchange.published import MOST_KEPT, Feed, Item
from board.web.context import settings

GENERATOR = "Babillard"


def atom(feed: Feed) -> bytes:
    """Write Atom: entries, and the tombstones (RFC 6721) of what was taken off."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:at="http://purl.org/atompub/tombstones/1.0"'
        f' xmlns:georss="http://www.georss.org/georss" xml:lang={quoteattr(g.language)}>\n',
        f"<id>{escape(feed.self_url)}</id>\n<title>{escape(feed.title)}</title>\n",
        f"<updated>{instant(feed.updated_at)}</updated>\n",
        f"<generator>{GENERATOR}</generator>\n",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(feed.self_url)}/>\n',
        f'<link rel="alternate" type="text/html" href={quoteattr(feed.page_url)}/>\n',
        f"<rights>{escape(settings().content_licence)}</rights>\n",
    ]
    if feed.next_url:
        parts.append(f'<link rel="next" href={quoteattr(feed.next_url)}/>\n')
    parts += [
        f'<at:deleted-entry ref="urn:uuid:{row.uuid}" when="{instant(row.at)}"/>\n'
        for row in feed.gone
    ]
    parts += [_entry(item) for item in feed.items]
    parts.append("</feed>\n")
    return "".join(parts).encode()


@lru_cache(maxsize=MOST_KEPT)
def _entry(item: Item) -> str:
    """Write an entry, once while its post stays the same."""
    return "".join(
        (
            f"<entry xml:lang={quoteattr(item.language)}>\n<id>urn:uuid:{item.uuid}</id>\n",
            f"<title>{escape(item.headline)}</title>\n",
            f"<published>{instant(item.published_at)}</published>\n",
            f"<updated>{instant(item.updated_at)}</updated>\n",
            f'<link rel="alternate" type="text/html" href={quoteattr(item.url)}/>\n',
            f"<author><name>{escape(item.organisation)}</name>",
            f"<uri>{escape(item.organisation_url)}</uri></author>\n",
            *(
                f"<category scheme={quoteattr(scheme)} term={quoteattr(term)}/>\n"
                for scheme, term in _categories(item)
            ),
            *_where(item),
            f'<content type="html">{escape(html(item))}</content>\n</entry>\n',
        )
    )


def rss(feed: Feed) -> bytes:
    """Write RSS 2.0, for readers that know nothing else."""
    about = escape(feed.title)
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"'
        ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:georss="http://www.georss.org/georss">\n<channel>\n',
        f"<title>{about}</title>\n<link>{escape(feed.page_url)}</link>\n",
        f"<description>{about}</description>\n<language>{g.language}</language>\n",
        f"<copyright>{escape(settings().content_licence)}</copyright>\n",
        f"<lastBuildDate>{_mail_date(feed.updated_at)}</lastBuildDate>\n",
        f"<generator>{GENERATOR}</generator>\n<ttl>60</ttl>\n",
        f'<atom:link rel="self" type="application/rss+xml" href={quoteattr(feed.self_url)}/>\n',
    ]
    parts += [_rss_item(item) for item in feed.items]
    parts.append("</channel>\n</rss>\n")
    return "".join(parts).encode()


@lru_cache(maxsize=MOST_KEPT)
def _rss_item(item: Item) -> str:
    """Write an item, once while its post stays the same."""
    return "".join(
        (
            f"<item>\n<title>{escape(item.headline)}</title>\n<link>{escape(item.url)}</link>\n",
            f'<guid isPermaLink="false">urn:uuid:{item.uuid}</guid>\n',
            f"<pubDate>{_mail_date(item.published_at)}</pubDate>\n",
            f"<dc:creator>{escape(item.organisation)}</dc:creator>\n",
            *(
                f"<category domain={quoteattr(scheme)}>{escape(term)}</category>\n"
                for scheme, term in _categories(item)
            ),
            *_where(item),
            f"<description>{escape(html(item))}</description>\n</item>\n",
        )
    )


def json_feed(feed: Feed) -> bytes:
    """Write JSON Feed 1.1; `_babillard` holds what only a board says (docs/embedding.md)."""
    about: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.self_url,
        "language": g.language,
        "items": [_json_item(item) for item in feed.items],
        "_babillard": {
            "about": settings().url("/fr/open-data"),
            "version": 1,
            "licence": settings().content_licence,
            "gone": [
                {"id": f"urn:uuid:{row.uuid}", "at": instant(row.at),
                 "state": "paused" if row.rests else "withdrawn"}
                for row in feed.gone
            ],
        },
    }  # fmt: skip
    if feed.next_url:
        about["next_url"] = feed.next_url
    return msgspec.json.encode(about)


def _json_item(item: Item) -> dict[str, Any]:
    place = None
    if item.point is not None:
        place = {"label": item.place, "lat": item.point[0], "lon": item.point[1]}
    return {
        "id": f"urn:uuid:{item.uuid}",
        "url": item.url,
        "title": item.headline,
        "content_html": html(item),
        "date_published": instant(item.published_at),
        "date_modified": instant(item.updated_at),
        "language": item.language,
        "authors": [{"name": item.organisation, "url": item.organisation_url}],
        "tags": [item.purpose_label, *item.kind_labels, *item.tags],
        "_babillard": {
            "purpose": item.purpose,
            "title": item.title,
            "state": item.state,
            "freshness": item.freshness,
            "kinds": item.kinds,
            "bases": item.bases,
            "lines": item.lines,
            "location": place,
            "expires_at": instant(item.expires_at),
            "organisation_verified": item.verified,
        },
    }


def html(item: Item) -> str:
    """Return the post's words, under what it needs or offers and where."""
    said = [escape(f"{line['title']}" + _how_many(line)) for line in item.lines]
    lines = "".join(f"<li>{line}</li>" for line in said)
    where = " · ".join(escape(part) for part in (item.organisation, item.place) if part)
    state = f"<p><strong>{escape(item.state_label)}</strong></p>" if item.state_label else ""
    return f"{state}<ul>{lines}</ul>{item.html}<p>{where}</p>"


def _how_many(line: dict[str, Any]) -> str:
    if line["quantity"] is None:
        return ""
    unit = f"\u00a0{line['unit']}" if line["unit"] else ""
    return f" ({line['remaining']}/{line['quantity']}{unit})"


def _categories(item: Item) -> list[tuple[str, str]]:
    ours = settings().url("/ns/")
    return [
        (ours + "purpose", item.purpose),
        (ours + "state", item.state),
        *((ours + "kind", kind) for kind in item.kinds),
        *((ours + "basis", basis) for basis in item.bases),
        *((ours + "tag", tag) for tag in item.tags),
    ]


def _where(item: Item) -> tuple[str, ...]:
    if item.point is None:
        return ()
    return (
        f"<georss:point>{item.point[0]} {item.point[1]}</georss:point>\n",
        f"<georss:featurename>{escape(item.place)}</georss:featurename>\n",
    )


def _mail_date(at: datetime) -> str:
    return format_datetime(at)
