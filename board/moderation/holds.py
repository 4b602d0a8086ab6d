"""What a post waits for: a look at a newcomer's first one, the yes of an organisation it names."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from board.accounts.models import Person
from board.clock import now
from board.errors import Conflict
from board.extensions import db
from board.moderation import letters, naming, queries
from board.moderation.models import Consent, Decision, Hold
from board.moderation.rules import ASKED_FOR, HELD_FOR, Answer, Cause, Verdict
from board.organisations.models import Organisation
from board.posts import moderated
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.models import Post
from board.posts.rules import Publication


def newcomer(post: Post, by: Person, goes_up: bool) -> bool:  # noqa: ARG001 - a gate's shape
    """Gate: where the setting says so, a newcomer's first post is looked at before."""
    held = queries.open_hold(post.id, Cause.NEWCOMER)
    if not goes_up:
        return held is not None
    if not current_app.config["BOARD"].hold_newcomers or not queries.is_newcomer(post):
        _end(held)
        return False
    if held is None:
        held = Hold(post_id=post.id, cause=Cause.NEWCOMER, due_at=now() + HELD_FOR)
        db.session.add(held)
    held.due_at = now() + HELD_FOR
    db.session.flush()
    return True


def another_name(post: Post, by: Person, goes_up: bool) -> bool:  # noqa: ARG001 - a gate's shape
    """Gate: each organisation that the post names and that has not agreed yet is asked."""
    named = named_by(post.organisation, by, queries.words_of(post))
    asked = {hold.named_id: hold for hold in queries.open_holds(post.id, Cause.NAMING)}
    for organisation_id, hold in asked.items():
        if organisation_id not in {one.id for one in named}:
            hold.answer = hold.answer or Answer.DROPPED
            _end(hold)
    for organisation in named:
        if organisation.id not in asked and not queries.was_cleared(post.id, organisation.id):
            _ask(post, organisation)
    db.session.flush()
    return bool(queries.open_holds(post.id, Cause.NAMING))


def named_by(author: Organisation, by: Person, text: str) -> list[Organisation]:
    """Return the organisations that a text names, that are not the author's and did not agree."""
    names = queries.names_of_others(author.id, by.id)
    return queries.organisations(naming.names_in(text, names, queries.common_words()))


def answer(*, hold: Hold, yes: bool, by: Person) -> None:
    """A responsible of the named organisation says yes (for good) or no (to this post)."""
    posts.lock(hold.post)
    db.session.refresh(hold)
    if hold.ended_at is not None or hold.named_id is None:
        raise Conflict
    hold.answer, hold.answered_at, hold.answered_by_id = Answer.NO, now(), by.id
    if yes:
        hold.answer = Answer.YES
        _agree(hold.post.organisation_id, hold.named_id, by)
        _end_agreed(hold.post.organisation_id, hold.named_id)
    else:
        letters.tell_refused(hold.post)
    db.session.flush()


def revoke(*, consent: Consent) -> None:
    """Take a yes back, for what is published from now on."""
    consent.revoked_at = consent.revoked_at or now()


def release_after_wait(hold_id: int) -> bool:
    """End one newcomer's wait that is over; says whether the post went up."""
    hold = db.session.get(Hold, hold_id)
    if hold is None:
        return False
    post = posts.lock(hold.post)
    db.session.refresh(hold)
    if hold.ended_at is not None or hold.due_at > now():
        return False
    _end(hold)
    db.session.flush()
    if not put_up_when_free(post):
        return False
    db.session.add(Decision(post_id=post.id, verdict=Verdict.RELEASE, rule=None, reason=""))
    return True


def release_verified(organisation: Organisation) -> None:
    """A verified organisation is no newcomer: what waited for that alone goes up."""
    for hold in queries.newcomers_of(organisation.id):
        _end(hold)
        db.session.flush()
        put_up_when_free(posts.lock(hold.post))


def end_looked_at(post: Post) -> None:
    """A moderator says yes: whatever held the post ends, names included."""
    for hold in queries.open_holds(post.id):
        hold.ended_at = now()


def put_up_when_free(post: Post) -> bool:
    """Publish a waiting post that nothing holds any more; tell its people."""
    if post_rules.publication(post) is not Publication.SUBMITTED or post.organisation.closed_at:
        return False
    if post.organisation.hidden_at is not None or queries.open_holds(post.id):
        return False
    moderated.release(post)
    letters.tell_released(post)
    return True


def _ask(post: Post, named: Organisation) -> None:
    db.session.add(
        Hold(post_id=post.id, cause=Cause.NAMING, named_id=named.id, due_at=now() + ASKED_FOR)
    )
    db.session.flush()
    if not queries.was_asked_today(named.id):
        ask_waiting(named)


def ask_waiting(named: Organisation) -> None:
    """Ask an organisation about every post that waits for its word; once a day at most."""
    holds = queries.unasked_holds(named.id)
    if not holds:
        return
    for hold in holds:
        hold.asked_at = now()
    db.session.flush()
    letters.ask_named(named, len(holds))


def _agree(organisation_id: int, named_id: int, by: Person) -> None:
    if queries.find_consent(organisation_id, named_id) is None:
        db.session.add(Consent(organisation_id=organisation_id, named_id=named_id, by_id=by.id))
        db.session.flush()


def _end_agreed(organisation_id: int, named_id: int) -> None:
    """The yes is for the pair: every post of that author that waited for it is freed."""
    rows = (
        select(Hold)
        .join(Post, Post.id == Hold.post_id)
        .where(
            Post.organisation_id == organisation_id,
            Hold.named_id == named_id,
            Hold.ended_at.is_(None),
        )
        .order_by(Hold.post_id, Hold.id)
        .limit(500)
    )
    for hold in list(db.session.scalars(rows)):
        hold.answer, hold.answered_at = Answer.YES, now()
        _end(hold)
        db.session.flush()
        put_up_when_free(posts.lock(hold.post))


def _end(hold: Hold | None) -> None:
    if hold is not None:
        hold.ended_at = now()
