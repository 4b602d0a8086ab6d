"""Names and points of places, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.taxonomy.mentions import MENTION_WORDS, mentions
from board.taxonomy.places import distance_km, is_point, place_key, prefix_keys, round_point


@pytest.mark.parametrize(
    "spelling",
    ["Saint-Jérôme", "St-Jerome", "Saint Jérôme", "saint-jerome", "ST. JÉRÔME", " st.jérôme "],
)
def test_every_spelling_of_saint_jerome_is_one_name(spelling: str) -> None:
    assert place_key(spelling) == "saint jerome"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ste-Foy", "Sainte-Foy"),
        ("Mtl", "Montréal"),
        ("L'Île-Perrot", "l’ile perrot"),
        ("Val d'Or", "Val-d’Or"),
        ("Sacré-Cœur", "sacre coeur"),
        ("Port-Daniel–Gascons", "Port-Daniel - Gascons"),
        ("Saint-Louis-du-Ha! Ha!", "st louis du ha ha"),
        ("Mt-Tremblant", "Mont-Tremblant"),
    ],
)
def test_hyphens_apostrophes_and_short_forms_do_not_count(one: str, other: str) -> None:
    assert place_key(one) == place_key(other)


def test_different_places_stay_different() -> None:
    assert place_key("Saint-Jean") != place_key("Sainte-Jeanne")
    assert place_key("Stoke") != place_key("Saint-Oke")


def test_what_is_still_typed_may_be_a_saint_or_the_start_of_a_word() -> None:
    assert prefix_keys("st") == ["saint", "st"]
    assert prefix_keys("st ") == ["saint"]
    assert prefix_keys("ste-") == ["sainte", "ste"]
    assert prefix_keys("Mata") == ["mata"]
    assert prefix_keys("…") == []


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert place_key(place_key(text)) == place_key(text)


def test_the_public_point_has_two_decimals() -> None:
    assert round_point(45.478_123, -73.586_987) == (45.48, -73.59)
    assert str(round_point(-0.001, -0.004).latitude) == "0.0"


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_the_public_point_is_about_a_kilometre_away_at_most(lat: float, lon: float) -> None:
    assert distance_km((lat, lon), round_point(lat, lon)) < 0.8
    assert round_point(*round_point(lat, lon)) == round_point(lat, lon)


def test_distances_are_kilometres_on_the_sphere() -> None:
    montreal, quebec = (45.5088, -73.5878), (46.8123, -71.2145)
    assert distance_km(montreal, quebec) == pytest.approx(233, abs=2)
    assert distance_km(montreal, montreal) == 0
    assert distance_km((0, 0), (0, 180)) == pytest.approx(20_015, abs=1)


def test_not_a_number_is_no_point() -> None:
    assert is_point(45, -73)
    assert not is_point(float("nan"), 0)
    assert not is_point(91, 0)
    assert not is_point(0, 181)


@given(st.text(max_size=300))
def test_any_sentence_can_be_read(text: str) -> None:
    for mention in mentions(text):
        assert 0 <= mention.start < mention.end <= MENTION_WORDS


def test_a_very_long_text_gives_a_bounded_number_of_mentions() -> None:
    assert len(mentions("à Matane " * 5_000)) <= MENTION_WORDS * 7
