"""The map shows what the list shows: the same posts, the same total, for the same reader."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from board import news, search
from board.extensions import db
from board.posts.models import Post
from board.posts.rules import Audience, Basis, Kind, Purpose
from board.search import map_page, points
from board.search.engine import Points
from board.search.filters import parse
from board.taxonomy.models import Place
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, sign_in
from tests.pages import parse as tree_of
from tests.search.conftest import MEMBER, VISITOR, Find, counted, place
from tests.search.test_board_page import PARTIAL

TOWNS = ("Matane", "Sherbrooke", "Gaspé", "Joliette", "Rimouski")


def on_map(*, reader: Any = VISITOR, **args: Any) -> Points:
    """Count by the arguments of an address."""
    values = MultiDict((name, str(value)) for name, value in args.items())
    return search.current_engine().points(parse(values), reader=reader)


def at(where: Place) -> tuple[float, float]:
    """The public point of a place."""
    return where.public_latitude, where.public_longitude


def several(count: int = 60) -> list[Post]:
    """Posts of every sort, in five towns and nowhere, some of them not for a list."""
    chance = random.Random(4)
    by = [make_organisation(name=name) for name in ("Atelier", "Coop", "Verger")]
    homes = [place(name) for name in TOWNS]
    for n in range(count):
        where = chance.choice([*homes, None])
        make_post(
            title=chance.choice(["Chaises", "Perceuse", "Salle claire", "Chaise haute"]) + f" {n}",
            by=chance.choice(by),
            purpose=chance.choice(list(Purpose)),
            place_id=where.id if where else None,
            language=chance.choice(["fr", "en"]),
            audience=Audience.MEMBERS if n % 11 == 0 else Audience.PUBLIC,
            paused_at=NOW if n % 13 == 0 else None,
            met_at=NOW if n % 7 == 0 else None,
            lines=[{"kind": chance.choice(list(Kind)), "basis": chance.choice(list(Basis))}],
        )
    news.commit()
    return list(db.session.query(Post))


@pytest.mark.parametrize("reader", [VISITOR, MEMBER], ids=["visitor", "member"])
def test_map_and_list_hold_the_same_posts_whatever_the_filters(
    app: Flask, find: Find, reader: Any
) -> None:
    posts = several()
    matane = place("Matane")
    near = f"{matane.public_latitude},{matane.public_longitude}"
    choices: dict[str, list[Any]] = {
        "q": ["", "", "chaise", "perceuse", "introuvable"],
        "purpose": ["", "need", "offer"],
        "kind": ["", "", "tool", "space"],
        "basis": ["", "", "loan"],
        "language": ["", "", "fr"],
        "organisation": ["", "", "", posts[0].organisation.slug],
        "closed": ["", "1"],
        "near": ["", near],
    }
    chance, empty = random.Random(7), 0
    for _ in range(40):
        args = {
            name: picked for name, values in choices.items() if (picked := chance.choice(values))
        }
        if "near" in args:
            args["radius_km"] = chance.choice([1, 100, 500])
        listed, shown = find(reader=reader, **args), on_map(reader=reader, **args)
        empty += listed.total == 0
        assert shown.total == listed.total, args
        counts = {p.value: listed.facets["purpose"].get(p.value, 0) for p in Purpose}
        if "purpose" not in args and not shown.without_place:
            assert sum(p.needs for p in shown.points) == counts["need"], args
            assert sum(p.offers for p in shown.points) == counts["offer"], args
        for each in shown.points:
            here = search.current_engine().posts_at(
                parse(MultiDict((n, str(v)) for n, v in args.items())),
                (each.latitude, each.longitude), reader=reader, limit=1000,
            )  # fmt: skip
            assert len(here) == each.total, (args, each)
    assert empty < 30


def test_a_point_is_coarse_and_named(app: Flask) -> None:
    matane = place("Matane")
    make_post(place_id=matane.id, purpose=Purpose.NEED)
    make_post(place_id=matane.id)
    make_post(place_id=None)
    news.commit()
    shown = on_map()
    assert [(p.label, p.needs, p.offers) for p in shown.points] == [("Matane", 1, 1)]
    assert shown.points[0].latitude == round(matane.latitude, 2)
    assert shown.without_place == 1


def test_places_of_one_coarse_point_are_one_point(app: Flask) -> None:
    matane = place("Matane")
    twin = Place(
        label="Salle de Matane", name="Salle", country="CA", latitude=matane.latitude,
        longitude=matane.longitude, public_latitude=matane.public_latitude,
        public_longitude=matane.public_longitude, precision="address", source="person",
    )  # fmt: skip
    db.session.add(twin)
    db.session.flush()
    for where in (matane, matane, twin):
        make_post(place_id=where.id)
    news.commit()
    (only,) = on_map().points
    assert (only.label, only.total) == ("Matane / Salle de Matane", 3)
    found = search.current_engine().posts_at(parse(MultiDict()), at(matane), limit=10)
    assert len(found) == 3


def test_the_exact_point_of_a_place_never_leaves_the_board(client: CheckedClient) -> None:
    hall = Place(
        label="Salle du Quai", name="Salle du Quai", country="CA", latitude=48.851234,
        longitude=-67.534321, public_latitude=48.85, public_longitude=-67.53,
        precision="address", source="person",
    )  # fmt: skip
    db.session.add(hall)
    db.session.flush()
    make_post(place_id=hall.id)
    news.commit()
    for address in ("/fr/map", "/fr/map/points", "/fr/map/point?at=48.85,-67.53"):
        said = client.get(address).get_data(as_text=True)
        assert "Salle du Quai" in said
        assert "48.851" not in said
        assert "67.534" not in said


def test_what_does_not_fit_is_counted_and_said(
    app: Flask, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "MOST_POINTS", 1)
    for name in ("Matane", "Matane", "Gaspé"):
        make_post(place_id=place(name).id)
    make_post(place_id=None)
    news.commit()
    shown = on_map()
    assert (len(shown.points), shown.left_out, shown.without_place, shown.total) == (1, 1, 1, 4)
    page = client.get("/fr/map").get_data(as_text=True)
    assert "1 annonce sans lieu n’est pas sur la carte." in page
    assert "1 annonce d’un lieu moins fourni" in page


def test_without_scripts_each_place_is_a_link_to_its_posts(client: CheckedClient) -> None:
    for name in ("Matane", "Matane", "Gaspé"):
        make_post(title=f"Chaises de {name}", place_id=place(name).id, purpose=Purpose.NEED)
    news.commit()
    page = tree_of(client.get("/fr/map?purpose=need").get_data(as_text=True))
    places = next(e for e in page.iter() if e.get("id") == "map-places")
    rows = {a.text: a.get("href") for a in places.iter("a")}
    assert list(rows) == ["Matane", "Gaspé"]
    assert "purpose=need" in str(rows["Matane"])
    here = client.get(str(rows["Matane"]))
    html = here.get_data(as_text=True)
    assert here.status_code == 200
    assert html.count("Chaises de Matane") == 2
    assert "Chaises de Gaspé" not in html
    assert "2 annonces\u00a0: 2 besoins" in html


def test_the_map_page_keeps_every_filter_of_the_list_and_back(client: CheckedClient) -> None:
    make_post(title="Presse à cidre", place_id=place("Matane").id)
    news.commit()
    page = tree_of(client.get("/fr/?q=presse&kind=tool&place=Matane&page=1").get_data(as_text=True))
    switch = next(a for a in page.iter("a") if a.get("class") == "view-switch")
    assert switch.get("href") == "/fr/map?place=Matane&q=presse&kind=tool&radius_km=25"
    shown = tree_of(client.get(str(switch.get("href"))).get_data(as_text=True))
    links = [str(a.get("href")) for a in shown.iter("a") if a.get("class") == "chip"]
    assert links and all(link.startswith("/fr/map") for link in links)
    back = next(a for a in shown.iter("a") if a.get("class") == "view-switch")
    assert back.get("href") == "/fr/?place=Matane&q=presse&kind=tool&radius_km=25"


def test_letters_change_the_list_and_the_places_together(client: CheckedClient) -> None:
    make_post(title="Presse à cidre", place_id=place("Matane").id)
    make_post(title="Chaises", place_id=place("Gaspé").id)
    news.commit()
    part = client.get("/fr/map?q=presse", headers=PARTIAL).get_data(as_text=True)
    assert 'id="map-places" class="map-places" hx-swap-oob="true"' in part
    assert "Matane" in part
    assert "Gaspé" not in part
    assert "map-places" not in client.get("/fr/?q=presse", headers=PARTIAL).get_data(as_text=True)


def test_a_popup_gets_the_block_of_one_point(client: CheckedClient) -> None:
    matane = place("Matane")
    make_post(title="Presse à cidre", place_id=matane.id)
    news.commit()
    headers = PARTIAL | {"HX-Target": "div#map-point"}
    answer = client.get("/fr/map/point?at={:.2f},{:.2f}".format(*at(matane)), headers=headers)
    html = answer.get_data(as_text=True)
    assert "<html" not in html
    assert "Presse à cidre" in html


@pytest.mark.parametrize("query", ["", "?at=", "?at=here", "?at=91,0", "?at=1,2&at=3,4"])
def test_a_point_that_cannot_be_is_refused(client: CheckedClient, query: str) -> None:
    assert 400 <= client.get("/fr/map/point" + query).status_code < 500


def test_a_point_where_nothing_is_says_so(client: CheckedClient) -> None:
    answer = client.get("/fr/map/point?at=10.00,10.00")
    assert answer.status_code == 200
    assert "Aucune annonce" in answer.get_data(as_text=True)


def test_the_points_are_kept_by_their_mark_and_sent_again_when_something_changes(
    client: CheckedClient,
) -> None:
    make_post(place_id=place("Matane").id)
    news.commit()
    first = client.get("/fr/map/points")
    assert first.get_json()["points"][0][2:] == ["Matane", 0, 1]
    assert first.headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/fr/map/points", headers=again).status_code == 304
    make_post(place_id=place("Matane").id)
    news.commit()
    assert client.get("/fr/map/points", headers=again).get_json()["total"] == 2


def test_a_members_post_is_on_no_visitors_map(client: CheckedClient) -> None:
    matane, person = place("Matane"), make_person()
    make_organisation(responsible=person, verified_at=NOW)
    make_post(title="Chaise membrix", place_id=matane.id, audience=Audience.MEMBERS)
    make_post(title="Chaise brouillonix", place_id=matane.id, published_at=None)
    make_post(title="Chaise cachix", place_id=matane.id, hidden_at=NOW)
    news.commit()
    point = "/fr/map/point?at={:.2f},{:.2f}".format(*at(matane))
    for address in ("/fr/map", "/fr/map/points", point, point + "&q=membrix"):
        html = client.get(address).get_data(as_text=True)
        assert "membrix" not in html.replace('value="membrix"', "").replace("q=membrix", "")
        assert "ix<" not in html
    assert client.get("/fr/map/points").get_json()["total"] == 0
    sign_in(client, person)
    mine = client.get("/fr/map/points")
    assert mine.get_json()["total"] == 1
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "Chaise membrix" in client.get(point).get_data(as_text=True)


def test_statements_do_not_grow_with_the_places(client: CheckedClient) -> None:
    said = []
    for count in (3, 40):
        several(count)
        with counted() as statements:
            assert client.get("/fr/map/points").status_code == 200
        said.append(len([s for s in statements if s.lstrip().upper().startswith("SELECT")]))
    assert said[1] <= said[0] <= 4


@pytest.fixture
def with_tiles(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An instance that chose a tile server."""
    settings = replace(
        app.config["BOARD"], map_tiles="https://{s}.tiles.example.org/{z}/{x}/{y}.png"
    )
    monkeypatch.setitem(app.config, "BOARD", settings)
    return app


