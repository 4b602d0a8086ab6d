"""The news of a year later: « relancer ? » to who wrote, « ils relancent » to who helped."""

from __future__ import annotations

from typing import Any

from board import mail
from board.alerts import notices
from board.alerts.letters import Told
from board.alerts.notices import Event, Facts
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind
from board.answers import access, letters, years
from board.answers.models import Response
from board.clock import now
from board.extensions import db
from board.posts import cards
from board.posts import rules as post_rules
from board.posts.models import Post


def ask(post: Post) -> None:
    """Ask its author, or the organisation's responsibles when they are gone."""
    for to in letters.authors_of(post):
        _owe(to, f"again:{post.uuid}", {"again": post.id})


def tell(response: Response, copy: Post) -> None:
    """Tell whoever helped the year before that it is there again."""
    for to in letters.answerers_of(response):
        _owe(to, f"back:{copy.uuid}", {"back": copy.id})


def in_words(to: Recipient, facts: Facts) -> Told | None:
    """Say either; None when it is over meanwhile."""
    asks = "again" in facts
    post = db.session.get(Post, facts["again" if asks else "back"])
    if post is None or not (access.edits(to, post) if asks else post_rules.is_open(post, now())):
        return None
    context: dict[str, Any] = {
        "asks": asks,
        "has_days": years.has_days(post),
        "title": cards.masked(post.title),
        "organisation": post.organisation.name,
    }
    title, said = mail.piece("again", **context)
    endpoint = "answers.again" if asks else "post.page"
    return Told(title=title, text=said,
                url=mail.link(endpoint, language=to.language, post_id=post.uuid))  # fmt: skip


def _owe(to: Recipient, key: str, facts: Facts) -> None:
    notices.notify(to, Event(NoticeKind.OUTCOMES, key, facts))
