"""The mails of answers: who is told what, each in their own language, owed with the change."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any
from uuid import uuid4

from board import mail
from board.accounts.models import Person, Token
from board.accounts.rules import LIFETIME, TokenPurpose, digest
from board.alerts import notices
from board.alerts.notices import Event
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind
from board.answers import holds, reply_addresses, rules
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
WAITING = "answers that wait"
WAITED_FOR = frozenset({"nudge", "handed", "last_nudge", "undecided"})


def ask_guest(response: Response) -> None:
    """Send a guest the link that confirms their answer; nothing that they wrote is in it."""
    raw = new_link(response, TokenPurpose.CONFIRM_ANSWER)
    url = mail.link("answers.confirm", language=response.language,
                    response_id=response.uuid, token=raw)  # fmt: skip
    mail.compose("answer_confirm", to=response.guest_email or "", language=response.language,
                 must_come=True, url=url)  # fmt: skip


def tell_known_guest(response: Response, *, language: str) -> None:
    """Tell somebody that their address answered this post already, with their own link."""
    mail.compose("answer_known", to=response.guest_email or "", language=language, must_come=True,
                 url=address(response, Recipient("", language)))  # fmt: skip


def tell_editors(response: Response, event: str, *, until: date | None = None,
                 message: Message | None = None) -> None:  # fmt: skip
    """Tell the post's editors what came: `new`, `amended`, `withdrawn`, `moved_up`, `message`;
    or that somebody waits: `nudge`, `handed`, `last_nudge`, each with the day of what follows.
    A new answer is for every editor: whoever has time takes it into review, and hears the rest.
    """
    for one in editors_of(response, all_of_them=event == "new"):
        _owe(one, response, Actor.EDITOR, _facts(event, until, message))


def tell_answerer(response: Response, event: str, *, message: Message | None = None) -> None:
    """Tell whoever answered what became of it: a state, `moved_up`, `closed`, `gone`, `message`."""
    for one in answerers_of(response):
        _owe(one, response, Actor.ANSWERER, _facts(event, None, message))


def editors_of(response: Response, *, all_of_them: bool = False) -> list[Recipient]:
    """Return who hears of an answer: who looks after it, else the author and the responsibles;
    or, while nobody does, all who may: those two first.
    """
    post, holder = response.post, response.holder
    if holder is not None and _reachable(holder) and _belongs(post, holder):
        return [Recipient.of(holder)]
    people = _responsibles(post.organisation)
    author = post.author
    if author is not None and author not in people and _reachable(author):
        people = [author, *people] if _belongs(post, author) else people
    if all_of_them:
        people += [one for one in _members(post.organisation) if one not in people]
    return [Recipient.of(person) for person in people[:MOST_TOLD]]


def authors_of(post: Post) -> list[Recipient]:
    """Return who wrote a post; when they are gone, who answers for its organisation."""
    author = post.author
    if author is not None and _reachable(author) and _belongs(post, author):
        return [Recipient.of(author)]
    return [Recipient.of(person) for person in _responsibles(post.organisation)[:MOST_TOLD]]


def answerers_of(response: Response) -> list[Recipient]:
    """Return who hears as the one who answered: the guest, the person, or the organisation's."""
    if response.is_guest:
        if response.guest_email is None:
            return []
        return [Recipient(response.guest_email, response.language)]
    person, organisation = response.person, response.organisation
    if organisation is None:
        return [Recipient.of(person)] if person is not None and _reachable(person) else []
    writes = person is not None and _reachable(person)
    if person is not None and writes and organisations.find_member(organisation.id, person.id):
        return [Recipient.of(person)]
    return [Recipient.of(one) for one in _responsibles(organisation)[:MOST_TOLD]]


def new_link(response: Response, purpose: TokenPurpose) -> str:
    """Make a guest's link; only the hash of its secret is kept."""
    raw = secrets.token_urlsafe(32)
    db.session.add(
        Token(purpose=purpose, email=response.guest_email, digest=digest(raw),
              object_uuid=response.uuid, expires_at=now() + LIFETIME[purpose])
    )  # fmt: skip
    db.session.flush()
    return raw


def _facts(event: str, until: date | None, message: Message | None) -> dict[str, Any]:
    """Return what it takes to say it later: what is kept elsewhere is named, not copied."""
    found: dict[str, Any] = {"event": event}
    if until is not None:
        found["until"] = until.isoformat()
    if message is not None:
        found["message"] = message.id
    return found


def _owe(to: Recipient, response: Response, side: Actor, facts: dict[str, Any]) -> None:
    """Owe somebody a piece of news about an answer: all about one answer is one thread, and so is
    all that waits for one editor's word, of however many answers."""
    event = facts["event"]
    facts = facts | {"response": response.id, "side": side.value}
    kind = NoticeKind.MESSAGES if event == "message" else NoticeKind.ANSWERS
    promised = holds.is_promised(response)
    if event in rules.PROMISING and promised:
        facts["promised"] = True
    weight = rules.weight(side, event, promised=promised)
    thread = WAITING if event in WAITED_FOR else thread_of(response)
    notices.notify(to, Event(kind, f"answer:{uuid4()}", facts, thread, weight))


def thread_of(response: Response) -> str:
    """Name what is told of one answer."""
    return f"answer:{response.uuid}"


def thread_headers(response: Response, side: Actor, person: Person | None) -> dict[str, str]:
    """Return what keeps a conversation together in mail programs, and where replies go."""
    domain = mail.domain()
    headers = {"References": f"<answer-{response.uuid}@{domain}>"}
    reply = reply_addresses.of(response, side, person)
    return headers | {"Reply-To": reply} if reply else headers


def tell_held(message: Message, *, of_another: bool) -> None:
    """Ask whoever a doubtful mail claims to speak for whether it is theirs; none of it is told.

    `of_another`: it came from an address that is not theirs, whoever used their way to reply.
    """
    response = message.response
    to = _writer(response, message.author)
    if to is not None:
        mail.compose("answer_held", to=to.email, language=to.language, of_another=of_another,
                     url=address(response, to))  # fmt: skip


def tell_too_large(response: Response, person: Person | None) -> None:
    """Tell somebody that their mail was too large to be read, and where they can write."""
    to = _writer(response, person)
    if to is not None:
        title, url = cards.masked(response.post.title), address(response, to)
        mail.compose("answer_too_large", to=to.email, language=to.language, title=title, url=url)


def _writer(response: Response, person: Person | None) -> Recipient | None:
    """Return who has a way to reply by mail: a person, or the guest who answered."""
    return Recipient.of(person) if person else next(iter(answerers_of(response)), None)


def address(response: Response, to: Recipient) -> str:
    """Return where somebody follows an answer: a person's page, a guest's own link."""
    if to.person is not None:
        return mail.link("answers.one", language=to.language, response_id=response.uuid)
    raw = new_link(response, TokenPurpose.FOLLOW_ANSWER)
    return mail.link("answers.guest", language=to.language, response_id=response.uuid, token=raw)


def _responsibles(organisation: Organisation) -> list[Person]:
    members = organisations.members_of(organisation.id)
    people = [one.person for one in members if one.role is Role.RESPONSIBLE]
    return [person for person in people if _reachable(person)]


def _members(organisation: Organisation) -> list[Person]:
    people = [one.person for one in organisations.members_of(organisation.id)]
    return [person for person in people if _reachable(person)]


def _belongs(post: Post, person: Person) -> bool:
    return organisations.find_member(post.organisation_id, person.id) is not None


def _reachable(person: Person) -> bool:
    return person.confirmed_at is not None and person.email is not None
