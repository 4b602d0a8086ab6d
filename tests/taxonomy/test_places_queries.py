"""The gazetteer in a real database: loading it, finding in it."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from board.database import will_write
from board.errors import NotFound
from board.extensions import db
from board.taxonomy import gazetteer, place_queries
from board.taxonomy.models import Place, PlaceName
from board.taxonomy.places import distance_km, place_key


@pytest.fixture(autouse=True)
def filled(app: Flask) -> None:
    """The gazetteer is there (a second load does nothing)."""
    will_write()
    gazetteer.load_gazetteer()
    db.session.commit()
    will_write(False)


def labels(prefix: str, **more: object) -> list[str]:
    found = place_queries.suggest_places(prefix, language="fr", **more)  # type: ignore[arg-type]
    return [place.label for place in found]


def count(table: type[Place] | type[PlaceName]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_second_load_changes_nothing_and_is_quick() -> None:
    before = count(Place), count(PlaceName)
    will_write()
    start = time.perf_counter()
    assert gazetteer.load_gazetteer() == 0
    assert time.perf_counter() - start < 5
    assert (count(Place), count(PlaceName)) == before


def test_a_newer_file_mends_its_own_rows_only() -> None:
    will_write()
    matane = place_queries.find_place_by_text("Matane")
    assert matane is not None
    uuid = matane.uuid
    person = Place(label="Matane, chez nous", name="Matane", region="", country="CA",
                   latitude=48.8, longitude=-67.5, public_latitude=48.8, public_longitude=-67.5,
                   precision="point", source="person",
                   names=[PlaceName(folded="chez nous")])  # fmt: skip
    db.session.add(person)
    matane.label, matane.latitude = "Mattane", 1.0
    matane.names.append(PlaceName(folded="mattane"))
    db.session.commit()
    will_write()
    assert gazetteer.load_gazetteer() == 1
    db.session.commit()
    db.session.expire_all()
    mended = place_queries.get_place(uuid)
    assert (mended.label, round(mended.latitude, 2)) == ("Matane", 48.83)
    assert place_queries.find_place_by_text("mattane") is None
    assert place_queries.find_place_by_text("chez nous") == person
    assert person.label == "Matane, chez nous"


def test_the_file_knows_quebec_down_to_villages() -> None:
    rows = gazetteer.read()
    quebec = [r for r in rows if r["region"] == "Québec" and r["precision"] != "neighbourhood"]
    assert len(quebec) > 1_200
    for name in ("Gaspé", "Matane", "Percé", "Saint-Jérôme", "Rouyn-Noranda", "Natashquan",
                 "Kuujjuaq", "Les Escoumins", "Saint-Élie-de-Caxton", "Lachute", "Val-David",
                 "Baie-Saint-Paul", "Les Îles-de-la-Madeleine", "Cap-aux-Meules"):  # fmt: skip
        found = place_queries.find_place_by_text(name)
        assert found is not None, name
        assert found.label == name
        assert found.region == "Québec"


def test_every_label_finds_its_own_place_and_no_point_is_far_out() -> None:
    rows = gazetteer.read()
    assert len({row["label"] for row in rows}) == len(rows)
    for row in rows:
        assert place_key(row["label"]) in row["names"]
        if row["region"] == "Québec":
            assert 44.9 < row["latitude"] < 62.7, row["label"]
            assert -79.8 < row["longitude"] < -57, row["label"]
    for label in ("Saint-Henri, Bellechasse", "Saint-Camille, Estrie", "Lyon, France", "Laval"):
        found = place_queries.find_place_by_text(label)
        assert found is not None
        assert found.label == label


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("st-jer", "Saint-Jérôme"),
        ("SAINT JÉRÔME", "Saint-Jérôme"),
        ("gasp", "Gaspé"),
        ("perc", "Percé"),
        ("mtl", "Montréal"),
        ("parc-ex", "Parc-Extension, Montréal"),
        ("saint-henri", "Saint-Henri, Montréal"),
        ("st-camille", "Saint-Camille, Estrie"),
        ("val d'or", "Val-d’Or"),
        ("iles de la m", "Les Îles-de-la-Madeleine"),
        ("lyon", "Lyon, France"),
        ("monc", "Moncton, Nouveau-Brunswick"),
    ],
)
def test_the_likely_place_comes_first(typed: str, first: str) -> None:
    assert labels(typed)[0] == first


def test_the_exact_name_comes_before_larger_ones_that_begin_like_it() -> None:
    assert labels("Val")[0] != "Val"
    assert labels("Laval")[0] == "Laval"
    assert labels("Hull")[0] == "Hull, Gatineau"
    assert labels("Mont-Saint-Michel")[0] == "Mont-Saint-Michel"


def test_a_board_elsewhere_sees_its_own_country_first() -> None:
    assert labels("Saint-De", home="FR")[0] == "Saint-Denis, France"
    assert labels("Saint-De")[0] != "Saint-Denis, France"


def test_suggestions_are_bounded_and_take_one_statement() -> None:
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    db.session.execute(select(1))
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert len(labels("s")) == 8
        assert len(labels("s", limit=10_000)) == place_queries.MOST_SUGGESTED
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(said) == 2


@pytest.mark.parametrize(
    "typed", ["", "   ", "…", "'", "%", "_", "zzzzzz", "a" * 160, "\U0010ffff"]
)
def test_what_names_nothing_finds_nothing(typed: str) -> None:
    assert labels(typed) == []
    assert place_queries.find_place_by_text(typed) is None
    assert place_queries.places_named_in(typed) == []


def test_the_detail_says_where_in_the_readers_words() -> None:
    french = place_queries.suggest_places("Matane", language="fr", home="FR")[0]
    english = place_queries.suggest_places("Kuujjuaq", language="en", home="FR")[0]
    assert french.detail == "Canada"
    assert english.detail == "Canada"
    assert place_queries.suggest_places("Matane", language="fr")[0].detail == "Québec"
    assert place_queries.suggest_places("Lyon", language="fr")[0].detail == ""


def test_a_place_is_known_by_its_identity() -> None:
    gaspe = place_queries.find_place_by_text("Gaspé")
    assert gaspe is not None
    assert place_queries.get_place(gaspe.uuid) == gaspe
    assert place_queries.find_place(uuid4()) is None
    with pytest.raises(NotFound):
        place_queries.get_place(uuid4())


def test_the_nearest_places_come_nearest_first() -> None:
    near = place_queries.places_near(48.83, -64.48, limit=5)
    far = [distance_km((48.83, -64.48), (p.public_latitude, p.public_longitude)) for p in near]
    assert near[0].label == "Gaspé"
    assert far == sorted(far)
    assert place_queries.places_near(0.0, -150.0) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("40 chaises pour la fête du lundi soir, à Parc-Extension", ["Parc-Extension, Montréal"]),
        ("Nous prêtons une scène à St-Jérôme", ["Saint-Jérôme"]),
        ("Salle libre le samedi, Matane", ["Matane"]),
        ("Matane : deux tables à donner", ["Matane"]),
        ("Matane", ["Matane"]),
        ("Un local à Saint-Élie-de-Caxton ou près de Shawinigan",
         ["Saint-Élie-de-Caxton", "Shawinigan"]),
        ("Bénévoles pour Saint-Jean-sur-Richelieu", ["Saint-Jean-sur-Richelieu"]),
        ("On cherche un camion à trois-rivières", ["Trois-Rivières"]),
        ("on cherche un camion à rimouski", ["Rimouski"]),
        ("Cuisine collective du quartier Hochelaga", ["Hochelaga, Montréal"]),
        ("Transport aux Escoumins", ["Les Escoumins"]),
        ("Atelier de vélo au Bic", ["Le Bic, Rimouski"]),
        ("We need chairs in Sherbrooke", ["Sherbrooke"]),
        ("Buscamos sillas cerca de Gatineau", ["Gatineau"]),
        ("CHAISES À DONNER À GASPÉ", ["Gaspé"]),
        ("Centre communautaire de Val-David", ["Val-David"]),
        # Ordinary words, people, streets and lands are no places.
        ("Hope and price: low cost tools", []),
        ("Un bon conseil à la reine du bal", []),
        ("Chaises, rue Saint-Hubert", []),
        ("Rendez-vous au parc de Verdun", []),
        ("Concert à l’église de Saint-Henri", []),
        ("Partout au Québec", []),
        ("Madame Champlain offre des cours", []),
        ("Saint-Valentin approche, on décore", []),
        ("J’offre mon prêt à tous, à bientôt", []),
        ("Offre de Price", []),
    ],
)  # fmt: skip
def test_a_sentence_names_its_places_and_no_others(sentence: str, expected: list[str]) -> None:
    assert [p.label for p in place_queries.places_named_in(sentence)] == expected


def test_every_row_of_the_file_fits_its_columns() -> None:
    for row in gazetteer.read():
        assert len(row["source_key"]) <= 60, row["source_key"]
        assert len(row["label"]) <= 160
        assert max(map(len, row["names"])) <= 160
        assert row["precision"] in {"neighbourhood", "village", "town", "city"}


def test_a_name_is_known_in_another_spelling_with_its_region_or_by_its_beginning() -> None:
    for typed, meant in (
        ("ile aux coudres", "L’Isle-aux-Coudres"),
        ("Île-aux-Coudres", "L’Isle-aux-Coudres"),
        ("Rimouski, QC", "Rimouski"),
        ("rimouski qc", "Rimouski"),
        ("Rimouski (Québec)", "Rimouski"),
        ("Rimouski, Québec, Canada", None),
        ("Rimouski, Ontario", None),
        ("gasp", "Gaspé"),
        ("gas", None),
        ("sain", None),
    ):
        found = [place.label for place in place_queries.places_called(typed)]
        assert found == ([meant] if meant else []), typed
        if meant:
            assert meant in labels(typed), typed
    assert labels("Rimouski, Q") == ["Rimouski"]
    assert labels("Rimouski, Ont") == []


def test_a_name_that_several_places_have_offers_them_the_nearest_first() -> None:
    for typed, first, among in (
        ("Saint-Jean", "Saint-Jean-sur-Richelieu", "Saint John, Nouveau-Brunswick"),
        ("st jean", "Saint-Jean-sur-Richelieu", "Saint-Jean-de-Matha"),
        ("Saint-Henri", "Saint-Henri, Montréal", "Saint-Henri, Bellechasse"),
        ("London", "London, Ontario", "Londres, Royaume-Uni"),
    ):
        meant = [place.label for place in place_queries.places_called(typed)]
        assert meant[0] == first
        assert among in meant
        assert len(meant) <= place_queries.MOST_MEANT
        named = place_queries.names_in(f"Des chaises à {typed.title()}.")[0]
        assert [place.label for place in (named.place, *named.others)] == meant
        assert labels(typed)[0] == first


def test_a_name_that_is_clear_is_one_place() -> None:
    for typed, only in (
        ("Lyon", "Lyon, France"), ("Laval", "Laval"), ("matane", "Matane"),
        ("St-Jerome", "Saint-Jérôme"), ("saint-jérôme", "Saint-Jérôme"), ("gaspe", "Gaspé"),
        ("Perce", "Percé"),
    ):  # fmt: skip
        assert [place.label for place in place_queries.places_called(typed)] == [only]
        assert labels(typed)[0] == only


def test_the_feast_of_a_saint_is_no_place() -> None:
    assert place_queries.names_in("Des chaises pour la fête, à la Saint-Jean") == []
    assert place_queries.names_in("Des chaises à Saint-Jean-de-Nullepart") == []
