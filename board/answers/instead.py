"""What whoever opens the form of an answer reads instead, when it could only be refused."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from board.accounts.session import current_person
from board.answers import checks, queries, rules, words
from board.answers.models import Response
from board.clock import now
from board.posts import instead as similar
from board.posts import queries as posts
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.readers import current_reader


def of_form(post: Post) -> dict[str, Any]:
    """Return what is said of a post that takes no answer from this reader, and their own answers
    to it. Whom the organisation blocked reads what everybody reads.
    """
    reader, person = current_reader(post.organisation_id), current_person()
    mine = queries.active_of_person(post.id, person.id) if person is not None else []
    found: dict[str, Any] = {"mine": [row(one) for one in mine], "words": "", "similar": None}
    if reader.edits:
        found["words"] = _("C’est l’annonce de votre organisation.")
    elif person is not None and mine and not _answers_for(person.id, mine):
        found["words"] = _("Vous avez déjà répondu à cette annonce.")
    elif not post_rules.is_open(post, now()) and not rules.may_wait(post, now()):
        found["words"] = checks.closed_words()
        found["similar"] = similar.part(post, reader)
    return found


def row(response: Response) -> dict[str, Any]:
    """Return one of the reader's own answers: where it stands, and where they follow it."""
    return {
        "url": url_for("answers.one", response_id=response.uuid),
        "state": str(words.STATES[response.state]),
        "who": words.who(response),
    }


def _answers_for(person_id: int, mine: list[Response]) -> bool:
    """Whether a person can still answer, for themselves or for one of their organisations."""
    taken = {one.organisation_id for one in mine}
    return any(
        one not in taken for one in (None, *(o.id for o in posts.organisations_of(person_id)))
    )
