"""A post's life in words: each step for everybody, persons and old texts for its editors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup

from board.posts import cards, compared, endings, queries, words
from board.posts.compared import Compared
from board.posts.models import Post, PostEvent
from board.posts.rules import Event, Outcome, Reader
from board.posts.values import differences
from board.taxonomy import queries as taxonomy

INSIDE = {Event.DRAFTED, Event.SUBMITTED, Event.DECLINED, Event.HIDDEN, Event.RESTORED}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, when, how it ended, and for editors by whom."""

    label: str
    at: Markup
    instant: str
    detail: str
    by: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one version changed in the words of the one before."""

    version: int
    at: Markup
    by: str
    compared: list[Compared]


def words_of(post: Post, reader: Reader) -> dict[str, Any]:
    """Return what the page prints; who did what is not in it for others."""
    inside = reader.edits or reader.moderates
    events = queries.events_of(post.id)
    if not inside:
        events = [event for event in events if event.event not in INSIDE]
    return {
        "post": post,
        "title": cards.masked(post.title),
        "steps": [_step(event, inside, post) for event in events],
        "changes": _changes(post) if inside else [],
        "inside": inside,
    }


def _step(event: PostEvent, inside: bool, post: Post) -> Step:
    detail = event.detail or ""
    kind = event.event
    if event.event is Event.MET and detail in set(Outcome):
        kind = kind if Outcome(detail) in endings.FOUND else Event.CLOSED
        detail = str(words.OUTCOMES[Outcome(detail)])
    elif event.event is Event.EDITED:
        names = [name for name in detail.split(",") if name]
        said = {"lines": str(compared.LABELS["line"])}
        detail = ", ".join(said.get(n) or str(compared.LABELS.get(n, n)) for n in names)
    elif event.event is Event.CONFIRMED and detail == "link":
        detail = _("depuis un courriel")
    by = event.by.name if inside and event.by else ""
    at = words.moment(event.at)
    label = str(words.EVENTS[kind])
    if kind is Event.WITHDRAWN and post.published_at is None:
        label = _("Brouillon jeté")
    return Step(label, at, event.at.isoformat(), detail, by)


def _changes(post: Post) -> list[Change]:
    """Compare each version with the one before, newest first."""
    revisions = queries.revisions_of(post.id)
    labels = taxonomy.catalogue(g.language).labels()
    found = []
    for newer, older in pairwise(revisions):
        by = newer.by.name if newer.by else ""
        said = compared.in_words(differences(older.snapshot, newer.snapshot), labels)
        found.append(Change(newer.edit_version, words.moment(newer.created_at), by, said))
    return found
