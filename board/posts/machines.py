"""A public post as search engines read it: schema.org, only with properties that it defines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from board.clock import now
from board.posts import cards, rules
from board.posts.attachments import Part
from board.posts.models import Line, Post
from board.posts.rules import Basis, Kind, Purpose, State
from board.web.context import settings

SCHEMA = "https://schema.org/"
RELATIONS = "http://purl.org/goodrelations/v1#"
AVAILABILITY = {
    State.OPEN: "InStock",
    State.PARTLY_MET: "LimitedAvailability",
    State.MET: "SoldOut",
    State.PAUSED: "Discontinued",
    State.EXPIRED: "Discontinued",
}
FUNCTIONS = {Basis.LOAN: "LeaseOut", Basis.GIFT: "Dispose", Basis.EXCHANGE: "ProvideService"}
THINGS = frozenset({Kind.TOOL})


def described(post: Post, address: str, parts: Sequence[Part] = ()) -> dict[str, Any]:
    """Return the page, what it announces, and who announces it; a call for volunteers is a job."""
    graph = [_page(post, address), _announced(post, address, parts), _organisation(post, address)]
    if post.purpose is Purpose.NEED and any(line.kind is Kind.VOLUNTEER for line in post.lines):
        graph.append(_job(post, address))
    return {"@context": "https://schema.org", "@graph": graph}


def _page(post: Post, address: str) -> dict[str, Any]:
    return _known({
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": cards.masked(post.title),
        "inLanguage": post.language,
        "datePublished": _at(post.published_at),
        "dateModified": _at(post.confirmed_at or post.published_at),
        "keywords": [cards.masked(tag.text) for tag in post.tags] or None,
        "license": _licence(),
        "mainEntity": {"@id": f"{address}#post"},
    })  # fmt: skip


def _licence() -> str | dict[str, str]:
    """Return where the licence stands; one that we do not know, by its name."""
    name = settings().content_licence
    return settings().licence_url or {"@type": "CreativeWork", "name": name}


def _announced(post: Post, address: str, parts: Sequence[Part]) -> dict[str, Any]:
    state = rules.state(post, now())
    data: dict[str, Any] = {
        "@type": "Demand" if post.purpose is Purpose.NEED else "Offer",
        "@id": f"{address}#post",
        "url": address,
        "name": cards.masked(post.title),
        "itemOffered": [_item(line) for line in post.lines],
        "businessFunction": _function(post),
        "availability": SCHEMA + AVAILABILITY[state],
        "validFrom": _at(post.published_at),
        "validThrough": _at(post.expires_at),
        "areaServed": _place(post),
    }
    if post.purpose is Purpose.OFFER:
        data["offeredBy"] = {"@id": f"{address}#organisation"}
    for part in parts:
        data |= part.for_machines
    return _known(data)


def _organisation(post: Post, address: str) -> dict[str, Any]:
    """Who announces; a need is what it seeks (schema.org has no other way to say so)."""
    organisation = post.organisation
    url = settings().url(f"/{post.language}/organisations/{organisation.slug}")
    said = "seeks" if post.purpose is Purpose.NEED else "makesOffer"
    return {"@type": "Organization", "@id": f"{address}#organisation", "name": organisation.name,
            "url": url, said: {"@id": f"{address}#post"}}  # fmt: skip


def _job(post: Post, address: str) -> dict[str, Any]:
    return _known({
        "@type": "JobPosting",
        "title": cards.masked(post.title),
        "description": post.body_html or cards.masked(post.title),
        "datePosted": _at(post.published_at),
        "validThrough": _at(post.expires_at),
        "employmentType": "VOLUNTEER",
        "hiringOrganization": {"@type": "Organization", "name": post.organisation.name},
        "jobLocation": _place(post),
        "totalJobOpenings": _openings(post),
        "directApply": False,
        "url": address,
    })  # fmt: skip


def _item(line: Line) -> dict[str, Any]:
    kind = "Product" if line.kind in THINGS else "Service"
    return {"@type": kind, "name": cards.masked(line.title)}


def _function(post: Post) -> str:
    """On which terms: left unsaid, machines would take it for a sale."""
    bases = [line.basis for line in post.lines if line.basis in FUNCTIONS]
    return RELATIONS + (FUNCTIONS[bases[0]] if bases and bases[0] else "ProvideService")


def _place(post: Post) -> dict[str, Any] | None:
    if post.place is None:
        return None
    return {"@type": "Place", "name": post.place.label, "address": post.place.label}


def _openings(post: Post) -> int | None:
    numbers = [rules.remaining(line) for line in post.lines if line.kind is Kind.VOLUNTEER]
    known = [number for number in numbers if number is not None]
    return sum(known) or None


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
