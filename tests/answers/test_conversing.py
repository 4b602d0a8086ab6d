"""A block is quiet in a conversation too; what a mail of an answer says of days, links and why."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from board import clock, news
from board.answers import deciding, rules, services, words
from board.answers.models import Response
from board.answers.rules import Actor, Reason
from board.database import will_write
from board.errors import Invalid
from board.matching import blocks
from board.organisations.rules import Role
from tests.answers.helpers import answered, link_in, loan, mails, need, told
from tests.answers.test_pages import act, guest_sends
from tests.factories import make_membership, make_person
from tests.pages import CheckedClient, sign_in, text_of


def refused(response: Response) -> str:
    """What is said to whoever answered when their words are not taken; empty: they are."""
    will_write()
    try:
        services.say(response=response, side=Actor.ANSWERER, author=response.person, body="Encore")
    except Invalid as error:
        return error.message
    news.commit()
    return ""


def test_who_is_blocked_reads_what_is_read_where_all_was_said(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    over, goes_on = answered(post), answered(post, make_person(name="Ana 514-555-7777"))
    will_write()
    deciding.decline(response=over, by=editor, reason=Reason.OTHER)
    news.commit()
    clock.fix(clock.now() + timedelta(minutes=1))
    assert [refused(over) for _ in range(rules.LAST_WORDS)] == [""] * rules.LAST_WORDS
    assert refused(goes_on) == ""
    assert goes_on.person is not None
    sign_in(client, goes_on.person)
    will_write()
    blocks.block_person(organisation=post.organisation, person=goes_on.person)
    news.commit()
    assert refused(over) == refused(goes_on) != ""
    sent = act(client, goes_on, "say", body="Et encore")
    assert sent.status_code == 422 and "Cette conversation est close" in text_of(sent)
    assert "Et encore" in text_of(sent), "nothing typed is lost"
    page = text_of(client.get(f"/fr/answers/{goes_on.uuid}"))
    assert "Cette conversation est close" in page and 'value="say"' not in page
    heard = "".join(one.text + one.subject for one in mails(editor.email))
    assert "[coordonnées masquées]" in heard and "555-7777" not in heard


def test_a_word_with_a_no_stands_in_the_conversation_and_is_told_once(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    response = answered(post)
    assert response.person is not None
    sign_in(client, editor)
    word = "Merci ! Peut-être au printemps, au 514-555-7777."
    typed = act(client, response, "decline", word=word)
    assert typed.status_code == 422 and word in text_of(typed), "nothing typed is lost"
    act(client, response, "decline", reason="dates", word=word)
    assert word in text_of(client.get(f"/fr/answers/{response.uuid}"))
    (heard,) = [one for one in told(response) if "printemps" in one.text]
    assert "c’est non" in heard.text and "555-7777" not in heard.text
    sign_in(client, response.person)
    page = text_of(client.get(f"/fr/answers/{response.uuid}"))
    assert "Peut-être au printemps" in page and "555-7777" not in page


def test_a_guest_gives_a_name_without_contacts(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    for name in ("Bob 514-555-7777", "bob@exemple.org"):
        page = guest_sends(client, post, name=name)
        assert page.status_code == 422 and "Écrivez votre nom seul" in text_of(page)
    old = Response(post=post, guest_name="Bob 514-555-7777", guest_email="bob@exemple.org")
    assert words.who(old) == "Bob [coordonnées masquées]"


def test_a_yes_says_the_days_and_why_it_comes(app: Flask) -> None:
    post, editor = loan()
    response = answered(post, n=40, first=date(2031, 12, 5), last=date(2031, 12, 7))
    will_write()
    deciding.accept(response=response, by=editor, quantities={})
    news.commit()
    (yes,) = [one for one in told(response) if "oui" in one.subject]
    assert "(du 5 au 7" in yes.text or "(du 5 déc" in yes.text
    assert "quelqu’un compte sur ce qui est convenu" in yes.text
    assert "/account/notices" in yes.text and "ou la retirer" in yes.text
    assert "la changer" not in yes.text, "what is agreed is not changed any more"


def test_a_last_word_offers_nothing_that_is_over(app: Flask) -> None:
    post, editor = need()
    response = answered(post)
    will_write()
    deciding.decline(response=response, by=editor, reason=Reason.DATES)
    news.commit()
    last = told(response)[-1].text
    assert "Revoir votre réponse" in last
    assert "retirer" not in last and "changer" not in last


def test_every_editor_hears_of_a_new_answer_and_the_holder_of_the_rest(app: Flask) -> None:
    post, editor = need()
    colleague = make_person(name="Chloé")
    make_membership(colleague, post.organisation, Role.EDITOR)
    response = answered(post)
    assert len(mails(colleague.email)) == 1
    will_write()
    deciding.review(response=response, by=editor)
    news.commit()
    assert refused(response) == ""
    assert (len(mails(editor.email)), len(mails(colleague.email))) == (2, 1)


def test_a_guests_own_link_says_why_it_comes_and_where_there_is_a_choice(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = need()
    guest_sends(client, post)
    page = client.get(link_in(mails("paul@exemple.org")[0])).location
    assert client.post(page).status_code == 303
    sent = mails("paul@exemple.org")[-1].text
    assert "il porte votre lien" in sent and "/notices/less/answers?token=" in sent
