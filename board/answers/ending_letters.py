"""« Comment cela s’est-il passé ? »: asked of each side once; the link needs no account."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from board import mail
from board.accounts.models import Token
from board.accounts.rules import LIFETIME, TokenPurpose, digest
from board.alerts import notices
from board.alerts.letters import Told
from board.alerts.notices import Event, Facts, tells
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind
from board.answers import access, letters, queries, words, yearly_letters
from board.answers.models import OutcomeAsked, Response
from board.answers.rules import HELPED, Actor
from board.clock import now
from board.extensions import db
from board.posts import cards
from board.posts.models import Post

PURPOSE = TokenPurpose.SAY_OUTCOME


def ask_answerer(response: Response) -> None:
    """Ask whoever answered; a guest too."""
    for to in letters.answerers_of(response):
        _owe(to, response.uuid, {"response": response.id, "edits": False})


def ask_editors(response: Response) -> None:
    """Ask the editors of a post that goes on about one answer."""
    for to in letters.editors_of(response):
        _owe(to, response.uuid, {"response": response.id, "edits": True})


def ask_editors_of_post(response: Response) -> None:
    """Ask the editors of a post that is over, once for all its answers."""
    for to in letters.editors_of(response):
        _owe(to, response.post.uuid, {"post": response.post_id})


@tells(NoticeKind.OUTCOMES)
def in_words(to: Recipient, facts: Facts) -> Told | None:
    """Ask, with a link of the reader's own; None when it was said meanwhile."""
    if "response" not in facts and "post" not in facts:
        return yearly_letters.in_words(to, facts)
    if "post" in facts:
        return _of_post(to, db.session.get(Post, facts["post"]))
    response = db.session.get(Response, facts["response"])
    if response is None or _is_said(OutcomeAsked.response_id == response.id):
        return None
    edits = facts["edits"]
    if not access.takes_part(to, response, Actor.EDITOR if edits else Actor.ANSWERER):
        return None
    title, said = mail.piece(
        "outcome", edits=edits, agreed=words.agreed_of(response), days=LIFETIME[PURPOSE].days,
        who=words.who(response) if edits else response.post.organisation.name,
        title=cards.masked(response.post.title), people=None,
    )  # fmt: skip
    url = mail.link("answers.outcome", language=to.language, response_id=response.uuid,
                    token=_link(to, response.uuid))  # fmt: skip
    return Told(title=title, text=said, url=url, lead=_lead())


def _of_post(to: Recipient, post: Post | None) -> Told | None:
    if post is None or post.outcome is not None or not access.edits(to, post):
        return None
    if _is_said(OutcomeAsked.post_id == post.id):
        return None
    people = [words.who(one) for one in queries.answers_to(post.id, HELPED)]
    title, said = mail.piece("outcome", people=people, title=cards.masked(post.title),
                             days=LIFETIME[PURPOSE].days)  # fmt: skip
    url = mail.link("answers.post_outcome", language=to.language, post_id=post.uuid,
                    token=_link(to, post.uuid))  # fmt: skip
    return Told(title=title, text=said, url=url, lead=_lead())


def _lead() -> str:
    return _("Dites-le d’un bouton, sans vous connecter\u00a0:")


def _is_said(which: ColumnElement[bool]) -> bool:
    said = select(OutcomeAsked.id).where(which, OutcomeAsked.said_at.is_not(None))
    return db.session.scalar(said) is not None


def _owe(to: Recipient, about: UUID, facts: Facts) -> None:
    notices.notify(to, Event(NoticeKind.OUTCOMES, f"outcome:{about}", facts))


def _link(to: Recipient, about: UUID) -> str:
    """Make one person's link; only the hash of its secret is kept."""
    raw = secrets.token_urlsafe(32)
    db.session.add(Token(person=to.person, email=None if to.person else to.email, purpose=PURPOSE,
                         digest=digest(raw), object_uuid=about,
                         expires_at=now() + LIFETIME[PURPOSE]))  # fmt: skip
    db.session.flush()
    return raw
