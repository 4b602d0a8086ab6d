"""What the page « À garder à jour » prints: rows in words, in the order in which they press."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import Markup, escape

from board.clock import now, today
from board.life import queries, services
from board.posts import cards, rules, words
from board.posts.models import Post
from board.posts.rules import Freshness, Publication
from board.posts.values import last_day

ONE_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """One post that waits, and what can be done with it."""

    uuid: UUID
    title: str
    language: str
    purpose: str
    purpose_label: str
    organisation: str
    said: Markup | str
    is_draft: bool
    may_confirm: bool
    may_extend: bool
    may_end: bool
    next_end: str


@dataclass(frozen=True, slots=True)
class Section:
    """Posts that wait for the same thing."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def many(self) -> bool:
        """Whether ticking several saves anything."""
        return self.key in {"to_confirm", "stale", "doubted"} and len(self.rows) > 1


def sections(person_id: int) -> list[Section]:
    """Return what waits for this person, the most pressing first; empty sections are left out."""
    found = {
        "doubted": Section("doubted", _("Une personne pense que ce n’est plus à jour")),
        "ending": Section("ending", _("Se terminent bientôt")),
        "ended": Section("ended", _("Terminées depuis peu")),
        "to_confirm": Section("to_confirm", _("À confirmer")),
        "stale": Section("stale", _("Plus confirmées depuis longtemps")),
        "draft": Section("draft", _("Brouillons en attente")),
    }
    at = now()
    posts = queries.waiting_for(person_id)
    doubted = queries.doubted_among(posts)
    for post in posts:
        key = "doubted" if post.id in doubted else _key(post, at)
        found[key].rows.append(_row(post, at, doubted=post.id in doubted))
    return [section for section in found.values() if section.rows]


def choices() -> dict[str, Any]:
    """Return the ends that may be chosen, in words."""
    return {"outcomes": [(outcome.value, word) for outcome, word in words.OUTCOMES.items()]}


def _key(post: Post, at: datetime) -> str:
    if rules.publication(post) is Publication.DRAFT:
        return "draft"
    if post.expires_at is not None:
        return "ended" if rules.is_expired(post, at) else "ending"
    return "stale" if rules.freshness(post, at) is Freshness.STALE else "to_confirm"


def _row(post: Post, at: datetime, *, doubted: bool) -> Row:
    this_day = today(post.timezone)
    end = last_day(post.expires_at, post.timezone)
    is_draft = rules.publication(post) is Publication.DRAFT
    return Row(
        uuid=post.uuid,
        title=cards.masked(post.title) or post.sentence[:80],
        language=post.language,
        purpose=post.purpose.value,
        purpose_label=str(words.PURPOSES[post.purpose]),
        organisation=post.organisation.name,
        said=_said(post, at, end, this_day),
        is_draft=is_draft,
        may_confirm=(end is None or doubted) and not is_draft and rules.may_confirm(post, at),
        may_extend=not is_draft and services.may_extend(post),
        may_end=rules.may_mark_met(post),
        next_end=str(max(end or this_day, this_day) + ONE_MONTH),
    )


def _said(post: Post, at: datetime, end: date | None, this_day: date) -> Markup | str:
    if rules.publication(post) is Publication.DRAFT:
        return _("commencé %(ago)s", ago=words.ago((at - post.created_at).days))
    if end is not None:
        over = rules.is_expired(post, at)
        said = _("terminée le %(day)s", day="{}") if over else _("jusqu’au %(day)s", day="{}")
        return escape(said).format(words.day(end, this_day))
    since = post.confirmed_at or post.published_at
    return words.freshness_words(rules.freshness(post, at), since, at)
