"""Places over HTTP, with and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from board.accounts.models import Person
from board.database import will_write
from board.extensions import db
from board.taxonomy import gazetteer
from board.taxonomy.models import Place
from tests.factories import make_person
from tests.pages import CheckedClient, parse, sign_in

PART = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "ul#place-options"}


@pytest.fixture(autouse=True)
def filled(app: Flask) -> None:
    """The gazetteer is there."""
    will_write()
    gazetteer.load_gazetteer()
    db.session.commit()
    will_write(False)


@pytest.fixture
def person(client: CheckedClient) -> Person:
    """Somebody, signed in to this browser."""
    somebody = make_person()
    db.session.commit()
    will_write(False)
    sign_in(client, somebody)
    return somebody


def token(client: CheckedClient) -> str:
    page = parse(client.get("/fr/places/add").get_data(as_text=True))
    found = page.find(".//main//input[@name='csrf_token']")
    assert found is not None
    return found.get("value", "")


def send(client: CheckedClient, **values: Any) -> Any:
    return client.post("/fr/places/add", data={"csrf_token": token(client), **values})


def test_htmx_gets_the_list_alone(client: CheckedClient) -> None:
    answer = client.get("/fr/places/suggest?place=st-jer", headers=PART)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert html.strip().startswith('<ul id="place-options"')
    assert 'data-value="Saint-Jérôme"' in html
    assert "HX-Target" in answer.headers["Vary"]


def test_a_browser_without_javascript_gets_a_page(client: CheckedClient) -> None:
    html = client.get("/fr/places/suggest?place=gasp").get_data(as_text=True)
    assert "<html" in html
    assert "Gaspé" in html
    assert "1 lieu proposé" not in parse(html).findtext(".//h1", "")


def test_nothing_found_says_so_and_offers_to_add(client: CheckedClient) -> None:
    html = client.get("/fr/places/suggest?place=zzz").get_data(as_text=True)
    assert "Aucun lieu" in html
    assert "/fr/places/add?name=zzz" in html


@pytest.mark.parametrize("typed", ["", "%20", "%27%22%3Cb%3E", "a" * 160, "%", "\\"])
def test_any_question_gets_a_page(client: CheckedClient, typed: str) -> None:
    answer = client.get(f"/fr/places/suggest?place={typed}")
    assert answer.status_code == 200
    assert "<b>" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("query", ["place=" + "a" * 300, "place=matane&country=CA", "place=%E9"])
def test_what_is_no_question_is_said_and_kept(client: CheckedClient, query: str) -> None:
    answer = client.get(f"/fr/places/suggest?{query}")
    assert answer.status_code == 400
    html = answer.get_data(as_text=True)
    assert "message-error" in html or "ne peuvent pas être lus" in html
    assert "a" * 300 in html or "a" * 300 not in query


def test_a_visitor_signs_in_before_adding(client: CheckedClient) -> None:
    answer = client.get("/fr/places/add")
    assert answer.status_code == 303
    assert "sign-in" in answer.headers["Location"]
    will_write(False)
    assert client.post("/fr/places/add", data={"name": "Ici"}).status_code in {303, 401, 403}
    assert db.session.scalar(select(Place).where(Place.source == "person")) is None


def test_a_person_adds_a_place_and_goes_back(client: CheckedClient, person: Person) -> None:
    answer = send(client, name="Petit-Matane", near="matane", latitude="48,8765",
                  longitude="−67,4321", next="/fr/posts/new")  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/fr/posts/new?place=Petit-Matane%2C+Matane"
    place = db.session.scalars(select(Place).where(Place.source == "person")).one()
    assert (place.public_latitude, place.public_longitude) == (48.88, -67.43)
    assert place.added_by_id == person.id


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil", "ici"])
def test_going_back_never_leaves_this_site(
    client: CheckedClient, person: Person, target: str
) -> None:
    answer = send(client, name="Petit-Matane", near="Matane", next=target)
    assert answer.headers["Location"].startswith("/fr/places/suggest?place=")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "", "near": "Matane"}, "Écrivez le nom du lieu"),
        ({"name": "Petit-Matane", "near": "Nulle-Part"}, "ne connaît pas ce lieu"),
        ({"name": "Petit-Matane", "near": "Matane", "latitude": "48,8"}, "les deux nombres"),
        ({"name": "Petit-Matane", "near": "Matane", "latitude": "nord", "longitude": "1"},
         "nombre de degrés"),
        ({"name": "Petit-Matane", "near": "Matane", "latitude": "91", "longitude": "1"},
         "la latitude va de −90"),
        ({"name": "Petit-Matane", "near": "Matane", "latitude": "nan", "longitude": "٤"},
         "nombre de degrés"),
        ({"name": "Petit-Matane", "near": "Matane", "latitude": "1", "longitude": "1"},
         "plus de 100"),
        ({"name": "12", "near": "Matane"}, "Écrivez le nom du lieu"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: CheckedClient, person: Person, values: dict[str, str], said: str
) -> None:
    answer = send(client, **values)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html
    for value in filter(None, values.values()):
        assert f'value="{value}"' in html
    assert db.session.scalar(select(Place).where(Place.source == "person")) is None


def test_another_site_cannot_add_a_place(client: CheckedClient, person: Person) -> None:
    form = {"name": "Petit-Matane", "near": "Matane", "csrf_token": token(client)}
    answer = client.post("/fr/places/add", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    answer = client.post("/fr/places/add", data=form | {"csrf_token": ""})
    assert answer.status_code == 403


def test_a_field_of_any_name_can_ask(client: CheckedClient) -> None:
    html = client.get("/fr/places/suggest?field=near&near=perc", headers=PART).get_data(
        as_text=True
    )
    assert 'data-value="Percé"' in html
