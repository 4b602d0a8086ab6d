"""« Oui, leur répondre »: what an organisation keeps in reserve begins its answer to a need."""

from __future__ import annotations

from flask import Flask

from board import news
from board.answers import services
from board.answers.models import Response
from board.answers.rules import Reason
from board.database import will_write
from board.extensions import db
from board.posts.rules import Basis
from tests.answers.helpers import mails
from tests.factories import make_organisation, make_person
from tests.matching.helpers import need
from tests.pages import CheckedClient, csrf, sign_in, text_of
from tests.private.helpers import keep_sleeping, work
from tests.private.test_reserve import decide, page


def test_yes_leads_to_an_answer_that_says_what_is_kept(app: Flask, client: CheckedClient) -> None:
    us, asking, stranger = make_person(), make_person(), make_person()
    ours = make_organisation(responsible=us, name="Outilthèque")
    line = keep_sleeping(ours, basis=Basis.LOAN, quantity=3, conditions="Retour le lundi.")
    asked = need(
        make_organisation(responsible=asking), lines=[{"title": "Perceuses", "quantity": 5}]
    )
    work()
    sign_in(client, us)
    assert "Oui, leur répondre" in page(client, ours)
    where = decide(client, line, asked, "answer")
    assert f"/fr/p/{asked.uuid}/answer?" in where
    form = text_of(client.get(where))
    assert f'<option selected value="{ours.uuid}">' in form
    assert "Retour le lundi." in form
    field = f"line-{asked.lines[0].uuid}"
    assert f'name="{field}" type="text" value="3"' in form
    assert "Oui, leur répondre" in page(client, ours), "nothing was sent"
    token = csrf(client, where)
    sent = {"csrf_token": token, "speaks_for": str(ours.uuid), field: "2", "message": "Voici."}
    assert client.post(where, data=sent | {"do": "answer"}).status_code == 303
    one = db.session.query(Response).one()
    assert (one.organisation_id, one.lines[0].quantity) == (ours.id, 2)
    assert mails(asking.email)
    html = page(client, ours)
    assert ("Oui, leur répondre" in html, "(oui)" in html) == (False, True)
    will_write()
    one = db.session.query(Response).one()
    services.withdraw(response=one, by=one.person, reason=Reason.NOT_AVAILABLE)
    news.commit()
    assert "Oui, leur répondre" in page(client, ours), "asked again"
    other = app.test_client()
    sign_in(other, stranger)
    for browser in (other, app.test_client()):
        assert "Retour le lundi." not in text_of(browser.get(where))
