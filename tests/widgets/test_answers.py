"""Answering in place, on a partner's site: as a guest, by mail, without cookie or session."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from board import news
from board.answers.models import Response
from board.answers.rules import ANSWERS_TO_ADDRESS
from board.database import will_write
from board.extensions import db
from board.matching import blocks
from board.posts.models import Post
from board.posts.rules import Audience
from board.widgets import counting, services
from board.widgets.models import Widget
from tests.answers.helpers import link_in, mails, need
from tests.answers.test_pages import field, only
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, csrf, sign_in, text_of
from tests.widgets.helpers import change, make_widget
from tests.widgets.test_embed import XSS
from tests.widgets.test_statistics import kept

OURS = {"Sec-Fetch-Site": "same-origin"}
GUEST = {"name": "Paul", "email": "paul@exemple.org", "message": "Je peux aider samedi."}


def place(widget: Widget, post: Post, query: str = "") -> str:
    """The address of a post opened in a widget."""
    return f"/embed/{widget.uuid}/p/{post.uuid}/answer{query}"


def send(
    client: CheckedClient, widget: Widget, post: Post, query: str = "", *,
    headers: dict[str, str] = OURS, **values: str,
) -> TestResponse:  # fmt: skip
    """Fill in the form in the frame, and send it."""
    data: dict[str, Any] = {field(post): "1", "do": "answer", **GUEST, **values}
    return client.post(place(widget, post, query), data=data, headers=headers)


def test_an_answer_given_in_place_is_confirmed_by_mail_and_keeps_its_partner(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    widget = make_widget(make_organisation(name="Le Petit Carrefour"))
    query = "?q=repas&site=partenaire.org"
    page = client.get(place(widget, post, query))
    html = text_of(page)
    assert 'lang="fr"' in html and "Repas de quartier · Entraide</title>" in html
    assert f'action="{place(widget, post, query).replace("&", "&amp;")}#error-summary"' in html
    assert f"/fr/p/{post.uuid}?via={widget.uuid}&amp;site=partenaire.org" in html
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    sign_in(client, make_person(name="Ana"))  # in a frame nobody is asked who they are
    sent = send(client, widget, post, query)
    assert (sent.status_code, sent.headers["Cache-Control"]) == (303, "no-store")
    assert "Set-Cookie" not in sent.headers and "Set-Cookie" not in page.headers
    said = text_of(client.get(sent.location))
    assert "Regardez votre courriel" in said and "q=repas" in said
    counting.of(app).write()
    assert kept() == {("partenaire.org", "open"): 1}
    assert not mails(editor.email)
    other = app.test_client()
    other.post(other.get(link_in(mails("paul@exemple.org")[0])).location)
    counting.of(app).write()
    assert kept()["partenaire.org", "answer"] == 1
    assert only().is_guest and only().guest_name == "Paul"
    assert (only().partner, only().widget) == ("Le Petit Carrefour", str(widget.uuid))
    assert "Répondu depuis le site de Le Petit Carrefour" in mails(editor.email)[0].text
    sign_in(client, editor)
    for path in (f"/fr/answers/{only().uuid}", f"/fr/p/{post.uuid}/answers"):
        assert "Répondu depuis le site de Le Petit Carrefour" in text_of(client.get(path))


def test_what_is_wrong_is_said_in_place_and_in_its_language(client: CheckedClient) -> None:
    post, _editor = need(conditions="Gilet jaune")
    widget = make_widget(language="en", theme="dark", sites=("https://exemple.org",))
    sent = send(client, widget, post, email="paul", first="2026-12-02", last="2026-12-01")
    html = text_of(sent)
    assert sent.status_code == 422
    assert 'lang="en" data-theme="dark"' in html
    for typed in ('value="paul"', "Je peux aider samedi.", "2026-12-02", "Gilet jaune"):
        assert typed in html
    assert "There are 2 things to correct" in html or "things" in html
    assert sent.headers["Content-Security-Policy"].count("https://exemple.org") == 1
    hostile = send(client, widget, post, f"?q={XSS}&site={XSS}&lang={XSS}", name="", message=XSS)
    assert "<img" not in text_of(hostile) and text_of(hostile).count("<script") == 1
    for _ in range(ANSWERS_TO_ADDRESS.hits):
        assert send(client, widget, post, agrees="y").status_code == 303
    assert "Retry-After" in send(client, widget, post, agrees="y").headers


def test_only_the_boards_own_page_may_send_it(client: CheckedClient) -> None:
    post, _editor = need()
    widget = make_widget()
    for crossed in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://exemple.org"}, {"Origin": "null"},
    ):  # fmt: skip
        sent = send(client, widget, post, headers=crossed)
        assert sent.status_code == 403
        html = text_of(sent)
        assert "Je peux aider samedi." in html and "ne laisse pas répondre" in html
        assert f"/fr/p/{post.uuid}?via={widget.uuid}" in html
        assert "frame-ancestors *" in sent.headers["Content-Security-Policy"]
    assert not mails("paul@exemple.org")


def test_a_widget_takes_answers_to_what_it_shows_alone(client: CheckedClient) -> None:
    shown, _editor = need()
    offer = make_post(title="Une salle")
    members = make_post(audience=Audience.MEMBERS)
    draft = make_post(published_at=None)
    widget = make_widget(filters=(("purpose", "need"),))
    assert client.get(place(widget, shown)).status_code == 200
    for other in (offer, members, draft):
        assert client.get(place(widget, other)).status_code == 404
        assert send(client, widget, other).status_code == 404
    change(widget, layout="single", post=str(offer.uuid))
    assert client.get(place(widget, offer)).status_code == 200
    assert client.get(place(widget, shown)).status_code == 404
    change(widget, layout="cards", asks_nod=True, filters=())
    hidden = client.get(place(widget, shown))
    assert hidden.status_code == 404 and "Retour aux annonces" in text_of(hidden)
    change(widget, welcome=(shown.organisation.slug,))
    assert client.get(place(widget, shown)).status_code == 200
    will_write()
    services.pause(widget=db.session.merge(widget))
    news.commit()
    assert "fermé" in text_of(client.get(place(widget, shown)))
    assert "fermé" in text_of(send(client, widget, shown))
    assert not mails("paul@exemple.org")


def test_a_blocked_guest_reads_what_all_read_and_nothing_is_kept(client: CheckedClient) -> None:
    post, editor = need()
    widget = make_widget()
    will_write()
    blocks.block_address(organisation=post.organisation, email="paul@exemple.org")
    known = make_person(email="lou@exemple.org")
    blocks.block_person(organisation=post.organisation, person=known)
    news.commit()
    said = [
        text_of(client.get(send(client, widget, post, email=email).location))
        for email in ("Paul@Exemple.org", "lou@exemple.org", "ana@exemple.org")
    ]
    assert said[0] == said[1] == said[2] and "Regardez votre courriel" in said[0]
    too_many: dict[str, Any] = {field(post): "500"}
    for email in ("paul@exemple.org", "lou@exemple.org", "ana@exemple.org", "new@exemple.org"):
        assert send(client, widget, post, email=email, **too_many).status_code == 422, email
    assert not mails("paul@exemple.org") and not mails("lou@exemple.org")
    assert only().guest_email == "ana@exemple.org"
    page = client.get(link_in(mails("ana@exemple.org")[0])).location
    will_write()
    blocks.block_address(organisation=post.organisation, email="ana@exemple.org")
    news.commit()
    assert "ne sert plus" in text_of(client.post(page)), "blocked before it was confirmed"
    assert only().confirmed_at is None and not mails(editor.email)


def test_an_address_cannot_lend_a_partner_what_its_widget_never_brought(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = need()
    other = make_post(title="Chaises d’ailleurs")
    news.commit()
    widget = make_widget(make_organisation(name="Le Petit Carrefour"),
                         layout="single", post=str(other.uuid))  # fmt: skip
    listed = make_widget(sites=("https://exemple.org",))
    for forged in (
        f"?via={widget.uuid}&site=gouv.example",
        f"?via={listed.uuid}&site=gouv.example",
    ):
        data = {field(post): "1", "do": "answer", **GUEST, "email": f"{len(forged)}@exemple.org"}
        client.post(f"/fr/p/{post.uuid}/answer{forged}", data=data)
    kept_of = db.session.query(Response).order_by(Response.id).all()
    assert (kept_of[0].partner, kept_of[0].partner_site or "") == (None, "")
    assert "gouv" not in (kept_of[-1].partner_site or "")


def test_first_come_and_the_reserve_are_as_on_the_board(app: Flask, client: CheckedClient) -> None:
    post, _editor = need(quantity=1, committed=1)
    will_write()
    post.lines[0].committed = 0
    post.answers_cap = 1
    news.commit()
    widget = make_widget()
    sent = send(client, widget, post)
    browser = app.test_client()
    browser.post(browser.get(link_in(mails("paul@exemple.org")[0])).location)
    assert sent.status_code == 303
    full = send(client, widget, post, email="ana@exemple.org", name="Ana")
    assert full.status_code == 422
    assert "Attendre en réserve" in text_of(full) and "ana@exemple.org" in text_of(full)
    waits = send(client, widget, post, email="ana@exemple.org", name="Ana", do="reserve")
    assert waits.status_code == 303


def test_an_answer_on_the_board_counts_for_the_widget_that_led_there(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = need()
    widget = make_widget(make_organisation(name="Le Petit Carrefour"))
    headers = {"Referer": "https://partenaire.org/", "User-Agent": "Mozilla/5.0"}
    led = client.get(f"/embed/{widget.uuid}/p/{post.uuid}", headers=headers)
    assert led.location == f"/fr/p/{post.uuid}?via={widget.uuid}&site=partenaire.org"
    person = make_person(name="Ana")
    news.commit()
    sign_in(client, person)
    action = f"/fr/p/{post.uuid}/answer?via={widget.uuid}&site=partenaire.org"
    assert action.replace("&", "&amp;") in text_of(client.get(led.location))
    data = {field(post): "2", "csrf_token": csrf(client, led.location), "do": "answer"}
    assert client.post(action, data=data).status_code == 303
    counting.of(app).write()
    assert kept() == {("partenaire.org", "open"): 1, ("partenaire.org", "answer"): 1}
    assert only().partner == "Le Petit Carrefour"
    strange = f"/fr/p/{post.uuid}?via=nobody&site=<b>"
    assert f'action="/fr/p/{post.uuid}/answer"' in text_of(app.test_client().get(strange))


def test_a_post_opened_inside_a_frame_is_counted_for_its_site(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = need()
    widget = make_widget()
    own = {"Referer": app.config["BOARD"].base_url + "/embed/x", "User-Agent": "Mozilla/5.0"}
    for query in ("?site=partenaire.org", "?site=partenaire.org", "", "?site=%3Cb%3E"):
        client.get(place(widget, post, query), headers=own)
    counting.of(app).write()
    assert kept() == {("partenaire.org", "open"): 2, ("-", "open"): 2}


def test_the_page_after_an_answer_tells_of_no_post(client: CheckedClient) -> None:
    post, draft = make_post(), make_post(published_at=None)
    widget, never = make_widget(), "00000000-0000-0000-0000-000000000001"
    news.commit()
    pages = {}
    for uuid in (str(post.uuid), str(draft.uuid), never):
        answer = client.get(f"/embed/{widget.uuid}/p/{uuid}/answered")
        pages[answer.status_code, text_of(answer).replace(uuid, "")] = uuid
    assert [status for status, _html in pages] == [200]


def test_a_frame_without_scripts_knows_its_site_from_the_browser(client: CheckedClient) -> None:
    need()
    widget = make_widget()
    around = {"Referer": "https://partenaire.org/entraide"}
    page = client.get(f"/embed/{widget.uuid}?lang=fr", headers=around)
    assert "Referer" in page.headers["Vary"]
    assert "site=partenaire.org" in text_of(page)
    assert 'name="site" value="partenaire.org"' in text_of(page)
    tag = {"If-None-Match": page.headers["ETag"]}
    assert client.get(f"/embed/{widget.uuid}?lang=fr", headers=around | tag).status_code == 304
    other = client.get(f"/embed/{widget.uuid}?lang=fr", headers=tag)
    assert other.status_code == 200 and "site=" not in text_of(other)
    named = client.get(f"/embed/{widget.uuid}?site=a.org", headers=around)
    assert "site=a.org" in text_of(named) and "partenaire" not in text_of(named)
    inside = {"Referer": client.application.config["BOARD"].base_url + "/embed/x"}
    assert "site=" not in text_of(client.get(f"/embed/{widget.uuid}", headers=inside))
