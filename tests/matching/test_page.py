"""« Jumelages »: an organisation's editors see why, set pairs aside, take it back; nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from board import news
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.matching import joining, told
from board.matching.effects import Dismissed, effects
from board.matching.models import Block, MatchView
from board.matching.rules import Dismissal, State
from board.organisations.models import Organisation
from board.organisations.rules import Role
from board.posts import waiting
from board.posts.models import Post
from board.posts.rules import Audience
from tests.answers.helpers import proposed as answered_just_now
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import concept, matches, need, offer, work
from tests.pages import CheckedClient, csrf, sign_in
from tests.posts.helpers import at_work


def path(organisation: Organisation, rest: str = "") -> str:
    """The address of an organisation's pairs."""
    return f"/fr/organisations/{organisation.slug}/matches{rest}"


def page(client: CheckedClient, organisation: Organisation) -> str:
    """The page of its pairs."""
    response = client.get(path(organisation))
    assert response.status_code == 200
    return response.get_data(as_text=True)


def proposed(html: str) -> str:
    """What a page proposes, without what was set aside."""
    return html.partition('id="set-aside"')[0]


def press(client: CheckedClient, ours: Organisation, rest: str, **data: str) -> str:
    """Press a button of the page and read where it leads."""
    token = csrf(client, "/fr/settings")
    response = client.post(path(ours, rest), data={"csrf_token": token, **data})
    assert response.status_code == 303, response.status_code
    return client.get(response.headers["Location"]).get_data(as_text=True)


def about(asked: Post, offered: Post, verb: str) -> str:
    """The address of what is done with a pair."""
    return f"/{asked.lines[0].uuid}/{offered.lines[0].uuid}/{verb}"


def dismiss(client: CheckedClient, ours: Organisation, pair: tuple[Post, Post], why: str) -> str:
    """Set a pair aside."""
    return press(client, ours, about(*pair, "dismiss"), reason=why)


