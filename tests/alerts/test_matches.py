"""« Jumelages » by mail: what the pages would show, why it fits, once, in each one's rhythm."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from board import clock, mail, news
from board.alerts import services as choices
from board.alerts.jobs import tell_matches
from board.alerts.models import MatchLook
from board.alerts.rules import NoticeKind, Quiet, Rhythm
from board.database import writing
from board.extensions import db
from board.matching import blocks
from board.organisations.rules import Role
from board.posts.rules import Audience
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import need, offer, work
from tests.private import helpers as private

# NOW is a Tuesday at noon in Montréal.
MORNING, MONDAY = NOW + timedelta(hours=19), NOW + timedelta(days=5, hours=19)


def at(moment: datetime) -> list[mail.Mail]:
    """Let the worker look at an instant; return every mail owed so far."""
    clock.fix(moment)
    with writing():
        tell_matches()
        news.commit()
    db.session.rollback()
    return list(db.session.scalars(db.select(mail.Mail).order_by(mail.Mail.id)))


def test_each_editor_hears_in_their_rhythm_with_the_reason(app: Flask) -> None:
    ours = make_organisation(name="Maison du Canal")
    people = {rhythm: make_person() for rhythm in Rhythm}
    for rhythm, person in people.items():
        make_membership(person, ours, Role.EDITOR)
        if rhythm is not Rhythm.WEEKLY:
            choices.choose(person=person, rhythms={NoticeKind.MATCHES: rhythm})
    need(ours)
    news.commit()
    assert at(NOW) == []
    offer(title="Perceuse d’ici")
    offer(title="Perceuse de membres", audience=Audience.MEMBERS)
    work()
    heard = {rhythm: [] for rhythm in Rhythm}  # type: ignore[var-annotated]
    for moment in (NOW + timedelta(minutes=10), MORNING, MONDAY, MONDAY + timedelta(days=7)):
        for sent in at(moment):
            rhythm = next(r for r, person in people.items() if person.email == sent.recipient)
            if sent.id not in [known for known, _at in heard[rhythm]]:
                heard[rhythm].append((sent.id, moment))
    assert {rhythm: [moment for _id, moment in told] for rhythm, told in heard.items()} == {
        Rhythm.AT_ONCE: [NOW + timedelta(minutes=10)], Rhythm.DAILY: [MORNING],
        Rhythm.WEEKLY: [MONDAY], Rhythm.NEVER: []}  # fmt: skip
    sent = at(MONDAY)[-1]
    assert "«\u00a0Perceuse d’ici\u00a0»" in sent.text
    assert "avec votre annonce «\u00a0Une perceuse" in sent.text
    assert "tablettes\u00a0»\u00a0: même catégorie (perceuse" in sent.text
    assert "membres" not in sent.text
    assert "List-Unsubscribe-Post" in sent.headers


def test_only_what_still_fits_is_told_and_nothing_is_no_mail(app: Flask) -> None:
    person, other = make_person(), make_organisation()
    ours = make_organisation(responsible=person)
    need(ours)
    news.commit()
    at(NOW)
    taken, blocked = offer(), offer(other)
    work()
    taken.paused_at = clock.now()
    blocks.block_organisation(organisation=ours, other=other)
    news.commit()
    assert at(MONDAY) == []
    assert blocked.id


def test_a_volunteer_hears_what_fits_their_profile_and_nobody_else_does(app: Flask) -> None:
    person = make_person(language="en")
    editor = make_person()
    private.keep_profile(person)
    news.commit()
    at(NOW)
    private.hands(make_organisation(responsible=editor))
    private.work()
    (sent,) = at(MONDAY)
    assert (sent.recipient, sent.language) == (person.email, "en")
    assert "soupe" in sent.text and "same category" in sent.text
    assert private.CANARY not in sent.text + sent.subject


def test_quiet_hours_and_a_stop_of_the_worker_are_kept(app: Flask) -> None:
    person = make_person()
    ours = make_organisation(responsible=person)
    choices.be_quiet(person=person, hours=Quiet(6, 9))
    need(ours)
    news.commit()
    at(NOW)
    offer()
    work()
    assert at(MONDAY) == []
    assert len(at(MONDAY + timedelta(hours=2))) == 1
    looked = db.session.get(MatchLook, person.id)
    assert looked is not None and looked.looked_at == MONDAY + timedelta(hours=2)
