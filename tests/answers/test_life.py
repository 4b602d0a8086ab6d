"""From « I can help » to « it happened »: what is promised, who is told, what is left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from board import clock, news
from board.answers import deciding, jobs, queries, services
from board.answers.checks import NothingLeft
from board.answers.holds import Wanted
from board.answers.models import Response
from board.answers.rules import Actor, Reason, State
from board.answers.services import Answerer, Said
from board.database import will_write
from board.errors import Conflict, Invalid
from board.extensions import db
from board.matching import blocks
from board.organisations import services as organisations
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.rules import AnswersBand, Availability, Basis
from tests.answers.helpers import answered, line_of, link_in, loan, mails, need, told
from tests.conftest import NOW
from tests.factories import make_organisation, make_person


def test_to_answer_is_to_propose_and_a_yes_promises(app: Flask) -> None:
    post, editor = need()
    one = answered(post, n=2)
    assert one.state is State.RECEIVED
    assert line_of(post).committed == 0
    assert "répond" in mails(editor.email)[0].subject
    will_write()
    deciding.accept(response=one, by=editor, quantities={one.lines[0].uuid: 1})
    news.commit()
    assert (one.state, line_of(post).committed) == (State.COMMITTED, 1)
    assert post_rules.availability(post) is Availability.PARTLY_MET
    assert told(one)[-1].subject.startswith("C’est oui")


def test_nothing_is_promised_beyond_what_is_left(app: Flask) -> None:
    post, editor = need()
    first, second = answered(post, n=2), answered(post, n=2)
    will_write()
    deciding.accept(response=first, by=editor, quantities={})
    with pytest.raises(Invalid, match="que 1"):
        deciding.accept(response=second, by=editor, quantities={})
    deciding.accept(response=second, by=editor, quantities={second.lines[0].uuid: 1})
    news.commit()
    assert line_of(post).committed == 3
    assert post_rules.availability(post) is Availability.MET


def test_what_is_taken_back_is_free_again(app: Flask) -> None:
    post, editor = need(quantity=1)
    one = answered(post)
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    assert post_rules.availability(post) is Availability.MET
    will_write()
    services.withdraw(response=one, by=one.person, reason=Reason.NOT_AVAILABLE)
    news.commit()
    assert line_of(post).committed == 0
    assert post_rules.is_open(post, clock.now())
    assert "plus disponible" in mails(editor.email)[-1].text


def test_what_is_lent_holds_its_days_and_comes_back(app: Flask) -> None:
    post, editor = loan()
    first, last = date(2026, 10, 5), date(2026, 10, 7)
    one = answered(post, n=28, first=first, last=last)
    two = answered(post, n=20, first=date(2026, 10, 12), last=date(2026, 10, 13))
    three = answered(post, n=20, first=first, last=last)
    will_write()
    for response in (one, two):
        deciding.accept(response=response, by=editor, quantities={})
    with pytest.raises(Invalid, match="que 12"):
        deciding.accept(response=three, by=editor, quantities={})
    news.commit()
    line = line_of(post)
    assert post_rules.remaining(line) == 12
    will_write()
    deciding.give_back(response=one, by=editor)
    news.commit()
    assert one.state is State.DONE
    assert post_rules.remaining(line_of(post)) == 20
    clock.fix(NOW + timedelta(days=60))
    jobs.take_back()
    assert post_rules.remaining(line_of(post)) == 40


def test_first_come_first_served_promises_at_once(app: Flask) -> None:
    post, _editor = need(quantity=2, first_come_at=NOW)
    one = answered(post, n=2)
    assert (one.state, line_of(post).committed) == (State.COMMITTED, 2)
    with pytest.raises(NothingLeft):
        answered(post)
    waits = answered(post, reserve=True)
    assert waits.state is State.RESERVE
    will_write()
    services.withdraw(response=one, by=one.person, reason=Reason.NOT_AVAILABLE)
    news.commit()
    assert (waits.state, line_of(post).committed) == (State.COMMITTED, 1)
    assert told(waits)[-1].subject.startswith("C’est oui")


def test_a_cap_sends_the_next_to_the_reserve_which_moves_up_in_its_order(app: Flask) -> None:
    post, editor = need(quantity=30)
    will_write()
    deciding.take_answers(post=post, cap=2, first_come=())
    news.commit()
    first, _second = answered(post), answered(post)
    assert post.answers_band is AnswersBand.FULL
    with pytest.raises(NothingLeft):
        answered(post)
    third, fourth = answered(post, reserve=True), answered(post, reserve=True)
    assert [queries.count_before(one) for one in (third, fourth)] == [0, 1]
    will_write()
    deciding.decline(response=first, by=editor, reason=Reason.DATES)
    news.commit()
    assert (third.state, fourth.state) == (State.RECEIVED, State.RESERVE)
    assert "libérée" in told(third)[-1].subject
    will_write()
    deciding.take_answers(post=post, cap=None, first_come=())
    news.commit()
    assert fourth.state is State.RECEIVED
    assert post.answers_band.value == AnswersBand.SOME


def test_a_pause_or_a_rollback_answers_nobody(app: Flask) -> None:
    post, editor = need()
    waits = answered(post)
    will_write()
    posts.pause(post=post, by=editor)
    news.commit()
    posts.withdraw(post=post, by=editor)
    db.session.rollback()
    assert waits.state is State.RECEIVED
    assert not told(waits)


def test_nobody_answers_twice_nor_themselves_nor_who_blocks_them(app: Flask) -> None:
    post, editor = need()
    ana = make_person()
    answered(post, ana)
    with pytest.raises(Invalid, match="déjà répondu"):
        answered(post, ana)
    with pytest.raises(Invalid, match="votre organisation"):
        answered(post, editor)
    group = make_organisation(responsible=ana)
    assert answered(post, ana, organisation=group).organisation is group
    rude = make_person()
    blocks.block_person(organisation=post.organisation, person=rude)
    with pytest.raises(Invalid, match="On ne peut plus répondre"):
        answered(post, rude)


def test_conditions_are_agreed_to(app: Flask) -> None:
    post, _editor = loan(conditions="rapporter le lundi")
    assert answered(post).agreed_at is not None
    will_write()
    with pytest.raises(Invalid, match="conditions"):
        services.answer(post=post, by=Answerer("fr", make_person()),
                        said=Said((Wanted(post.lines[0], 1),)))  # fmt: skip


def test_a_move_that_is_not_in_the_table_changes_nothing(app: Flask) -> None:
    post, editor = need()
    one = answered(post)
    will_write()
    deciding.decline(response=one, by=editor, reason=Reason.DOES_NOT_FIT)
    for verb in (deciding.review, deciding.reserve, deciding.complete, deciding.miss):
        with pytest.raises(Conflict):
            verb(response=one, by=editor)
    with pytest.raises(Conflict):
        deciding.accept(response=one, by=editor, quantities={})
    with pytest.raises(Conflict):
        deciding.give_back(response=one, by=editor)
    with pytest.raises(Conflict):
        services.withdraw(response=one, by=one.person, reason=Reason.TOO_FAR)
    news.commit()
    assert (one.state, line_of(post).committed) == (State.DECLINED, 0)


def test_a_no_show_frees_the_place_and_the_reserve_moves_up(app: Flask) -> None:
    post, editor = need(quantity=1)
    one = answered(post)
    will_write()
    two = make_person()
    waits = answered(post, two)
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    deciding.reserve(response=waits, by=editor)
    deciding.miss(response=one, by=editor)
    news.commit()
    assert (one.state, waits.state) == (State.NO_SHOW, State.RECEIVED)
    assert line_of(post).committed == 0


def test_whom_an_editor_put_in_reserve_moves_up_in_order_once_a_place_is_free(app: Flask) -> None:
    post, editor = need(quantity=2)
    first, second, third = answered(post), answered(post), answered(post)
    will_write()
    deciding.accept(response=first, by=editor, quantities={})
    for one in (second, third):
        deciding.reserve(response=one, by=editor)
    news.commit()
    assert (second.state, third.state) == (State.RESERVE, State.RESERVE), "one place was free"
    will_write()
    services.withdraw(response=first, by=first.person, reason=Reason.NOT_AVAILABLE)
    news.commit()
    assert (second.state, third.state) == (State.RECEIVED, State.RESERVE)
    assert told(second)[-1].subject.startswith("Une place s’est libérée")


def test_what_is_proposed_is_changed_until_it_is_agreed(app: Flask) -> None:
    post, editor = loan()
    one = answered(post, n=3)
    will_write()
    services.amend(response=one, wanted=[Wanted(post.lines[0], 5)], by=one.person)
    news.commit()
    assert one.lines[0].quantity == 5
    assert "change sa réponse" in mails(editor.email)[-1].subject
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    with pytest.raises(Conflict):
        services.amend(response=one, wanted=[Wanted(post.lines[0], 9)], by=one.person)


def test_each_hears_in_their_own_language(app: Flask) -> None:
    post, editor = need()
    editor.language = "es"
    one = answered(post, make_person(language="en"))
    will_write()
    services.say(response=one, side=Actor.EDITOR, author=editor, body="Hola")
    news.commit()
    assert [m.language for m in mails(editor.email)] == ["es"]
    mail = told(one)[-1]
    assert (mail.language, "Hola" in mail.text) == ("en", True)
    assert link_in(mail) == f"/en/answers/{one.uuid}"
    assert db.session.get(Response, one.id).replied_at is not None  # type: ignore[union-attr]


def test_an_organisation_that_closes_takes_its_answers_back(app: Flask) -> None:
    post, editor = need()
    ana = make_person()
    group = make_organisation(responsible=ana)
    one = answered(post, ana, organisation=group)
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    organisations.close(organisation=group)
    news.commit()
    assert (one.state, line_of(post).committed) == (State.WITHDRAWN, 0)
    assert "retire sa réponse" in mails(editor.email)[-1].subject


def test_a_gift_that_is_given_back_by_nobody_stays_given(app: Flask) -> None:
    post, editor = loan(basis=Basis.GIFT)
    one = answered(post, n=40, last=date(2026, 10, 1))
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    deciding.complete(response=one, by=editor)
    news.commit()
    clock.fix(NOW + timedelta(days=90))
    jobs.take_back()
    line = line_of(post)
    assert (line.committed, line.fulfilled) == (40, 40)
    assert post_rules.availability(post) is Availability.MET