def test_a_pair_says_why_in_one_sentence(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    need(ours)
    offer(make_organisation(name="Outilthèque des Vents"))
    work()
    html = page(client, ours)
    assert "même catégorie (perceuses) · «\u00a0perceuse\u00a0» dans les deux" in html
    assert "Non précisé\u00a0: le lieu, les dates." in html
    assert "Outilthèque des Vents" in html
    assert "Vous seuls voyez cette page" in html


def test_what_could_answer_several_needs_is_counted_once(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    need(ours)
    need(ours)
    offer()
    work()
    assert len(matches()) == 2
    assert "1 offre pourrait répondre aux besoins de" in page(client, ours)


def test_of_equals_what_has_waited_longest_unanswered_is_first(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    need(ours)
    published = [now() - timedelta(days=days) for days in (20, 10)]
    older, newer = (offer(make_organisation(name=name), published_at=at, confirmed_at=at)
                    for name, at in zip(("Maison Ancienne", "Maison Nouvelle"), published,
                                        strict=True))  # fmt: skip
    work()
    html = page(client, ours)
    assert html.index("Maison Ancienne") < html.index("Maison Nouvelle")
    answered_just_now(older)
    assert waiting.since({newer.id: published[1]}) == {newer.id: published[1]}
    html = page(client, ours)
    assert html.index("Maison Nouvelle") < html.index("Maison Ancienne")


def test_half_of_a_window_is_said_to_be_missing(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    soon = now().date() + timedelta(days=9)
    need(ours, line={"needed_from": soon})
    offer(line={"needed_until": soon + timedelta(days=30)})
    work()
    html = page(client, ours)
    assert "Non précisé\u00a0: le lieu, la fin du besoin, le début de l’offre." in html


def test_what_is_new_for_an_organisation_can_be_told(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    before = now() - timedelta(days=1)
    asked, _offered = need(ours), offer()
    person = make_person()
    joining.join(post=asked, organisation=make_organisation(responsible=person), by=person,
                 quantity=None)  # fmt: skip
    work()
    assert len(told.new_pairs(ours)) == 1
    (joined,) = told.joined_since(ours, before)
    assert (joined.post, joined.is_own, joined.organisations) == (asked, True, 2)
    assert not told.joined_since(ours, now() + timedelta(seconds=1))


def test_a_draft_or_hidden_post_never_shows(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    need(ours)
    offered = offer(title="Perceuse canari")
    work()
    assert "canari" in page(client, ours)
    will_write()
    db.session.get_one(Post, offered.id).hidden_at = now()
    news.commit()  # the worker has not come by yet
    will_write(False)
    assert "canari" not in page(client, ours)


def test_what_became_for_members_leaves_an_unverified_page(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    need(ours)
    offered = offer(title="Perceuse canari")
    work()
    will_write()
    db.session.get_one(Post, offered.id).audience = Audience.MEMBERS
    news.commit()
    will_write(False)
    assert "canari" not in page(client, ours)


def test_strangers_neither_see_nor_dismiss(app: Flask, client: CheckedClient) -> None:
    ours = make_organisation(responsible=make_person())
    pair = need(ours), offer()
    work()
    person, theirs = at_work(client)
    assert client.get(path(ours)).status_code == 404
    token = csrf(client, "/fr/settings")
    for slug in (ours, theirs):
        answer = client.post(
            path(slug, about(*pair, "dismiss")), data={"csrf_token": token, "reason": "too_far"}
        )
        assert answer.status_code == 404
    make_membership(person, ours, Role.EDITOR)
    news.commit()
    assert client.get(path(ours)).status_code == 200


def test_a_dismissed_pair_is_hidden_at_once_and_comes_back(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    pair = need(ours), offer(title="Perceuse canari")
    work()
    html = dismiss(client, ours, pair, "already_done")
    assert "Jumelage retiré\u00a0: déjà réglé." in html
    assert "canari" not in proposed(html)
    work()
    later = page(client, ours)
    shown, _mark, aside = later.partition('id="set-aside"')
    assert "canari" not in shown
    assert "Perceuse canari" in aside and "déjà réglé" in aside, "taken back whenever one likes"
    assert about(*pair, "undo") in aside
    html = press(client, ours, about(*pair, "undo"))
    assert "de nouveau proposé" in html
    assert "canari" in html


def test_a_dismissal_survives_a_rebuild_and_is_not_the_others(
    app: Flask, client: CheckedClient
) -> None:
    person, ours = at_work(client)
    theirs = make_organisation(responsible=person)
    pair = need(ours, title="Perceuse canari"), offer(theirs)
    work()
    dismiss(client, ours, pair, "wrong_dates")
    app.test_cli_runner().invoke(args=["match", "rebuild"])
    assert "canari" not in proposed(page(client, ours))
    assert "canari" in page(client, theirs)


def test_not_them_keeps_both_apart_until_it_is_taken_back(
    app: Flask, client: CheckedClient
) -> None:
    person, ours = at_work(client)
    theirs = make_organisation(responsible=person, name="Les Autres")
    first = need(ours), offer(theirs)
    offer(theirs, title="Perceuse canari")
    work()
    assert "canari" in page(client, ours)
    html = dismiss(client, ours, first, "not_them")
    assert "canari" not in html
    assert "canari" not in page(client, theirs)
    work()
    assert matches() == []
    html = press(client, ours, "/reset", unblock=theirs.slug)
    assert "Les Autres peut de nouveau vous être proposée." in html
    work()
    assert "canari" in page(client, ours)
    make_organisation(slug="discrete", name="Nom discret", hidden_at=NOW)
    news.commit()
    for slug in ("discrete", theirs.slug, "personne"):  # nothing of theirs: no name, no effect
        html = press(client, ours, "/reset", unblock=slug)
        assert "Nom discret" not in html and "peut de nouveau" not in html
        assert "Vos refus ne changent plus" not in html
    assert db.session.scalars(select(Block)).all() == []


def test_too_far_puts_what_is_farther_last_and_can_be_reset(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    places = places_of("Québec", "Lévis", "Montréal")
    asked = need(ours, place_id=places["Québec"])
    near = offer(place_id=places["Lévis"])
    offer(place_id=places["Montréal"], title="Perceuse pour poser des tablettes, canari")
    work()
    html = dismiss(client, ours, (asked, near), "too_far")
    assert re.search(r"Nous proposerons en dernier ce qui est à \d+\u00a0km ou plus", html)
    assert "Ce que vos refus changent" in html
    html = press(client, ours, "/reset")
    assert "Ce que vos refus changent" not in html


def test_what_must_be_fetched_from_far_comes_last(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    places = places_of("Québec", "Lévis", "Montréal")
    need(ours, place_id=places["Québec"])
    offer(place_id=places["Montréal"], title="Une perceuse pour poser des tablettes, loin")
    offer(place_id=places["Lévis"], title="Outil de chantier, tout près")
    work()
    html = page(client, ours)
    assert html.index("tout près") < html.index("tablettes, loin")


def test_the_wrong_thing_twice_lowers_that_link_for_this_organisation(
    app: Flask, client: CheckedClient
) -> None:
    person, ours = at_work(client)
    others = make_organisation(responsible=person)
    saw = {"category_id": concept("saw"), "title": "Coffret de chantier"}
    offers = [offer(line=saw, title="Coffret de chantier canari") for _ in range(3)]
    chest = {"line": {"title": "Coffret"}, "title": "Grand coffret pour percer"}
    asked = need(ours, **chest)
    need(others, **chest)
    work()
    assert page(client, ours).count("canari") == 3
    for one in offers[:2]:
        dismiss(client, ours, (asked, one), "wrong_thing")
    html = page(client, ours)
    assert "canari" not in proposed(html)
    assert "Nous rapprochons moins\u00a0: perceuses, scies." in html
    assert page(client, others).count("canari") == 3
    assert "canari" in press(client, ours, "/reset")


def test_a_reason_is_asked_for(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    pair = need(ours), offer()
    work()
    assert "Choisissez une raison." in dismiss(client, ours, pair, "because")


def test_what_was_shown_is_seen_once_the_page_says_so(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    asked, offered = need(ours), offer()
    other_pair = need(make_organisation()), offered
    work()
    assert "1 nouveau" in client.get("/fr/account").get_data(as_text=True)
    page(client, ours)
    assert db.session.scalars(select(MatchView)).all() == []
    token = csrf(client, "/fr/settings")
    keys = [f"{a.lines[0].uuid}.{b.lines[0].uuid}" for a, b in ((asked, offered), other_pair)]
    answer = client.post(path(ours, "/seen"), data={"csrf_token": token, "pair": [*keys, "x.y"]})
    assert answer.status_code == 204
    (view,) = db.session.scalars(select(MatchView)).all()
    assert (view.need_line_id, view.state) == (asked.lines[0].id, State.SEEN)
    assert "nouveau" not in client.get("/fr/account").get_data(as_text=True)


def test_mine_leads_to_the_pairs_of_my_organisation(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    news.commit()
    sign_in(client, person)
    assert "Publier une annonce" in client.get("/fr/matches").get_data(as_text=True)
    ours = make_organisation(responsible=person)
    news.commit()
    assert client.get("/fr/matches").headers["Location"].endswith(path(ours))
    for number, status in {"1": 200, "٣": 422, "²": 422, "0": 422, "2": 404}.items():
        assert client.get(path(ours, f"?page={number}")).status_code == status, number


def test_an_own_post_shows_its_pairs_to_its_editors_alone(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    asked, found = need(ours), offer(title="Perceuse canari")
    work()
    html = client.get(f"/fr/p/{asked.uuid}").get_data(as_text=True)
    assert 'id="matches"' in html
    assert "canari" in html
    assert "Répondre à cette offre" in html
    assert "Non précisé" in html
    visitor = app.test_client().get(f"/fr/p/{asked.uuid}").get_data(as_text=True)
    assert 'id="matches"' not in visitor
    assert path(ours, about(asked, found, "dismiss")) in html
    led = f"/fr/p/{found.uuid}/answer?for={ours.slug}"
    assert led in client.get(path(ours)).get_data(as_text=True)
    form = client.get(led).get_data(as_text=True)
    assert f'<option selected value="{ours.uuid}">' in form
    dismiss(client, ours, (asked, found), "wrong_thing")
    assert "canari" not in client.get(f"/fr/p/{asked.uuid}").get_data(as_text=True)


def test_a_visitor_sees_what_is_offered_nearby_and_nothing_private(app: Flask) -> None:
    asked = need(make_organisation(verified_at=now()))
    offer(title="Perceuse publique")
    offer(make_organisation(verified_at=now()), title="Perceuse canari", audience=Audience.MEMBERS)
    work()
    assert len(matches()) == 2
    html = app.test_client().get(f"/fr/p/{asked.uuid}").get_data(as_text=True)
    assert "Aussi offert sur ce babillard" in html
    assert "publique" in html
    assert "canari" not in html


@pytest.mark.parametrize("times", [1, 2, 3])
def test_one_wrong_thing_changes_nothing_more_lower_it(times: int) -> None:
    pair = ("drill", "saw")
    changed = effects([Dismissed(Dismissal.WRONG_THING, pair)] * times)
    assert changed.lowered.get(pair, 1.0) == 0.5 ** (times - 1)


def places_of(*names: str) -> dict[str, int]:
    """Places of Québec by name."""
    from board.taxonomy.models import Place

    rows = select(Place).where(Place.name.in_(names), Place.region == "Québec").order_by(Place.id)
    return {place.name: place.id for place in db.session.scalars(rows)}
