"""What an organisation does with a pair: see it, set it aside, take that back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import update

from board import news
from board.clock import now
from board.extensions import db
from board.matching import owed, queries
from board.matching.effects import concepts_of, kilometres_of
from board.matching.models import Block, Match, MatchView
from board.matching.rules import Dismissal, State
from board.organisations.models import Organisation


def see(*, organisation: Organisation, pairs: Iterable[tuple[int, int]]) -> None:
    """Note that an organisation was shown these pairs; what it already did with one stays."""
    for need, offer in pairs:
        if queries.find_view(organisation.id, need, offer) is None:
            db.session.add(_view(organisation, need, offer, State.SEEN))
    db.session.flush()


def dismiss(*, organisation: Organisation, match: Match, reason: Dismissal) -> MatchView:
    """Set a pair aside; « not them » keeps the two organisations apart from now on."""
    need, offer = match.need_line_id, match.offer_line_id
    view = queries.find_view(organisation.id, need, offer)
    if view is None:
        view = _view(organisation, need, offer, State.SUGGESTED)
        db.session.add(view)
    concepts = concepts_of(match.reasons) or (None, None)
    view.state, view.reason, view.counted = State.DISMISSED, reason, True
    view.need_concept, view.offer_concept = concepts
    view.kilometres, view.updated_at = kilometres_of(match.parts), now()
    if reason is Dismissal.NOT_THEM:
        block(
            organisation=organisation,
            other_id=queries.other_organisation(organisation, need, offer),
        )
    db.session.flush()
    return view


def undo(*, organisation: Organisation, view: MatchView) -> None:
    """Propose a pair again, as if nothing had been said."""
    if view.reason is Dismissal.NOT_THEM:
        other = queries.other_organisation(organisation, view.need_line_id, view.offer_line_id)
        unblock(organisation=organisation, other_id=other)
    if view.state is State.DISMISSED:
        view.state, view.reason, view.updated_at = State.SEEN, None, now()
    db.session.flush()


def forget_effects(*, organisation: Organisation) -> None:
    """Let dismissals change nothing any more; the dismissed pairs stay away."""
    db.session.execute(
        update(MatchView)
        .where(MatchView.organisation_id == organisation.id, MatchView.state == State.DISMISSED)
        .values(counted=False)
    )


def block(*, organisation: Organisation, other_id: int) -> None:
    """Keep two organisations apart: neither is proposed to the other."""
    if queries.find_block(organisation.id, other_id) is None:
        db.session.add(Block(organisation_id=organisation.id, other_id=other_id))
    match_again(organisation)


def unblock(*, organisation: Organisation, other_id: int) -> None:
    """Let two organisations be proposed to each other again."""
    found = queries.find_block(organisation.id, other_id)
    if found is not None:
        db.session.delete(found)
    match_again(organisation)


def match_again(organisation: Organisation) -> None:
    """Owe what an organisation published, to whoever matches it: publicly or privately."""
    db.session.flush()
    owed.owe_everybody(db.session(), set(queries.post_ids_of(organisation.id)))
    news.note("block", {organisation.id})


def _view(organisation: Organisation, need: int, offer: int, state: State) -> MatchView:
    return MatchView(
        organisation_id=organisation.id, need_line_id=need, offer_line_id=offer, state=state
    )
