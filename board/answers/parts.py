"""What answers show on a post's page."""

from __future__ import annotations

from typing import Any

from flask import url_for

from board.accounts.session import current_person
from board.answers import (
    conditions,
    instead,
    queries,
    reading,
    rules,
    ways,
    windows,
    words,
    yearly,
)
from board.answers.forms import AnswerForm
from board.clock import now
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.panels import PagePart, register_part
from board.posts.rules import AnswersBand, Purpose, Reader
from board.web.context import with_query


def on_post(post: Post, reader: Reader) -> PagePart | None:
    """Show « Répondre » to whoever can, their own answers, and to editors what they got."""
    if reader.edits:
        waiting = queries.count_waiting([post.id]).get(post.id, 0)
        context = {"post": post, "waiting": waiting, "again": yearly.may_again(post)}
        return PagePart("answers/editors_panel.html", context, position=5)
    waits = rules.may_wait(post, now())
    if not waits and not post_rules.is_open(post, now()):
        return None
    person = current_person()
    mine = queries.active_of_person(post.id, person.id) if person is not None else []
    if mine:
        return PagePart(
            "answers/mine_panel.html", {"mine": [instead.row(one) for one in mine]}, position=5
        )
    if windows.all_past(post):
        return PagePart("answers/past_panel.html", {"past": windows.over()}, position=5)
    context = context_of(post, reading.form_for(post), reserve=waits)
    return PagePart("answers/panel.html", context, position=5)


def bar(post: Post, reader: Reader) -> PagePart | None:
    """On a phone, lead to the form from anywhere on the sheet."""
    if reader.edits or not post_rules.is_open(post, now()) or windows.all_past(post):
        return None
    offers = post.purpose is Purpose.OFFER
    return PagePart("answers/bar.html", {"offers": offers}, below=True, position=99)


def context_of(post: Post, form: AnswerForm, *, reserve: bool = False) -> dict[str, Any]:
    """Return what the form of an answer prints."""
    full = post.answers_band is AnswersBand.FULL
    way, terms = ways.asked(post), reading.to_agree(post)
    return {
        "form": form,
        "action": with_query(
            url_for("answers.answer", post_id=post.uuid), way.pairs() if way else {}
        ),
        "lines": reading.asked_lines(post),
        "conditions": reading.conditions_of(terms),
        "mark": conditions.mark_of(terms),
        "band": str(words.BANDS[post.answers_band]),
        "offers": post.purpose is Purpose.OFFER,
        "reserve": reserve or full,
        "is_guest": current_person() is None,
        "language": post.language,
        "amends": False,
        "past": windows.over() if windows.all_past(post) else "",
    }


def register() -> None:
    """Hang the form, or the answers, on a post's page."""
    register_part(on_post)
    register_part(bar)
