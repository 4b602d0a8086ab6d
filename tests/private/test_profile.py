"""« Ce qui vous irait »: a person says what they could do, and nobody else ever learns of it."""

from __future__ import annotations

import json
import re

from flask import Flask
from sqlalchemy import select

from board import news
from board.accounts import services as accounts
from board.accounts.models import Person
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.posts.models import Post
from board.private.models import PrivateLine, PrivateMatch, PrivateView
from board.search import current_engine
from board.search.filters import Query
from board.taxonomy.models import Place
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import work as work_publicly
from tests.pages import CheckedClient, csrf, sign_in
from tests.posts.helpers import fields
from tests.private.helpers import CANARY, hands, keep_profile, work

TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')
PAGE, FORM = "/fr/account/suggestions", "/fr/account/suggestions/profile"


def somebody(client: CheckedClient) -> Person:
    """A signed-in person without an organisation."""
    person = make_person()
    news.commit()
    sign_in(client, person)
    return person


def page(client: CheckedClient, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def press(client: CheckedClient, path: str, **data: str) -> str:
    token = csrf(client, "/fr/settings")
    response = client.post(path, data={"csrf_token": token, **data})
    assert response.status_code == 303, response.status_code
    return client.get(response.headers["Location"]).get_data(as_text=True)


def test_a_person_says_what_suits_and_reads_why(app: Flask, client: CheckedClient) -> None:
    somebody(client)
    hands(make_organisation(name="La Cuillère"))
    assert "Dire ce que j’aimerais faire" in page(client)
    form = fields(page(client, FORM), "profile-form")
    sent = form | {"skills": "cooking", "weekdays": "0", "languages": "fr", "never": "conduire"}
    answer = client.post(FORM, data=sent | {"place": "Nulle-Part-sur-Rien"})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "Ce lieu n’est pas dans la liste." in html
    assert 'value="conduire"' in html, "what was typed stays"
    assert client.post(FORM, data=sent).status_code == 303
    work()
    html = page(client)
    assert "La Cuillère" in html
    assert "même catégorie (cuisine et préparation de repas)" in html
    assert "Vous seul voyez cette page" in html
    assert "1 annonce vous irait" in page(client, "/fr/account")
    again = fields(page(client, FORM), "profile-form")
    assert (again["skills"], again["weekdays"], again["never"]) == ("cooking", "0", "conduire")


def test_skills_are_offered_by_group_and_distances_are_those_of_the_profile(
    app: Flask, client: CheckedClient
) -> None:
    person = somebody(client)
    form = page(client, FORM)
    for key in ("cooking", "homework_help", "translation", "plumbing"):
        assert f'value="{key}"' in form
    assert 'value="drill"' not in form
    places = {place.name: place for place in db.session.scalars(
        select(Place).where(Place.name.in_(("Québec", "Matane"))))}  # fmt: skip
    hands(title="Soupe de loin", place_id=places["Matane"].id)
    hands(title="Ragoût de nulle part")
    keep_profile(person, place=places["Québec"])
    work()
    html = page(client)
    assert html.index("Ragoût de nulle part") < html.index("Soupe de loin"), "far ones come last"
    assert len(re.findall(r"à \d+\u00a0km", html)) == 1, "said once, by the reasons"


def test_no_figure_tells_that_somebody_keeps_a_profile(client: CheckedClient) -> None:
    somebody(client)
    page(client, FORM)
    figures = client.get("/metrics").get_data(as_text=True)
    assert "suggestions" not in figures and "reserve" not in figures
    assert 'consumer="private"' not in figures


def test_a_profile_that_says_nothing_is_asked_for_something(client: CheckedClient) -> None:
    somebody(client)
    form = fields(page(client, FORM), "profile-form")
    answer = client.post(FORM, data=form | {"needed_from": "2026-10-09",
                                            "needed_until": "2026-10-01"})  # fmt: skip
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert "Cochez ce que vous aimeriez faire" in html
    assert "La fin vient avant le début" in html


def test_a_dismissed_need_goes_comes_back_and_changes_what_is_shown(
    app: Flask, client: CheckedClient
) -> None:
    person = somebody(client)
    keep_profile(person)
    theirs = make_organisation(name="La Cuillère")
    first, other = hands(theirs, title="Soupe canari"), hands(theirs, title="Ragoût canari")
    work()
    path = f"{PAGE}/{first.lines[0].uuid}"
    assert "Choisissez une raison." in press(client, f"{path}/dismiss", reason="because")
    assert page(client).count("canari") > 2
    html = press(client, f"{path}/dismiss", reason="wrong_dates")
    assert "Ragoût canari" in html
    assert "Ce que vous avez mis de côté" in html
    press(client, f"{path}/undo")
    html = press(client, f"{path}/dismiss", reason="not_them")
    assert "Ragoût canari" not in html, "nothing of that organisation any more"
    press(client, f"{path}/undo")
    for post in (first, other):
        press(client, f"{PAGE}/{post.lines[0].uuid}/dismiss", reason="wrong_thing")
    hands(title="Potage canari")
    work()
    assert "Nous rapprochons moins" in page(client)
    assert "Ce que vos refus changent" not in press(client, f"{PAGE}/reset")


def test_a_need_that_closed_or_blocked_shows_no_more(app: Flask, client: CheckedClient) -> None:
    person = somebody(client)
    keep_profile(person)
    ours = make_organisation()
    hidden, own = hands(title="Soupe canari"), hands(ours, title="Ragoût canari")
    work()
    assert "Soupe canari" in page(client) and "Ragoût canari" in page(client)
    will_write()
    db.session.get_one(Post, hidden.id).hidden_at = now()
    make_membership(person, ours)
    news.commit()  # the worker has not come by yet
    will_write(False)
    assert own.id
    assert "canari" not in page(client)


def test_no_surface_shows_a_profile_or_that_there_is_one(app: Flask, client: CheckedClient) -> None:
    moderator = make_person(moderator_at=now())
    author = make_person()
    ours = make_organisation(responsible=author)
    asked = hands(ours)
    work_publicly()
    before = seen_by(app, client, author, ours.slug, asked)
    will_write()
    keep_profile(make_person(name="Volontaire"), never=f"{CANARY}e, conduire")
    work()
    work_publicly()
    assert db.session.scalars(select(PrivateMatch)).all()
    assert seen_by(app, client, author, ours.slug, asked) == before
    for who in (moderator, author):
        sign_in(client, who)
        pages = ["/fr/account/export", "/fr/account", "/fr/moderation/log", PAGE, "/fr/moderation"]
        assert CANARY not in "".join(client.get(p).get_data(as_text=True) for p in pages)
    found = current_engine()
    assert not found.search(Query(q=CANARY)).total
    assert CANARY not in " ".join(found.suggest(CANARY[:4]))


def seen_by(app: Flask, client: CheckedClient, author: Person, slug: str, asked: Post) -> list[str]:
    """What a visitor and the author read, everywhere that a post is shown."""
    visitor = app.test_client()
    paths = ["/fr/", f"/fr/?q={CANARY}", f"/fr/p/{asked.uuid}", f"/fr/organisations/{slug}",
             "/api/v1/posts", "/fr/moderation-figures", "/metrics"]  # fmt: skip
    own = [f"/fr/organisations/{slug}/matches", f"/fr/p/{asked.uuid}", "/fr/account"]
    sign_in(client, author)
    answers = [visitor.get(path) for path in paths] + [client.get(path) for path in own]
    assert {answer.status_code for answer in answers} == {200}
    texts = [TOKEN.sub("", answer.get_data(as_text=True)) for answer in answers]
    assert CANARY not in "".join(texts[2:]).replace(f"q={CANARY}", "")
    return [text for text, path in zip(texts, [*paths, *own], strict=True) if path != "/metrics"]


def test_my_export_holds_it_and_erasing_me_leaves_nothing(
    app: Flask, client: CheckedClient
) -> None:
    person = somebody(client)
    keep_profile(person, never="conduire")
    asked = hands()
    work()
    press(client, f"{PAGE}/{asked.lines[0].uuid}/dismiss", reason="too_far")
    known = json.loads(client.get("/fr/account/export").get_data(as_text=True))["private"]
    assert known["profile"]["title"] == CANARY
    assert known["profile"]["concepts"] == ["cooking"]
    assert known["profile"]["never"] == "conduire"
    assert known["profile"]["answers"][0]["reason"] == "too_far"
    will_write()
    accounts.forget(db.session.get_one(Person, person.id))
    news.commit()
    for table in (PrivateLine, PrivateMatch, PrivateView):
        assert db.session.scalars(select(table)).all() == []


def test_a_profile_is_effaced_when_its_person_says_so(app: Flask, client: CheckedClient) -> None:
    keep_profile(somebody(client))
    hands()
    work()
    assert "Votre profil est effacé." in press(client, f"{PAGE}/forget")
    assert db.session.scalars(select(PrivateMatch)).all() == []
    assert db.session.scalars(select(PrivateLine)).all() == []
