"""The reserve: « offer this to X? » is asked of one organisation alone, and leaks nowhere."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from board import clock, news
from board.accounts.models import Person
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.organisations import services as organisations
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Basis, Kind, Purpose
from board.private import offering
from board.private.models import PrivateLine, PrivateMatch
from board.private.offering import Offered
from board.search import current_engine
from board.search.filters import Query
from board.taxonomy.models import Place
from tests.factories import make_organisation, make_person
from tests.matching.helpers import concept, need
from tests.matching.helpers import matches as public_matches
from tests.matching.helpers import work as work_publicly
from tests.pages import CheckedClient, csrf, sign_in
from tests.posts.helpers import at_work, fields
from tests.private.helpers import CANARY, keep_sleeping, work

TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')


def path(organisation: Organisation, rest: str = "") -> str:
    return f"/fr/organisations/{organisation.slug}/reserve{rest}"


def page(client: CheckedClient, organisation: Organisation) -> str:
    response = client.get(path(organisation))
    assert response.status_code == 200
    return response.get_data(as_text=True)


def decide(client: CheckedClient, line: PrivateLine, asked: Post, do: str, **more: str) -> str:
    """Answer « offer this to X? » and return where that leads."""
    organisation = db.session.get_one(Organisation, line.organisation_id)
    token = csrf(client, "/fr/settings")
    response = client.post(
        path(organisation, f"/{line.uuid}/{asked.lines[0].uuid}/answer"),
        data={"csrf_token": token, "do": do, **more},
    )
    assert response.status_code == 303, response.status_code
    return str(response.headers["Location"])


def test_what_sleeps_is_kept_and_asked_about(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    need(make_organisation(name="Les Voisins"))
    form = fields(client.get(path(ours, "/add")).get_data(as_text=True), "sleeping-form")
    refused = client.post(path(ours, "/add"), data=form | {"quantity": "beaucoup"})
    assert refused.status_code == 422
    assert "beaucoup" in refused.get_data(as_text=True)
    sent = form | {"title": "Perceuse à percussion", "basis": "loan"}
    assert client.post(path(ours, "/add"), data=sent).status_code == 303
    line = db.session.scalars(select(PrivateLine)).one()
    assert (line.kind, line.concepts[0].concept.key) == (Kind.TOOL, "drill")
    work()
    html = page(client, ours)
    assert "Offrir «\u00a0Perceuse à percussion\u00a0» à Les Voisins\u00a0?" in html
    assert "1 besoin auquel répondre" in client.get("/fr/account").get_data(as_text=True)
    matches = client.get(f"/fr/organisations/{ours.slug}/matches").get_data(as_text=True)
    assert "1 besoin auquel répondre" in matches


def test_what_sleeps_is_at_home_unless_it_says_where(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    places = {place.name: place for place in db.session.scalars(
        select(Place).where(Place.name.in_(("Québec", "Lévis"))))}  # fmt: skip
    ours.place = places["Québec"]
    need(place_id=places["Lévis"].id)
    keep_sleeping(ours)
    work()
    html = page(client, ours)
    assert len(re.findall(r"à \d+\u00a0km", html)) == 1
    assert "Non précisé\u00a0: les dates." in html


def test_yes_begins_a_draft_that_says_the_same(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    line = keep_sleeping(ours, basis=Basis.LOAN, quantity=3)
    asked = need()
    work()
    where = decide(client, line, asked, "publish")
    post = db.session.scalars(select(Post).where(Post.organisation_id == ours.id)).one()
    assert where.endswith(f"/fr/p/{post.uuid}/edit")
    assert post.published_at is None
    assert (post.purpose, post.title) == (Purpose.OFFER, line.title)
    assert (post.lines[0].quantity, post.lines[0].basis) == (3, Basis.LOAN)
    assert post.lines[0].category_id == concept("drill")
    assert client.get(where).status_code == 200
    html = page(client, ours)
    assert "Oui, publier" not in html
    assert "(commencée, pas encore publiée)" in html
    assert f'href="/fr/p/{post.uuid}/edit"' in html, "it can go on"
    given_up(post)
    html = page(client, ours)
    assert ("Oui, publier" in html, "commencée" in html) == (True, False), "nothing was sent"
    decide(client, line, asked, "publish")
    again = db.session.scalars(
        select(Post).where(Post.organisation_id == ours.id, Post.withdrawn_at.is_(None))
    ).one()
    will_write()
    again.published_at = now()
    news.commit()
    html = page(client, ours)
    assert ("Oui, publier" in html, "(oui)" in html) == (False, True)


def given_up(post: Post) -> None:
    """Discard a draft."""
    will_write()
    db.session.get_one(Post, post.id).withdrawn_at = now()
    news.commit()


def test_yes_leads_to_answering_where_that_is_possible(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    line, asked = keep_sleeping(ours), need()
    work()
    told: list[Offered] = []

    def there(offered: Offered) -> str:
        told.append(offered)
        return f"/fr/p/{offered.need_post}"

    before = list(offering._answers)
    offering.answers_with(there)
    try:
        assert "Oui, leur répondre" in page(client, ours)
        assert decide(client, line, asked, "answer").endswith(f"/fr/p/{asked.uuid}")
        html = page(client, ours)
        assert ("Oui, leur répondre" in html, "(oui)" in html) == (True, False), "nothing was sent"
    finally:
        offering._answers[:] = before
    assert told[0].need_line == asked.lines[0].uuid
    assert told[0].organisation.id == ours.id


def test_later_comes_back_and_never_does_not(app: Flask, client: CheckedClient) -> None:
    person, ours = at_work(client)
    theirs = make_organisation(name="Les Voisins")
    line = keep_sleeping(ours)
    first, _second = need(theirs, title="Perceuse canari"), need(theirs, title="Perceuse serin")
    work()
    decide(client, line, first, "later", later="week")
    html = page(client, ours)
    assert "canari" not in html.split('id="answered"')[0] and "serin" in html
    clock.fix(now() + timedelta(days=8))
    sign_in(client, person)
    assert "canari" in page(client, ours).split('id="answered"')[0]
    decide(client, line, first, "never")
    html = page(client, ours).split('id="answered"')[0]
    assert "canari" not in html and "serin" not in html, "never to them"
    token = csrf(client, "/fr/settings")
    undo = path(ours, f"/{line.uuid}/{first.lines[0].uuid}/undo")
    assert client.post(undo, data={"csrf_token": token}).status_code == 303
    assert "serin" in page(client, ours)


def test_no_surface_shows_what_sleeps_nor_what_was_said_of_it(
    app: Flask, client: CheckedClient
) -> None:
    asking = make_person()
    theirs = make_organisation(responsible=asking, verified_at=now())
    asked = need(theirs)
    owner = make_person()
    ours = make_organisation(responsible=owner)
    news.commit()
    work_publicly()
    before = seen(app, client, asking, ours, asked)
    will_write()
    line = keep_sleeping(ours, conditions=CANARY)
    work()
    work_publicly()
    assert len(db.session.scalars(select(PrivateMatch)).all()) == 1
    assert public_matches() == []
    assert seen(app, client, asking, ours, asked) == before
    sign_in(client, owner)
    decide(client, line, asked, "never")
    assert seen(app, client, asking, ours, asked) == before
    for who in (asking, make_moderator()):
        sign_in(client, who)
        assert client.get(path(ours)).status_code == 404
        private = ["/fr/account/export", "/fr/moderation", f"/fr/p/{asked.uuid}/edit"]
        assert CANARY not in "".join(client.get(p).get_data(as_text=True) for p in private)
    found = current_engine()
    assert not found.search(Query(q=CANARY)).total
    assert CANARY not in " ".join(found.suggest(CANARY[:4]))


def make_moderator() -> Person:
    """Somebody who looks after the board."""
    will_write()
    person = make_person(moderator_at=now())
    news.commit()
    return person


def seen(
    app: Flask, client: CheckedClient, asking: Person, ours: Organisation, asked: Post
) -> list[str]:
    """What a visitor and the author of the need read."""
    visitor = app.test_client()
    open_pages = ["/fr/", "/fr/?q=perceuse", f"/fr/p/{asked.uuid}", "/api/v1/posts",
                  f"/fr/organisations/{ours.slug}", "/fr/moderation-figures"]  # fmt: skip
    slug = asked.organisation.slug
    own = [f"/fr/organisations/{slug}/matches", f"/fr/p/{asked.uuid}", "/fr/account"]
    sign_in(client, asking)
    answers = [visitor.get(p) for p in open_pages] + [client.get(p) for p in own]
    assert {answer.status_code for answer in answers} == {200}
    texts = [TOKEN.sub("", answer.get_data(as_text=True)) for answer in answers]
    assert CANARY not in "".join(texts)
    return texts


def test_the_export_of_its_people_holds_it_and_closing_takes_it_away(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    keep_sleeping(ours)
    need()
    work()
    known = json.loads(client.get("/fr/account/export").get_data(as_text=True))["private"]
    assert known["sleeping_offers"][0]["title"] == f"Perceuse {CANARY}"
    assert known["sleeping_offers"][0]["organisation"] == ours.name
    will_write()
    organisations.close(organisation=db.session.get_one(Organisation, ours.id))
    news.commit()
    assert db.session.scalars(select(PrivateLine)).all() == []
    assert db.session.scalars(select(PrivateMatch)).all() == []


def test_never_to_them_is_silence_about_everything_and_what_is_not_offered_is_refused(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    asked = need(make_organisation(name="Les Voisins"))
    line = keep_sleeping(ours)
    keep_sleeping(ours, title="Perceuse sans fil")
    work()
    token = csrf(client, "/fr/settings")
    to = path(ours, f"/{line.uuid}/{asked.lines[0].uuid}/answer")
    for sent in ({"do": "foo"}, {}, {"do": ""}, {"do": "later", "later": "zzz"}):
        answer = client.post(to, data={"csrf_token": token, **sent})
        assert answer.status_code == 422
        assert "Choisissez ce que vous décidez" in answer.get_data(as_text=True)
    assert page(client, ours).count('id="question-') == 2
    decide(client, line, asked, "never")
    assert 'id="question-' not in page(client, ours)