def test_no_other_server_is_named_unless_the_instance_chose_one(client: CheckedClient) -> None:
    answer = client.get("/fr/map")
    assert "img-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "map-streets" not in answer.get_data(as_text=True)


def test_the_tile_server_may_show_images_on_the_map_page_alone(
    with_tiles: Flask, client: CheckedClient
) -> None:
    answer = client.get("/fr/map")
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' https://a.tiles.example.org https://b.tiles.example.org" in policy
    assert "https://c.tiles.example.org;" in policy
    assert "Afficher les rues (le serveur tiles.example.org verra" in answer.get_data(as_text=True)
    for other in ("/fr/", "/fr/map/points", "/fr/map/point?at=1.00,1.00"):
        assert "tiles.example.org" not in client.get(other).headers["Content-Security-Policy"]


def test_the_way_a_count_is_said_leaves_out_what_there_is_none_of(app: Flask) -> None:
    with app.test_request_context("/fr/map"):
        assert map_page.counts_words(1, 2) == "1 besoin, 2 offres"
        assert map_page.counts_words(0, 1) == "1 offre"


def test_the_privacy_page_says_that_streets_come_from_elsewhere(
    with_tiles: Flask, client: CheckedClient
) -> None:
    assert "votre adresse IP" in client.get("/fr/privacy").get_data(as_text=True)


def test_privacy_knows_no_exception_where_no_tiles_are_set(client: CheckedClient) -> None:
    assert "votre adresse IP" not in client.get("/fr/privacy").get_data(as_text=True)
