"""What moderation does by the clock: end waits, ask those who are named, tell moderators."""

from __future__ import annotations

from board import jobs, news
from board.accounts.models import Person
from board.clock import now
from board.database import begin_writing
from board.extensions import db
from board.moderation import holds, letters, moderators, queries, queue, reports
from board.organisations.models import Organisation


@jobs.job(daily_at="07:30")
def tell_moderators() -> None:
    """One mail a day to each moderator, when something came since their last; old addresses go.

    The worker runs this at its start too: several starts a day are one mail.
    """
    for person_id in [person.id for person in moderators.everybody()]:
        begin_writing()
        person = db.session.get_one(Person, person_id)
        if moderators.is_to_be_told(person) and (count := queue.count()):
            letters.tell_waiting(person, count)
            person.moderator_told_at = now()
        news.commit()
    begin_writing()
    reports.forget_addresses()
    news.commit()


@jobs.job(minutes=10)
def release_held() -> None:
    """Publish what a moderator did not look at in time; each in its own transaction."""
    for hold_id in queries.due_newcomers(200):
        begin_writing()
        holds.release_after_wait(hold_id)
        news.commit()


@jobs.job(minutes=60)
def ask_named() -> None:
    """Ask the organisations that were named since their last mail; one mail a day each."""
    for organisation_id in [one.id for one in queries.unasked_organisations()]:
        begin_writing()
        if not queries.was_asked_today(organisation_id):
            holds.ask_waiting(db.session.get_one(Organisation, organisation_id))
        news.commit()
