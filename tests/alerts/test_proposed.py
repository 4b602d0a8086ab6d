"""Circles, shared needs and the reserve's questions by mail: what a page shows, once, to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from board import clock, mail, news
from board.accounts.models import Person
from board.alerts import matches
from board.alerts import services as choices
from board.alerts.rules import NoticeKind, Rhythm
from board.database import will_write
from board.extensions import db
from board.matching import blocks, circles, joining, told
from board.matching import services as matching
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Audience, Purpose
from board.private import queries as private
from board.private import services as reserve
from board.private.models import PrivateLine
from board.private.rules import Answer
from tests.alerts.test_matches import MONDAY, at
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import need, work
from tests.matching.test_circles import THINGS, posted, search
from tests.matching.test_joining import joined_by
from tests.private.helpers import CANARY, keep_sleeping
from tests.private.helpers import work as work_privately

NEXT_MONDAY = MONDAY + timedelta(days=7)


def sent_to(person: Person, moment: datetime = MONDAY) -> list[mail.Mail]:
    """Every mail that somebody is owed when that Monday has come."""
    return [one for one in at(moment) if one.recipient == person.email]


def parts(sent: mail.Mail) -> tuple[str, str]:
    """What either reader of a mail reads."""
    return sent.text, sent.html or ""


def waiting(person: Person) -> int:
    """How many things a mail to somebody would tell now."""
    return matches.look(person.id).proposed.total


def ring() -> tuple[list[Organisation], list[Person], list[Post]]:
    """Three organisations in a circle; nobody was told, and their pairs were all seen."""
    people = [make_person(language=language) for language in ("fr", "en", "es")]
    names = ("Maison du Canal", "Atelier du Quai", "Cuisine des Érables")
    around = [make_organisation(name=name, responsible=person)
              for name, person in zip(names, people, strict=True)]  # fmt: skip
    posts = []
    for i, key in enumerate(THINGS):
        posts.append(posted(Purpose.NEED, key, around[i]))
        posts.append(posted(Purpose.OFFER, key, around[(i + 1) % 3]))
    work()
    at(NOW)
    search()
    will_write()
    for one in around:
        pairs = [(pair.need, pair.offer) for pair in told.new_pairs(one)]
        matching.see(organisation=one, pairs=pairs)
    news.commit()
    return around, people, posts


def test_a_circle_is_told_once_to_each_by_their_own_two_links(app: Flask) -> None:
    around, people, _posts = ring()
    sent = {one.recipient: one for one in at(MONDAY)}
    assert sent.keys() == {person.email for person in people}
    ours = sent[people[0].email or ""]
    assert ours.subject == "Une nouveauté dans vos jumelages"
    assert "Cercle de 3 organisations" in ours.text
    for part in parts(ours):
        assert "vous recevriez «\u00a0Perceuse\u00a0» (Atelier du Quai)" in part
        assert "vous répondriez à «\u00a0Tables pliantes\u00a0» (Cuisine des Érables)" in part
        assert "chapiteau" not in part.lower(), "the link between the others"
        assert f"/fr/organisations/{around[0].slug}/matches#circles" in part
    assert "Tables" not in sent[people[1].email or ""].text
    assert "you would receive “Chapiteau” (Cuisine des Érables)" in sent[people[1].email or ""].text
    assert "recibiría «Tables pliantes» (Maison du Canal)" in sent[people[2].email or ""].text
    search()  # the night finds the same one again
    assert len(at(NEXT_MONDAY)) == 3


def test_a_circle_that_ended_meanwhile_is_told_to_nobody(app: Flask) -> None:
    around, people, posts = ring()
    (seen,) = circles.circles_of(around[1])
    circle = circles.get_circle(around[1], seen.uuid)
    ends: tuple[Callable[[], object], ...] = (
        lambda: circles.dismiss(organisation=around[1], circle=circle),
        lambda: blocks.block_organisation(organisation=around[1], other=around[2]),
        lambda: setattr(posts[2], "paused_at", clock.now()),
    )
    for end in ends:
        assert [waiting(person) for person in people] == [1, 1, 1]
        will_write()
        end()
        assert [waiting(person) for person in people] == [0, 0, 0]
        db.session.rollback()
    will_write()
    circles.dismiss(organisation=around[1], circle=circle)
    news.commit()
    assert at(MONDAY) == []


def test_an_author_hears_who_joined_and_all_hear_when_it_is_shared(app: Flask) -> None:
    author = make_person()
    asked = need(make_organisation(responsible=author), title="Perceuse du samedi")
    joined_by(asked, name="Atelier du Quai")
    news.commit()
    at(NOW)
    (sent,) = sent_to(author)
    assert "Une organisation l’a aussi\u00a0: Atelier du Quai" in sent.text
    assert f"/fr/p/{asked.uuid}" in sent.text and "partagé" not in sent.text
    assert len(at(MONDAY)) == 1, "who joined knows it"
    will_write()
    joined_by(asked, name="Cuisine des Érables")
    news.commit()
    at(MONDAY)
    mails = at(NEXT_MONDAY)[1:]
    assert len(mails) == 3
    again = next(one for one in mails if one.recipient == author.email)
    assert "l’a aussi\u00a0: Cuisine des Érables" in again.text
    assert "Atelier du Quai" not in again.text
    for one in mails:
        assert "partagé par 3 organisations" in one.text
        assert all(f"/fr/shared/{asked.uuid}" in part for part in parts(one))
        assert one is again or "Atelier" not in one.text + one.subject
    assert len(at(NEXT_MONDAY + timedelta(days=7))) == 4


def test_a_need_that_one_left_or_may_not_see_is_not_told_as_shared(app: Flask) -> None:
    author = make_person()
    asked = need(make_organisation(responsible=author, verified_at=NOW))
    left, apart, unlisted, outside = (
        joined_by(asked, name=name) for name in ("Érable", "Bouleau", "Cèdre", "Tilleul")
    )
    verified = joined_by(asked, verified_at=NOW)
    news.commit()
    at(NOW)
    will_write()
    joining.leave(post=asked, organisation=left)
    blocks.block_organisation(organisation=apart, other=asked.organisation)
    unlisted.unlisted_at = clock.now()
    asked.audience = Audience.MEMBERS
    news.commit()
    mails = at(MONDAY)
    assert len(mails) == 2
    text = next(one for one in mails if one.recipient == author.email).text
    assert outside.name in text and verified.name in text
    assert not any(one.name in text for one in (left, apart, unlisted))
    will_write()
    asked.withdrawn_at = clock.now()
    joined = make_person()
    make_membership(joined, verified)
    news.commit()
    at(MONDAY)
    assert len(at(NEXT_MONDAY)) == 2, "it is open no more"


def asked_about() -> tuple[Person, Person, PrivateLine, Post]:
    """A drill in the reserve of one, and a need of another."""
    owner, asking = make_person(), make_person()
    line = keep_sleeping(make_organisation(responsible=owner))
    asked = need(make_organisation(name="Les Voisins", responsible=asking))
    work_privately()
    at(NOW)
    return owner, asking, line, asked


def test_the_reserve_is_asked_once_and_again_when_later_has_come(app: Flask) -> None:
    owner, asking, line, asked = asked_about()
    (sent,) = sent_to(owner)
    question = f"/reserve#question-{line.uuid}-{asked.lines[0].uuid}"
    for part in parts(sent):
        assert f"Offrir «\u00a0Perceuse {CANARY}\u00a0» à Les Voisins\u00a0?" in part
        assert "votre organisation seule le sait" in part and question in part
    assert CANARY not in sent.subject and sent_to(asking) == []
    assert len(at(NEXT_MONDAY)) == 1
    clock.fix(NEXT_MONDAY + timedelta(hours=1))
    will_write()
    match = private.get_match(line, asked.lines[0].uuid)
    reserve.answer(line=line, match=match, said=Answer.LATER, later="week")
    news.commit()
    assert len(at(NEXT_MONDAY + timedelta(days=7))) == 1, "not yet"
    assert len(at(NEXT_MONDAY + timedelta(days=14))) == 2
    assert len(at(NEXT_MONDAY + timedelta(days=21))) == 2


def test_what_was_decided_meanwhile_is_not_asked(app: Flask) -> None:
    owner, _asking, line, asked = asked_about()
    organisation = db.session.get_one(Organisation, line.organisation_id)
    match = private.get_match(line, asked.lines[0].uuid)
    ends: tuple[Callable[[], object], ...] = (
        lambda: reserve.answer(line=line, match=match, said=Answer.NEVER),
        lambda: blocks.block_organisation(organisation=asked.organisation, other=organisation),
        lambda: setattr(asked, "paused_at", clock.now()),
        lambda: reserve.forget_sleeping(line=line),
    )
    for end in ends:
        assert waiting(owner) == 1
        will_write()
        end()
        assert waiting(owner) == 0
        db.session.rollback()
    will_write()
    choices.choose(person=owner, rhythms={NoticeKind.MATCHES: Rhythm.NEVER})
    news.commit()
    assert at(MONDAY) == []
