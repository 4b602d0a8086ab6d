"""Whoever is blocked waits no more: a kind no, like any other; what was accepted stands."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from board.accounts.models import Person
from board.answers import deciding, queries, services
from board.answers.models import Response
from board.answers.rules import WAITING, Reason, State
from board.extensions import db
from board.matching import blocks
from board.matching.blocks import Names
from board.organisations.models import Organisation
from board.posts.models import Post


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
