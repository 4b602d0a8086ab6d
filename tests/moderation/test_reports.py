"""Anybody reports, with or without an account; the same thing twice is one; nobody floods."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from board import clock, jobs, news
from board.database import will_write, writing
from board.extensions import db
from board.moderation import queue, reports, rules
from board.moderation.models import Doubt, Report
from board.moderation.rules import Waiting
from board.posts.services import confirm
from tests.conftest import NOW
from tests.factories import make_person, make_post
from tests.moderation.helpers import again, browser, fields, mails, published
from tests.pages import CheckedClient, sign_in


def all_reports() -> list[Report]:
    db.session.rollback()
    return list(db.session.scalars(select(Report).order_by(Report.id)))


def test_a_visitor_reports_a_post_without_an_account(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert f"/fr/p/{post.uuid}/report" in page
    path = f"/fr/p/{post.uuid}/report"
    assert "Ne rien vendre" in client.get(path).get_data(as_text=True)
    sent = client.post(path, data={"rule": "not_for_sale", "text": "10 $ pièce.", "email": ""})
    assert sent.status_code == 303
    assert "Merci" in client.get(sent.headers["Location"]).get_data(as_text=True)
    (report,) = all_reports()
    assert (report.rule, report.text, report.by_id) == (
        rules.Rule.NOT_FOR_SALE,
        "10 $ pièce.",
        None,
    )
    assert queue.counts()[Waiting.REPORT] == 1
    assert not client.get_cookie("babillard")


def test_a_report_cites_a_rule_and_keeps_what_was_typed(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    path = f"/fr/p/{post.uuid}/report"
    for data in ({"text": "Un mot"}, {"rule": "nothing", "text": "Un mot"},
                 {"rule": "true", "text": "Un mot", "email": "pas une adresse"},
                 {"rule": "true", "text": "Un mot" + "x" * 2000}):  # fmt: skip
        answer = client.post(path, data=data)
        assert answer.status_code == 422
        assert "Un mot" in answer.get_data(as_text=True)
    assert all_reports() == []


def test_an_organisation_can_be_reported(app: Flask, client: CheckedClient) -> None:
    _person, organisation, _post = published()
    page = client.get(f"/fr/organisations/{organisation.slug}").get_data(as_text=True)
    path = f"/fr/organisations/{organisation.slug}/report"
    assert path in page
    assert client.post(path, data={"rule": "own_name"}).status_code == 303
    (report,) = all_reports()
    assert report.organisation_id == organisation.id


def test_what_a_reader_may_not_see_cannot_be_reported(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, draft = published(published_at=None)
    gone = make_post(withdrawn_at=NOW)
    news.commit()
    for post, status in ((draft, 404), (gone, 410)):
        assert client.get(f"/fr/p/{post.uuid}/report").status_code == status
        assert client.post(f"/fr/p/{post.uuid}/report", data={"rule": "true"}).status_code == status
        assert client.post(f"/fr/p/{post.uuid}/outdated").status_code == status


def test_the_same_person_twice_is_one_report(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    reader = make_person()
    news.commit()
    sign_in(client, reader)
    path = f"/fr/p/{post.uuid}/report"
    for text in ("Faux.", "Toujours faux.", "Faux."):
        data = {**fields(client, path), "rule": "true", "text": text}
        assert client.post(path, data=data).status_code == 303
    (report,) = all_reports()
    assert report.text == "Faux.\n\nToujours faux."
    visitor = browser(app)
    for _ in range(2):
        visitor.post(path, data={"rule": "true", "email": "Ana@Exemple.org"})
    assert len(all_reports()) == 2
    assert queue.counts()[Waiting.REPORT] == 1
    (item,) = queue.items(Waiting.REPORT, offset=0)
    assert item.count == 2


def test_a_network_cannot_flood_the_queue(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    answers = [
        client.post(f"/fr/p/{post.uuid}/report", data={"rule": "true"}).status_code
        for _ in range(rules.REPORTS_BY_NETWORK.hits + 2)
    ]
    assert answers[-1] == 429
    assert len(all_reports()) == rules.REPORTS_BY_NETWORK.hits


def test_a_reader_asks_whether_it_is_still_true(app: Flask, client: CheckedClient) -> None:
    person, organisation, post = published(published_at=NOW - timedelta(days=30))
    other = make_post(by=organisation, title="Tables", published_at=NOW - timedelta(days=40))
    news.commit()
    before = (post.version, post.confirmed_at, post.ranked_at)
    for one in (post, other, post):
        answer = client.post(f"/fr/p/{one.uuid}/outdated")
        assert answer.status_code == 303
        assert client.get(answer.headers["Location"]).status_code == 200
    again(post)
    assert (post.version, post.confirmed_at, post.ranked_at) == before
    assert not mails(person.email)
    clock.fix(NOW + timedelta(days=1))
    for _run in range(2):
        jobs.work_once(app)
    (mail,) = mails(person.email)
    assert "2 de vos annonces" in mail.subject
    assert "pense que ce n’est plus à jour" in mail.text
    assert mail.text.count("/still?token=") == 2
    assert "toujours vraies" not in mail.text
    clock.fix(NOW + timedelta(days=2))
    jobs.work_once(app)
    assert len(mails(person.email)) == 1
    editor = browser(app, person)
    assert "encore vraie" in editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "pense que" not in client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    due = editor.get("/fr/account/due").get_data(as_text=True)
    assert "Une personne pense que ce n’est plus à jour" in due
    both = again(post), again(other)
    with writing():
        for one in both:
            confirm(post=one, by=person)
        news.commit()
    assert "pense que" not in editor.get("/fr/account/due").get_data(as_text=True)


def test_nobody_is_nagged_about_what_they_confirmed(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published(published_at=NOW - timedelta(days=2))
    client.post(f"/fr/p/{post.uuid}/outdated")
    clock.fix(NOW + timedelta(days=10))
    client.post(f"/fr/p/{post.uuid}/outdated")
    clock.fix(NOW + timedelta(days=20))
    client.post(f"/fr/p/{post.uuid}/outdated")
    assert len(list(db.session.scalars(select(Doubt)))) == 1
    clock.fix(NOW + timedelta(days=25))
    client.post(f"/fr/p/{post.uuid}/outdated")
    db.session.rollback()
    assert len(list(db.session.scalars(select(Doubt)))) == 2


def test_addresses_of_visitors_are_forgotten(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    client.post(f"/fr/p/{post.uuid}/report", data={"rule": "true", "email": "ana@exemple.org"})
    (report,) = all_reports()
    will_write()
    report = db.session.get_one(Report, report.id)
    report.settled_at = NOW - rules.KEEP_ADDRESS - timedelta(days=1)
    news.commit()
    with writing():
        assert reports.forget_addresses() == 1
        news.commit()
    assert all_reports()[0].email is None
