"""News of answers: in the rhythm of whoever reads, but for what was promised or waited for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from board import clock, mail, news
from board.accounts.models import Person
from board.alerts import services as choices
from board.alerts.jobs import tell_news
from board.alerts.models import Notification, Preference
from board.alerts.rules import STORM, NoticeKind, Quiet, Rhythm, Weight, rhythm_for
from board.answers import deciding, forgetting, services
from board.answers.holds import Wanted
from board.answers.models import Response
from board.answers.rules import Actor, Reason, weight
from board.database import will_write, writing
from board.extensions import db
from tests.answers.helpers import answered, loan, mails, need, proposed
from tests.answers.test_endings import ASKED, FIRST, LAST, agreed, work
from tests.answers.test_pages import guest_sends, only
from tests.conftest import NOW
from tests.factories import make_person
from tests.pages import CheckedClient, csrf, sign_in

KINDS = (NoticeKind.ANSWERS, NoticeKind.MESSAGES)
# NOW is a Tuesday at noon in Montréal.
SOON = NOW + STORM
MORNING = NOW + timedelta(hours=19)
MONDAY = NOW + timedelta(days=5, hours=19)
EACH = {Rhythm.AT_ONCE: SOON, Rhythm.DAILY: MORNING, Rhythm.WEEKLY: MONDAY, Rhythm.NEVER: None}


def choose(person: Person, rhythm: Rhythm) -> Person:
    """Somebody wants to hear of answers and messages in one rhythm."""
    will_write()
    choices.choose(person=person, rhythms=dict.fromkeys(KINDS, rhythm))
    news.commit()
    return person


def at(moment: datetime) -> None:
    """Let the worker tell what is due at an instant."""
    clock.fix(moment)
    with writing():
        tell_news()
        news.commit()
    db.session.rollback()


def got(person: Person) -> list[mail.Mail]:
    """Every mail written to somebody so far; nothing more is told meanwhile."""
    db.session.rollback()
    rows = db.select(mail.Mail).where(mail.Mail.recipient == person.email)
    return list(db.session.scalars(rows.order_by(mail.Mail.id)))


def say(response: Response, *said: str, side: Actor = Actor.EDITOR) -> None:
    """Say something in a conversation."""
    will_write()
    author = response.post.author if side is Actor.EDITOR else response.person
    for body in said:
        services.say(response=response, side=side, author=author, body=body)
    news.commit()


@pytest.mark.parametrize(
    ("event", "comes"),
    [("message", EACH),
     ("declined", EACH | dict.fromkeys((Rhythm.WEEKLY, Rhythm.NEVER), MORNING)),
     ("committed", dict.fromkeys(Rhythm, SOON))],
)  # fmt: skip
def test_each_rhythm_is_kept_and_what_must_come_comes(
    app: Flask, event: str, comes: dict[Rhythm, datetime | None]
) -> None:
    post, editor = need(quantity=9)
    people = {rhythm: choose(make_person(), rhythm) for rhythm in Rhythm}
    for person in people.values():
        one = proposed(post, person)
        if event == "message":
            say(one, "Venez samedi.")
        elif event == "declined":
            deciding.decline(response=one, by=editor, reason=Reason.DATES)
        else:
            deciding.accept(response=one, by=editor, quantities={})
        news.commit()
    for moment in (SOON, MORNING, MONDAY, MONDAY + timedelta(days=7)):
        at(moment - timedelta(seconds=1))
        before = {rhythm: len(got(person)) for rhythm, person in people.items()}
        at(moment)
        after = {rhythm: len(got(person)) for rhythm, person in people.items()}
        new = {rhythm for rhythm in Rhythm if after[rhythm] > before[rhythm]}
        assert new == {rhythm for rhythm in Rhythm if comes[rhythm] == moment}
    assert sum(after.values()) == sum(each is not None for each in comes.values())
    for rhythm, person in people.items():
        for sent in got(person):
            assert ("List-Unsubscribe" in sent.headers) is (
                event == "message" or (event == "declined" and rhythm is Rhythm.AT_ONCE)
            )


def test_what_may_wait_and_what_may_not() -> None:
    usual = {weight(Actor.ANSWERER, "in_review", promised=False),
             weight(Actor.EDITOR, "new", promised=False),
             weight(Actor.EDITOR, "message", promised=True)}  # fmt: skip
    soon = {weight(Actor.EDITOR, "nudge", promised=False),
            weight(Actor.EDITOR, "withdrawn", promised=False),
            weight(Actor.ANSWERER, "released", promised=False)}  # fmt: skip
    always = {weight(Actor.EDITOR, "new", promised=True),
              weight(Actor.EDITOR, "contacts", promised=False)}  # fmt: skip
    assert (usual, soon, always) == ({Weight.USUAL}, {Weight.SOON}, {Weight.ALWAYS})
    assert [rhythm_for(Weight.SOON, each) for each in Rhythm] == [
        Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.DAILY, Rhythm.DAILY]  # fmt: skip


def test_a_storm_in_one_conversation_is_one_mail_with_its_reply_address(app: Flask) -> None:
    post, editor = need()
    one = answered(post)
    say(one, "Un.", "Deux.", side=Actor.ANSWERER)
    will_write()
    for n in (2, 3, 2):
        wanted = Wanted(post.lines[0], n)
        services.amend(response=one, wanted=[wanted], by=one.person)
    news.commit()
    before = len(got(editor))
    at(SOON)
    (sent,) = got(editor)[before:]
    assert "3 nouvelles au sujet de « Repas de quartier »" in sent.subject
    assert sent.text.index("Un.") < sent.text.index("Deux.")
    assert sent.text.count("change sa réponse") == 1
    assert sent.text.count("/answers/") == 1
    assert f"answer-{one.uuid}@" in sent.headers["References"]


def test_what_is_overtaken_is_not_told(app: Flask) -> None:
    post, editor = need()
    one = proposed(post)
    deciding.review(response=one, by=editor)
    deciding.reserve(response=one, by=editor)
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    assert one.person is not None
    (sent,) = mails(one.person.email)
    assert sent.subject.startswith("C’est oui")
    assert "List-Unsubscribe" not in sent.headers, "a yes always comes"
    (asked,) = mails(editor.email)
    assert "Premier arrivé" not in asked.text, "the yes came after the answer"


def test_a_digest_gathers_conversations_and_takes_no_replies(app: Flask) -> None:
    post, editor = need()
    choose(editor, Rhythm.DAILY)
    for words in ("Salut.", "Bonjour."):
        say(proposed(post), words, side=Actor.ANSWERER)
    at(MORNING)
    (digest,) = got(editor)
    assert "Salut." in digest.text and "Bonjour." in digest.text
    assert "4 nouvelles pour vous" in digest.subject
    assert not {"Reply-To", "References"} & digest.headers.keys()


def test_who_left_hears_nothing_of_what_waited(app: Flask) -> None:
    post, editor = need()
    choose(editor, Rhythm.WEEKLY)
    proposed(post)
    will_write()
    for membership in post.organisation.memberships:
        membership.ended_at = clock.now()
    news.commit()
    at(MONDAY)
    assert got(editor) == []


def test_how_it_ended_is_asked_in_each_ones_rhythm_and_not_of_whoever_left(app: Flask) -> None:
    post, editor = loan()
    one = agreed(post, editor, first=FIRST, last=LAST)
    at(SOON)
    will_write()
    assert one.person is not None
    for person in (editor, one.person):
        choices.choose(person=person, rhythms={NoticeKind.OUTCOMES: Rhythm.WEEKLY})
    for membership in post.organisation.memberships:
        membership.ended_at = clock.now()
    news.commit()
    work(NOW + timedelta(days=8))
    before = len(got(editor)), len(got(one.person))
    at(MONDAY + timedelta(days=7) - timedelta(seconds=1))
    assert (len(got(editor)), len(got(one.person))) == before
    at(MONDAY + timedelta(days=7))
    assert got(one.person)[-1].subject.startswith(ASKED)
    assert (len(got(editor)), len(got(one.person))) == (before[0], before[1] + 1)


def test_another_choice_moves_what_waits(app: Flask) -> None:
    person = choose(make_person(), Rhythm.WEEKLY)
    one = answered(need()[0], person)
    say(one, "Venez samedi.")
    choose(person, Rhythm.AT_ONCE)
    at(SOON)
    assert len(got(person)) == 1
    say(one, "Venez dimanche.")
    will_write()
    choices.be_quiet(person=person, hours=Quiet(9, 18))
    news.commit()
    at(SOON + STORM)
    assert len(got(person)) == 1, "quiet hours hold for what waited already"
    at(NOW + timedelta(hours=6))
    assert "dimanche" in got(person)[1].text


def test_a_choice_made_on_the_page_is_kept(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    sign_in(client, editor)
    path = "/fr/account/notices"
    chosen = {"hear_answers": "daily", "hear_messages": "never", "hear_outcomes": "weekly",
              "hear_matches": "never", "quiet_from": "7", "quiet_until": "9",
              "csrf_token": csrf(client, path)}  # fmt: skip
    assert client.post(path, data=chosen).status_code == 303
    one = proposed(post)
    say(one, "Toujours là ?", side=Actor.ANSWERER)
    at(MORNING)
    assert got(editor) == []
    at(MORNING + timedelta(hours=2))
    (sent,) = got(editor)
    assert "répond à" in sent.subject and "Toujours là" not in sent.text
    stop = sent.headers["List-Unsubscribe"].strip("<>")
    mailer = app.test_client()  # a mail program has no session
    assert mailer.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    proposed(post)
    at(MONDAY)
    assert len(got(editor)) == 1


def test_a_guest_hears_at_once_by_a_link_of_their_own_and_less_when_they_say(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    guest_sends(client, post)
    confirm = mails("paul@exemple.org")[0].text.split("http://127.0.0.1:8000")[1].split()[0]
    browser = app.test_client()
    browser.post(browser.get(confirm).location)
    receipt = mails("paul@exemple.org")[-1]
    assert "List-Unsubscribe" not in receipt.headers
    say(only(), "Un.", "Deux.")
    told = mails("paul@exemple.org")[-1]
    assert "2 nouvelles" in told.subject
    assert "/guest?token=" in told.text
    db.session.rollback()
    stop = told.headers["List-Unsubscribe"].strip("<>")
    assert "Moins souvent" in client.get(stop, follow_redirects=True).get_data(as_text=True)
    client.post(f"/fr/notices/less/{NoticeKind.MESSAGES}", data={"do": "less"})
    before = len(mails("paul@exemple.org"))
    say(only(), "Trois.")
    assert len(mails("paul@exemple.org")) == before
    at(MORNING)
    assert "Trois." in mails("paul@exemple.org")[-1].text
    client.post(stop, data={"List-Unsubscribe": "One-Click"})
    say(only(), "Quatre.")
    will_write()
    deciding.accept(response=only(), by=editor, quantities={})
    news.commit()
    at(MONDAY)
    assert len(mails("paul@exemple.org")) == before + 2
    assert "Quatre." not in mails("paul@exemple.org")[-1].text
    will_write()
    forgetting.purge_guest(only())
    news.commit()
    left = db.session.query(Notification).filter(Notification.email.is_not(None)).count()
    assert (left, db.session.query(Preference).filter_by(email="paul@exemple.org").count()) == (
        0,
        0,
    )
