"""A pair that was answered is proposed no more, to either side, while the answer stands."""

from __future__ import annotations

from flask import Flask

from board import news
from board.accounts.models import Person
from board.answers import deciding, services
from board.answers.models import Response
from board.answers.rules import Reason
from board.database import will_write
from board.extensions import db
from board.matching import circles, queries, told
from board.matching.effects import Effects
from board.matching.models import MatchView
from board.matching.rules import State
from board.organisations.models import Organisation
from board.private import queries as private
from tests.answers.helpers import proposed
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import need, offer, work
from tests.private.helpers import hands, keep_profile
from tests.private.helpers import work as work_privately


def ours_and_theirs() -> tuple[Organisation, Organisation, Person]:
    """Who needs a drill, who has one, and who answers for the second."""
    editor = make_person()
    return make_organisation(), make_organisation(responsible=editor), editor


def shown_to(organisation: Organisation) -> int:
    return len(queries.pairs_of(organisation, Effects())[0])


def withdraw(response: Response) -> None:
    will_write()
    services.withdraw(response=response, by=response.person, reason=Reason.OTHER)
    news.commit()


def test_an_answered_pair_is_taken_up_until_the_answer_is_withdrawn(app: Flask) -> None:
    ours, theirs, editor = ours_and_theirs()
    asked = need(ours)
    offer(theirs)
    work()
    assert (shown_to(ours), shown_to(theirs)) == (1, 1)
    response = proposed(asked, editor, organisation=theirs)
    assert (shown_to(ours), shown_to(theirs)) == (0, 0)
    assert {view.state for view in db.session.query(MatchView)} == {State.TAKEN_UP}
    assert not told.new_pairs(ours) and circles._refused()
    withdraw(response)
    assert (shown_to(ours), shown_to(theirs)) == (1, 1)
    assert {view.state for view in db.session.query(MatchView)} == {State.SUGGESTED}
    assert not circles._refused()


def test_a_pair_found_after_its_answer_is_taken_up_and_shown_once_the_answer_falls(
    app: Flask,
) -> None:
    ours, theirs, editor = ours_and_theirs()
    asked = need(ours)
    work()
    response = proposed(asked, editor, organisation=theirs)
    offer(theirs)
    other = make_organisation()
    offer(other)
    work()
    assert (shown_to(theirs), shown_to(other), shown_to(ours)) == (0, 1, 1)
    withdraw(response)
    work()
    assert (shown_to(theirs), shown_to(other), shown_to(ours)) == (1, 1, 2)


def test_a_pair_shows_again_when_what_was_promised_is_given_back_or_returned(app: Flask) -> None:
    ours, theirs, editor = ours_and_theirs()
    member = make_person()
    make_membership(member, ours)
    need(ours)
    offered = offer(theirs, line={"quantity": 1})
    work()
    first = proposed(offered, member, organisation=ours)
    for verb in ("withdraw", "give_back"):
        will_write()
        deciding.accept(response=first, by=editor, quantities={})
        work()
        assert (shown_to(ours), shown_to(theirs)) == (0, 0)
        if verb == "withdraw":
            withdraw(first)
        else:
            will_write()
            deciding.give_back(response=first, by=editor)
        work()
        assert (shown_to(ours), shown_to(theirs)) == (1, 1), verb
        if verb == "withdraw":
            first = proposed(offered, member, organisation=ours)


def test_a_person_answers_for_their_side_and_an_offer_is_answered_as_a_need_is(app: Flask) -> None:
    ours, theirs, _editor = ours_and_theirs()
    need(ours)
    offered = offer(theirs)
    member = make_person()
    make_membership(member, ours)
    work()
    proposed(offered, member)
    assert (shown_to(ours), shown_to(theirs)) == (0, 0)


def test_a_volunteer_who_answered_finds_the_need_no_more(app: Flask) -> None:
    person = make_person()
    line = keep_profile(person)
    asked = hands(make_organisation(responsible=make_person()))
    work_privately()
    assert len(private.for_person(person, line)) == 1
    response = proposed(asked, person)
    assert not private.for_person(person, line)
    withdraw(response)
    assert len(private.for_person(person, line)) == 1


def test_the_others_whom_the_need_fits_still_find_it(app: Flask) -> None:
    person, other = make_person(), make_person()
    keep_profile(person)
    line = keep_profile(other)
    asked = hands(make_organisation(responsible=make_person()))
    work_privately()
    assert len(private.for_person(other, line)) == 1
    proposed(asked, person)
    assert len(private.for_person(other, line)) == 1


def test_a_profile_that_is_written_after_an_answer_does_not_find_the_need(app: Flask) -> None:
    person = make_person()
    response = proposed(hands(make_organisation(responsible=make_person())), person)
    will_write()
    line = keep_profile(person)
    work_privately()
    assert not private.for_person(person, line)
    withdraw(response)
    assert len(private.for_person(person, line)) == 1
