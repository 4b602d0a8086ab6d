"""What posts give to a person's home, export and erasure."""

from __future__ import annotations

from typing import Any

from flask import url_for

from board.accounts.models import Person
from board.accounts.panels import (
    Panel,
    register_erasure,
    register_export,
    register_panel,
    register_unfinished,
)
from board.clock import now
from board.posts import acts, cards, drafts, endings, queries, rules, services, words
from board.posts.models import Post
from board.posts.values import snapshot, values_of

SHOWN = 100


def panel(person: Person) -> Panel | None:
    """Show the posts of the person's organisations, drafts first."""
    posts = queries.posts_for(person.id, SHOWN)
    withdrawn = queries.posts_for(person.id, SHOWN, withdrawn=True)
    if not posts and not withdrawn:
        return None
    rows = sorted((_row(post) for post in posts), key=lambda row: not row["is_draft"])
    context = {"posts": rows, "full": len(posts) == SHOWN,
               "withdrawn": [_row(post) for post in withdrawn]}  # fmt: skip
    return Panel("posts/home_panel.html", context, 20)


def _row(post: Post) -> dict[str, Any]:
    at = now()
    freshness, state = rules.freshness(post, at), rules.state(post, at)
    stands = rules.publication(post)
    is_draft = stands is rules.Publication.DRAFT
    label = words.PUBLICATIONS.get(stands) or endings.mark(post, state) or ""
    return {
        "uuid": post.uuid,
        "title": cards.masked(post.title) or post.sentence[:80],
        "language": post.language,
        "purpose": post.purpose.value,
        "purpose_label": str(words.PURPOSES[post.purpose]),
        "organisation": post.organisation.name,
        "is_draft": is_draft,
        "was_draft": post.published_at is None,
        "state_label": "" if is_draft else str(label),
        "freshness": freshness.value,
        "freshness_label": words.freshness_words(
            freshness, post.confirmed_at or post.published_at, at
        ),
        "may_confirm": rules.may_confirm(post, at) and freshness is not rules.Freshness.FRESH,
    }


def unfinished(person: Person) -> str | None:
    """Lead to the sentence that waits in this browser, else to the newest draft of one's own."""
    if drafts.kept():
        return url_for("posts.compose", language=person.language)
    uuid = queries.newest_draft_of(person.id)
    return url_for("posts.edit", post_id=uuid, language=person.language) if uuid else None


def export(person: Person) -> list[dict[str, Any]]:
    """Return all that the person began, as they wrote it."""
    return [
        {
            "id": post.uuid,
            "organisation": post.organisation.name,
            "sentence": post.sentence,
            "created_at": post.created_at,
            "published_at": post.published_at,
            "withdrawn_at": post.withdrawn_at,
            **snapshot(values_of(post)),
        }
        for post in queries.posts_by_author(person.id)
    ]


def register() -> None:
    """Hang posts on the person's pages and rights."""
    register_panel(panel)
    register_unfinished(unfinished)
    register_export("posts", export)
    register_export("post_wordings", acts.wordings)
    register_export("post_acts", acts.acts)
    register_erasure(services.forget_person)
