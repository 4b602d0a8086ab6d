"""A person adds a place that the table lacks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from board import clock
from board.accounts.models import Person
from board.database import will_write
from board.errors import Invalid, TooMany
from board.extensions import db
from board.taxonomy import gazetteer, place_queries, place_services
from board.taxonomy.models import Place
from board.taxonomy.places import Point
from tests.factories import make_person


@pytest.fixture(autouse=True)
def filled(app: Flask) -> None:
    """The gazetteer is there, and the test may write."""
    will_write()
    gazetteer.load_gazetteer()


def known(name: str) -> Place:
    place = place_queries.find_place_by_text(name)
    assert place is not None
    return place


def add(name: str, near: str = "Matane", *, by: Person | None = None, **more: Point) -> Place:
    return place_services.add_place(
        name=name, near=known(near), added_by=by or make_person(), **more
    )


def test_a_place_without_a_point_stands_where_the_known_one_does() -> None:
    person = make_person()
    place = add("Petit-Matane", by=person)
    matane = known("Matane")
    assert place.label == "Petit-Matane, Matane"
    assert (place.region, place.country, place.source) == ("Québec", "CA", "person")
    assert (place.public_latitude, place.public_longitude) == (
        matane.public_latitude,
        matane.public_longitude,
    )
    assert place.added_by_id == person.id


def test_an_added_place_is_found_like_any_other() -> None:
    place = add("Rang St-Joseph")
    found = place_queries.suggest_places("rang saint-j", language="fr")
    assert [s.uuid for s in found] == [place.uuid]
    assert place_queries.find_place_by_text("RANG ST. JOSEPH, MATANE") == place
    assert place_queries.places_named_in("Cueillette, Rang Saint-Joseph") == [place]


def test_the_exact_point_is_private_and_the_public_one_coarse() -> None:
    place = add("Petit-Matane", point=Point(48.876_543, -67.432_109))
    assert (place.latitude, place.longitude) == (48.876_543, -67.432_109)
    assert (place.public_latitude, place.public_longitude) == (48.88, -67.43)
    assert place.precision == "point"


def test_adding_it_again_a_little_further_teaches_nothing() -> None:
    first = add("Petit-Matane", point=Point(48.876, -67.432))
    before = (first.public_latitude, first.public_longitude)
    again = add("petit matane", point=Point(48.874, -67.436))
    assert again == first
    assert (again.public_latitude, again.public_longitude) == before
    assert again.latitude == 48.876


def test_a_look_alike_of_the_gazetteer_is_given_back() -> None:
    count = select(func.count()).select_from(Place)
    before = db.session.scalar(count)
    assert add("ST. ULRIC").label == "Saint-Ulric"
    assert add("saint-henri", near="Montréal").label == "Saint-Henri, Montréal"
    assert db.session.scalar(count) == before


def test_the_same_name_far_away_is_another_place() -> None:
    here, there = add("Rang Saint-Joseph"), add("Rang Saint-Joseph", near="Gaspé")
    assert here != there
    assert there.label == "Rang Saint-Joseph, Gaspé"


@pytest.mark.parametrize("name", ["", "  ", "A", "12345", "…", "x" * 81])
def test_a_name_must_be_a_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(name)
    assert refused.value.field == "name"


@pytest.mark.parametrize("point", [Point(91, 0), Point(float("nan"), 0), Point(45.5, -73.58)])
def test_a_point_must_be_near_the_known_place(point: Point) -> None:
    with pytest.raises(Invalid) as refused:
        add("Petit-Matane", point=point)
    assert refused.value.field == "latitude"


def test_one_person_adds_so_many_a_day_and_no_more() -> None:
    person, start = make_person(), clock.now()
    for n in range(place_services.MOST_A_DAY):
        add(f"Rang {chr(65 + n)}{chr(65 + n)}", by=person)
    with pytest.raises(TooMany):
        add("Rang de trop", by=person)
    clock.fix(start + timedelta(days=1, minutes=1))
    assert add("Rang de trop", by=person).name == "Rang de trop"


def test_a_newer_gazetteer_leaves_what_people_added() -> None:
    place = add("Petit-Matane")
    db.session.flush()
    assert gazetteer.load_gazetteer() == 0
    assert place_queries.find_place_by_text("petit-matane") == place
