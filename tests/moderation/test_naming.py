"""Which names a text names: whole words, in a row, and no false alarm on common ones."""

from __future__ import annotations

import pytest

from board.moderation.naming import names_in

NAMES = {
    1: "Maison des voisins du canal",
    2: "Jardin communautaire",
    3: "Cuisine collective",
    4: "L’Accorderie",
    5: "Matane",
    6: "Comité des citoyens du quartier",
    7: "Les Bétonnières solidaires",
    8: "Le Grenier",
    9: "Tables & Cie",
}
KNOWN = frozenset(["matane", "jardin", "grenier", "tables"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Avec la Maison des Voisins du Canal, samedi.", [1]),
        ("avec la MAISON DES VOISINS DU CANAL", [1]),
        ("une maison pour les voisins, près du canal", []),
        ("la maison des voisins du canaliseur", []),
        ("Pour un jardin communautaire", []),
        ("Cuisine collective du mardi", []),
        ("Une demande de l’Accorderie de chez nous", [4]),
        ("L’accorderie, vous connaissez ?", []),
        ("Accorderie cherche des bras", []),
        ("une salle à Matane", []),
        ("le comité des citoyens du quartier nous aide", [6]),
        ("nos betonnieres solidaires", [7]),
        ("des bétonnières, et des gens solidaires", []),
        ("dans le grenier", []),
        ("des tables et des chaises", []),
        ("", []),
    ],
)
def test_only_a_name_is_a_name(text: str, expected: list[int]) -> None:
    assert names_in(text, NAMES, KNOWN) == expected


def test_signs_that_look_like_letters_hide_no_name() -> None:
    assert names_in("la Mаisоn des vоisins du cаnаl", NAMES, KNOWN) == [1]  # Cyrillic а and о


def test_a_long_text_is_read_in_time() -> None:
    names = {n: f"Organisation numéro {n} du quartier" for n in range(2_000)}
    text = "des chaises pliantes " * 500 + " organisation numéro 1234 du quartier"
    assert names_in(text, names) == [1234]
