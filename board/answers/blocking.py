"""Whoever is blocked waits no more: a kind no, like any other; what was accepted stands."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from board.accounts.models import Person
from board.accounts.rules import NAME_MAX
from board.answers import deciding, queries, services, words
from board.answers.models import Response
from board.answers.rules import WAITING, Reason, State, Whom
from board.errors import Conflict
from board.extensions import db
from board.matching import blocks
from board.matching.blocks import Names
from board.organisations.models import Organisation
from board.posts.models import Post


def whom(response: Response) -> Whom | None:
    """Return whom an editor can block from an answer; None: they are forgotten, or one of us."""
    if response.organisation is not None:
        return Whom.ORGANISATION
    person = response.person
    if person is not None:
        ours = queries.acts_for(person.id, response.post.organisation_id)
        return None if ours or person.erased_at else Whom.PERSON
    return Whom.PERSON if response.guest_email else None


def block(*, response: Response, by: Person) -> list[str]:
    """Have nothing to do any more with whoever answered; says what stays promised, where an
    organisation is meant: what a person promised elsewhere would tell that it was them.
    """
    ours, name = response.post.organisation, words.who(response)[:NAME_MAX]
    if whom(response) is None:
        raise Conflict(f"{response.uuid} has nobody to block")
    if response.organisation is not None:
        return blocks.block_organisation(organisation=ours, other=response.organisation, by=by)
    if response.person is not None:
        blocks.block_person(organisation=ours, person=response.person, name=name, by=by)
    else:
        blocks.block_address(organisation=ours, email=response.guest_email or "", name=name, by=by)
    return []


def end_waiting(organisation: Organisation, by: Person | None) -> list[str]:
    """Decline whoever waits and is blocked now, and take back what waits at whom one blocked.

    Nothing tells them why. Returns the posts of which something stays promised between them.
    """
    names = blocks.names_of(organisation.id)
    theirs = [one for one in _at(organisation) if _is_named(one, names)]
    ours = [one for one in queries.active_of(organisation.id)
            if one.post.organisation_id in names.organisations]  # fmt: skip
    for one in theirs:
        if one.state in WAITING:
            deciding.decline(response=one, by=by, reason=Reason.OTHER)
    for one in ours:
        if one.state in WAITING:
            services.withdraw(response=one, by=by, reason=Reason.OTHER)
    return _standing([*theirs, *ours])


def _at(organisation: Organisation) -> list[Response]:
    states = (*sorted(WAITING), State.COMMITTED)
    rows = (
        select(Response)
        .join(Post, Post.id == Response.post_id)
        .where(Post.organisation_id == organisation.id, Response.state.in_(states))
        .where(queries.counts())
        .options(*queries.WHOLE)
        .order_by(Response.id)
    )
    return list(db.session.scalars(rows))


def _is_named(response: Response, names: Names) -> bool:
    if response.is_guest:
        return names.has_address(response.guest_folded or "")
    by_organisation = response.organisation_id in names.organisations
    return by_organisation or (response.person is not None and names.has(response.person))


def _standing(responses: Iterable[Response]) -> list[str]:
    stands = [one.post.title for one in responses if one.state is State.COMMITTED]
    return list(dict.fromkeys(stands))


def listen() -> None:
    """Hear of every block."""
    blocks.register_listener(end_waiting)
