"""Nobody waits for ever: reminded, handed over, let go, in working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from board import clock, news
from board.answers import clocks, deciding, holidays, jobs, moving, services
from board.answers.calendar import Step
from board.answers.holds import Wanted
from board.answers.holiday_models import Holiday
from board.answers.models import Response
from board.answers.rules import Actor, Reason, State
from board.database import will_write, writing
from board.extensions import db
from board.organisations.rules import Role
from tests.answers.helpers import answered, mails, need, told
from tests.conftest import NOW
from tests.factories import make_membership, make_person, make_post
from tests.pages import CheckedClient, sign_in

DAY = timedelta(days=1)
# NOW is a Tuesday at noon in Montréal.
THREE, SIX, TEN = NOW + 3 * DAY, NOW + 8 * DAY, NOW + 14 * DAY


def keep(at: datetime) -> None:
    """Let the worker look at the clocks at an instant, twice."""
    for _ in range(2):
        clock.fix(at)
        with writing():
            jobs.keep_clocks()
            news.commit()
    db.session.expire_all()
    will_write()


def again(response: Response) -> Response:
    """Read an answer as it is now."""
    db.session.refresh(response)
    return response


def test_three_six_ten_working_days(app: Flask) -> None:
    post, editor = need()
    other = make_person(name="Omar")
    make_membership(other, post.organisation, Role.EDITOR)
    make_post(title="Bénévoles pour la guignolée", purpose=post.purpose,
              lines=[{"title": "Bénévoles", "kind": "volunteer", "basis": None}])  # fmt: skip
    one = answered(post)
    keep(THREE - timedelta(minutes=1))
    assert again(one).nudged_at is None
    keep(THREE)
    assert "attend votre réponse : « Repas" in mails(editor.email)[-1].subject
    assert len(mails(editor.email)) == 2
    assert "mercredi 23 septembre" in mails(editor.email)[-1].text
    assert len(mails(other.email)) == 1  # the answer itself, and no reminder
    keep(SIX)
    assert again(one).holder_id == other.id
    assert "À vous" in mails(other.email)[-1].subject
    assert len(mails(editor.email)) == 2
    keep(TEN)
    assert again(one).state is State.RELEASED
    last = told(one)[-1]
    assert "plus tenu à rien" in last.text
    assert "guignolée" in last.text
    before = len(told(one))
    keep(TEN + 30 * DAY)
    assert len(told(one)) == before


def test_reminders_and_who_has_an_answer_now_stand_on_its_page(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    make_membership(make_person(name="Omar"), post.organisation, Role.EDITOR)
    one = answered(post)
    will_write()
    wanted = [Wanted(one.lines[0].line, 2, None, None)]
    services.amend(response=one, wanted=wanted, by=one.person, agrees=True)
    news.commit()
    keep(THREE)
    keep(SIX)
    assert one.person is not None
    told_of = ("Modifiée", "Rappel à l’organisation", "Second rappel")
    for reader, named in ((editor, True), (one.person, False)):
        sign_in(client, reader)
        shown = page(client, f"/fr/answers/{one.uuid}")
        steps = shown.partition('id="steps"')[2]
        at = [steps.find(label) for label in ("Reçue", *told_of)]
        assert -1 not in at and at == sorted(at) and steps.count("Reçue") == 1
        assert ("Omar s’en occupe" in shown) is named


def test_what_waits_for_one_editor_is_one_mail_however_many_answers(app: Flask) -> None:
    post, editor = need()
    people = [make_person(name=name) for name in ("Zoé", "Yan", "Xin")]
    ones = [answered(post, person) for person in people]
    before = len(mails(editor.email))
    keep(THREE)
    (mail,) = mails(editor.email)[before:]
    for one, person in zip(ones, people, strict=True):
        assert f"{person.name} attend votre réponse" in mail.text
        assert f"/answers/{one.uuid}" in mail.text, "each with its own address"
    assert not {"References", "Reply-To"} & mail.headers.keys(), "it is of no one conversation"
    keep(SIX)
    assert len(mails(editor.email)) == before + 2


@pytest.mark.parametrize("how", ["message", "review", "withdrawn"])
def test_a_word_stops_the_clock(app: Flask, how: str) -> None:
    post, editor = need()
    one = answered(post)
    keep(THREE)
    if how == "message":
        services.say(response=one, side=Actor.EDITOR, author=editor, body="Merci, je regarde.")
    elif how == "review":
        deciding.review(response=one, by=editor)
    else:
        services.withdraw(response=one, by=one.person, reason=Reason.NOT_AVAILABLE)
    news.commit()
    before = len(mails(editor.email))
    for at in (SIX, TEN):
        keep(at)
    assert again(one).state is not State.RELEASED
    assert len(mails(editor.email)) == before
    assert (one.due_at is None) is (how == "withdrawn")


@pytest.mark.parametrize("how", ["message", "review"])
def test_what_is_under_study_is_remembered_seldom_and_never_let_go(app: Flask, how: str) -> None:
    post, editor = need()
    one = answered(post)
    if how == "message":
        services.say(response=one, side=Actor.EDITOR, author=editor, body="Merci, je regarde.")
    else:
        deciding.review(response=one, by=editor)
    news.commit()

    def reminders() -> list[str]:
        return [m.text for m in mails(editor.email) if "attend votre décision" in m.subject]

    keep(TEN - timedelta(minutes=1))
    assert clocks.expected(one, None) == (Step.DECIDE, date(2026, 9, 29))
    assert reminders() == []
    keep(TEN)
    (text,) = reminders()
    assert "sans dire oui ni non" in text
    assert "mardi 27 octobre" in text.replace("\u00a0", " ")
    keep(TEN + 27 * DAY)
    assert len(reminders()) == 1
    keep(TEN + 28 * DAY)
    assert len(reminders()) == 2
    assert again(one).state is not State.RELEASED
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    keep(TEN + 200 * DAY)
    assert len(reminders()) == 2
    assert again(one).due_at is None


def test_a_word_moves_the_reminder_and_the_reserve_waits_without_one(app: Flask) -> None:
    post, editor = need()
    one = answered(post)
    deciding.review(response=one, by=editor)
    news.commit()
    keep(SIX)
    services.say(response=one, side=Actor.EDITOR, author=editor, body="On en parle lundi.")
    news.commit()
    assert clocks.expected(one, None) == (Step.DECIDE, date(2026, 10, 7))
    deciding.reserve(response=one, by=editor)
    news.commit()
    before = len(mails(editor.email))
    keep(TEN + 60 * DAY)
    assert len(mails(editor.email)) == before
    assert again(one).state is State.RESERVE


def test_after_a_stop_of_weeks_nobody_is_let_go_before_a_reminder(app: Flask) -> None:
    post, editor = need()
    one = answered(post)
    late = NOW + 40 * DAY
    keep(late)
    assert again(one).state is State.RECEIVED
    assert "attend votre réponse" in mails(editor.email)[-1].subject
    keep(late + 2 * DAY)
    assert again(one).handed_at is None
    keep(late + 5 * DAY)
    assert again(one).handed_at is not None, "alone, the editor hears once more"
    assert "libérée" in mails(editor.email)[-1].text
    keep(late + 12 * DAY)
    assert again(one).state is State.RELEASED


def test_what_is_promised_in_part_is_never_let_go(app: Flask) -> None:
    post, _editor = need()
    one = answered(post)
    moving.commit_lines(one, {one.lines[0].id: 1}, None)
    news.commit()
    for at in (THREE, SIX, TEN, TEN + 20 * DAY):
        keep(at)
    assert again(one).state is State.RECEIVED


def test_a_post_that_rests_does_not_keep_people_waiting(app: Flask) -> None:
    post, _editor = need()
    one = answered(post)
    post.paused_at = clock.now()
    news.commit()
    for at in (THREE, SIX, TEN):
        keep(at)
    assert again(one).state is State.RELEASED


def test_a_holiday_moves_every_clock(app: Flask) -> None:
    post, _editor = need()
    one = answered(post)
    keep(NOW)
    assert clocks.expected(one, None) == (Step.NUDGE, date(2026, 9, 18))
    runner = app.test_cli_runner()
    db.session.rollback()
    said = runner.invoke(args=["holidays", "add", "2026-09-17", "Fête du quartier"])
    assert said.output == "added\n"
    assert "2026-09-17  Fête du quartier" in runner.invoke(args=["holidays", "list"]).output
    keep(THREE)
    assert again(one).nudged_at is None
    keep(NOW + 6 * DAY)
    assert again(one).nudged_at is not None
    db.session.rollback()
    assert runner.invoke(args=["holidays", "remove", "2026-09-17"]).output == "removed\n"
    assert runner.invoke(args=["holidays", "remove", "2026-09-17"]).exit_code == 1


def test_holidays_are_loaded_once_and_a_removed_one_stays_away(app: Flask) -> None:
    with writing():
        assert holidays.load_ahead() > 20
        assert holidays.remove(date(2026, 12, 25))
        assert holidays.load_ahead() == 0
        days = set(db.session.scalars(db.select(Holiday.day)))
        news.commit()
    assert date(2027, 6, 24) in days
    assert date(2026, 12, 25) not in days


def test_both_sides_see_until_when(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    me = make_person()
    one = answered(post, me)
    sign_in(client, me)
    assert "Réponse attendue d’ici vendredi\u00a018" in page(client, f"/fr/answers/{one.uuid}")
    assert "Réponse attendue d’ici vendredi\u00a018" in page(client, "/fr/account/answers")
    will_write()
    deciding.review(response=again(one), by=editor)
    news.commit()
    assert "attendu d’ici mardi\u00a029" in page(client, f"/fr/answers/{one.uuid}")
    will_write()
    deciding.reserve(response=again(one), by=editor)
    news.commit()
    assert "En réserve depuis le 15" in page(client, "/fr/account/answers")
    other = answered(post)
    sign_in(client, editor)
    assert "La personne attend" in page(client, f"/fr/answers/{one.uuid}")
    assert "À répondre d’ici vendredi\u00a018" in page(client, f"/fr/answers/{other.uuid}")
    assert "À répondre d’ici vendredi\u00a018" in page(client, f"/fr/p/{post.uuid}/answers")


def page(client: CheckedClient, path: str) -> str:
    """Read a page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))
