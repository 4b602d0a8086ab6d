"""Who may see an answer: whoever gave it, and the post's editors; to others it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from flask.typing import ResponseReturnValue

from board.accounts import links
from board.accounts.models import Person, Token
from board.accounts.rules import TokenPurpose
from board.accounts.session import get_reader, signed_in
from board.alerts.recipients import Recipient
from board.answers import queries
from board.answers.models import Response
from board.answers.rules import Actor
from board.errors import Gone, NotFound
from board.posts.models import Post


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who takes part in an answer, on one side of it."""

    response: Response
    side: Actor
    person: Person | None

    @property
    def edits(self) -> bool:
        """Whether they speak for the post's organisation."""
        return self.side is Actor.EDITOR


def side_of(response: Response, person: Person) -> Actor | None:
    """Return on which side of an answer a person stands; None: they may not know of it."""
    if response.confirmed_at is None:
        return None
    if queries.acts_for(person.id, response.post.organisation_id):
        return Actor.EDITOR
    if response.organisation_id is not None:
        theirs = queries.acts_for(person.id, response.organisation_id)
        return Actor.ANSWERER if theirs else None
    return Actor.ANSWERER if response.person_id == person.id else None


def takes_part(to: Recipient, response: Response, side: Actor) -> bool:
    """Whether whoever is told still stands on that side: people leave before a digest goes."""
    if to.person is not None:
        return side_of(response, to.person) is side
    email = response.guest_email or ""
    return side is Actor.ANSWERER and response.is_guest and email.lower() == to.email.lower()


def edits(to: Recipient, post: Post) -> bool:
    """Whether whoever is told still acts for the organisation of a post."""
    return to.person is not None and queries.acts_for(to.person.id, post.organisation_id)


def party_required(
    view: Callable[[Party], ResponseReturnValue],
) -> Callable[[UUID], ResponseReturnValue]:
    """Give the view the answer of its address, when the reader takes part in it."""

    @wraps(view)
    def guarded(response_id: UUID) -> ResponseReturnValue:
        person = get_reader()
        response = queries.get_response(response_id)
        side = side_of(response, person)
        if side is None:
            raise NotFound
        return view(Party(response, side, person))

    return signed_in(guarded)


def name_of(purpose: TokenPurpose, response_id: UUID) -> str:
    """Name the place where a guest's link waits in their session."""
    return f"{purpose.value}:{response_id}"


def bearer(response_id: UUID, purpose: TokenPurpose) -> tuple[Response, Token]:
    """Return the answer whose link this visitor followed; a link that no longer works is gone."""
    token = queries.find_link(links.held(name_of(purpose, response_id)), purpose)
    response = queries.find_response(response_id)
    if token is None or response is None or token.object_uuid != response_id:
        raise Gone
    if not response.is_guest or response.guest_email is None:
        raise Gone
    return response, token
