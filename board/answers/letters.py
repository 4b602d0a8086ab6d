"""The mails of answers: who is told what, each in their own language, owed with the change."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from board import mail
from board.accounts.models import Person, Token
from board.accounts.rules import LIFETIME, TokenPurpose, digest
from board.answers import reply_addresses, words
from board.answers.mailbox import MARKER
from board.answers.models import Message, Response
from board.answers.rules import Actor
from board.clock import now
from board.extensions import db
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.organisations.rules import Role
from board.posts import cards
from board.posts.models import Post

MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a mail goes to: an address, its language, and the person when there is one."""

    email: str
    language: str
    person: Person | None = None


def ask_guest(response: Response) -> None:
    """Send a guest the link that confirms their answer; nothing that they wrote is in it."""
    raw = new_link(response, TokenPurpose.CONFIRM_ANSWER)
    url = mail.link("answers.confirm", language=response.language,
                    response_id=response.uuid, token=raw)  # fmt: skip
    mail.compose("answer_confirm", to=response.guest_email or "", language=response.language,
                 url=url)  # fmt: skip


def tell_known_guest(response: Response, *, language: str) -> None:
    """Tell somebody that their address answered this post already, with their own link."""
    mail.compose("answer_known", to=response.guest_email or "", language=language,
                 url=_address(response, Recipient("", language)))  # fmt: skip


def tell_editors(response: Response, event: str, text: str = "", until: date | None = None) -> None:
    """Tell the post's editors what came: `new`, `amended`, `withdrawn`, `moved_up`, `message`;
    or that somebody waits: `nudge`, `handed`, `last_nudge`, each with the day of what follows.
    """
    for one in editors_of(response):
        _mail("answer_to_editors", one, response, event, text, until=until)


def tell_answerer(
    response: Response, event: str, text: str = "", nearby: Sequence[Any] = ()
) -> None:
    """Tell whoever answered what became of it: a state, `moved_up`, `closed` or `message`; with
    `released`, which open posts fit them too.
    """
    for one in answerers_of(response):
        _mail("answer_to_answerer", one, response, event, text, nearby=nearby)


def editors_of(response: Response) -> list[Recipient]:
    """Return who hears of an answer: who looks after it, else the author and the responsibles."""
    post, holder = response.post, response.holder
    if holder is not None and _reachable(holder) and _belongs(post, holder):
        return [_recipient(holder)]
    people = _responsibles(post.organisation)
    author = post.author
    if author is not None and author not in people and _reachable(author):
        people = [author, *people] if _belongs(post, author) else people
    return [_recipient(person) for person in people[:MOST_TOLD]]


def answerers_of(response: Response) -> list[Recipient]:
    """Return who hears as the one who answered: the guest, the person, or the organisation's."""
    if response.is_guest:
        if response.guest_email is None:
            return []
        return [Recipient(response.guest_email, response.language)]
    person, organisation = response.person, response.organisation
    if organisation is None:
        return [_recipient(person)] if person is not None and _reachable(person) else []
    writes = person is not None and _reachable(person)
    if person is not None and writes and organisations.find_member(organisation.id, person.id):
        return [_recipient(person)]
    return [_recipient(one) for one in _responsibles(organisation)[:MOST_TOLD]]


def new_link(response: Response, purpose: TokenPurpose) -> str:
    """Make a guest's link; only the hash of its secret is kept."""
    raw = secrets.token_urlsafe(32)
    db.session.add(
        Token(purpose=purpose, email=response.guest_email, digest=digest(raw),
              object_uuid=response.uuid, expires_at=now() + LIFETIME[purpose])
    )  # fmt: skip
    db.session.flush()
    return raw


def _mail(
    name: str, to: Recipient, response: Response, event: str, text: str, *,
    until: date | None = None, nearby: Sequence[Any] = (),
) -> None:  # fmt: skip
    with force_locale(to.language):
        facts: dict[str, Any] = {
            "title": cards.masked(response.post.title),
            "organisation": response.post.organisation.name,
            "who": words.who(response),
            "lines": words.lines_of(response),
            "agreed": words.agreed_of(response),
            "reason": str(words.REASONS[response.reason]) if response.reason else "",
            "partner": response.partner or "",
            "until": words.day_text(until) if until else "",
            "nearby": [_fitting(row, to.language) for row in nearby],
        }
        text = cards.masked(text)
    side = Actor.EDITOR if name == "answer_to_editors" else Actor.ANSWERER
    headers = thread_headers(response, side, to.person)
    mail.compose(name, to=to.email, language=to.language, event=event, text=text, headers=headers,
                 marker=MARKER if "Reply-To" in headers else "",
                 url=_address(response, to), guest=response.is_guest, **facts)  # fmt: skip


def thread_headers(response: Response, side: Actor, person: Person | None) -> dict[str, str]:
    """Return what keeps a conversation together in mail programs, and where replies go."""
    domain = mail.domain()
    headers = {"References": f"<answer-{response.uuid}@{domain}>"}
    reply = reply_addresses.of(response, side, person)
    return headers | {"Reply-To": reply} if reply else headers


def tell_held(message: Message) -> None:
    """Ask whoever a doubtful mail claims to be from whether it is theirs; none of it is told."""
    response, person = message.response, message.author
    to = _recipient(person) if person else next(iter(answerers_of(response)), None)
    if to is not None:
        mail.compose("answer_held", to=to.email, language=to.language,
                     url=_address(response, to))  # fmt: skip


def _fitting(row: Any, language: str) -> str:
    title = _("«\u00a0%(title)s\u00a0», %(organisation)s", title=cards.masked(row.title),
              organisation=row.name)  # fmt: skip
    return f"{title}\n{mail.link('post.page', language=language, post_id=row.uuid)}"


def _address(response: Response, to: Recipient) -> str:
    if to.person is not None:
        return mail.link("answers.one", language=to.language, response_id=response.uuid)
    raw = new_link(response, TokenPurpose.FOLLOW_ANSWER)
    return mail.link("answers.guest", language=to.language, response_id=response.uuid, token=raw)


def _responsibles(organisation: Organisation) -> list[Person]:
    members = organisations.members_of(organisation.id)
    people = [one.person for one in members if one.role is Role.RESPONSIBLE]
    return [person for person in people if _reachable(person)]


def _belongs(post: Post, person: Person) -> bool:
    return organisations.find_member(post.organisation_id, person.id) is not None


def _reachable(person: Person) -> bool:
    return person.confirmed_at is not None and person.email is not None


def _recipient(person: Person) -> Recipient:
    return Recipient(person.email or "", person.language, person)
