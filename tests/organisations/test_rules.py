"""Names, addresses and roles."""

from __future__ import annotations

import pytest

from board.organisations import rules
from board.organisations.rules import Role, looks_alike, slug_of, website_of

ALIKE = [
    ("Maison des voisins", "Maison des Voisins"),
    ("Maison des voisins", "La Maison des voisins inc."),
    ("Maison des voisins", "Les voisins de la maison"),
    ("Maison des voisins", "Mаison dеs vоisins"),  # Cyrillic а, е, о
    ("Maison des voisins", "Mais0n des v0isins"),
    ("Maison des voisins", "Maison\u200b des\u2060 voisins"),
    ("Cuisine du Faubourg", "Cuisines du Faubourg"),
    ("Le Carillon", "Le Caril1on"),
    ("Modern Jardins", "Modem Jardins"),
    ("Éco-quartier Sainte-Marie", "Eco quartier Sainte Marie"),
    ("Ｍaison des voisins", "Maison des voisins"),
]
DIFFERENT = [
    ("Maison des voisins", "Maison des jeunes"),
    ("12e groupe scout", "13e groupe scout"),
    ("Cuisine du Faubourg", "Jardin du Faubourg"),
    ("Les Comptes ronds", "Carrefour Mille Accents"),
    ("La", "Maison"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_could_be_taken_for_each_other(one: str, other: str) -> None:
    assert looks_alike(one, other)
    assert looks_alike(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_are_only_neighbours(one: str, other: str) -> None:
    assert not looks_alike(one, other)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Maison des voisins du Canal", "maison-des-voisins-du-canal"),
        ("L’Œuvre Ça-et-là", "l-oeuvre-ca-et-la"),
        ("東京", "organisation"),
        ("A", "organisation"),
        ("x" * 200, "x" * rules.SLUG_MAX),
    ],
)
def test_a_slug_is_short_ascii(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_slug_is_neither_taken_nor_a_word_of_the_board() -> None:
    assert rules.free_slug("Join", []) == "join-2"
    assert rules.free_slug("Abri", ["abri", "abri-2"]) == "abri-3"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("exemple.org", "https://exemple.org"),
        ("http://exemple.org/a?b=1", "http://exemple.org/a?b=1"),
        ("https://crêperie.example.org", "https://crêperie.example.org"),
        ("javascript:alert(1)", None),
        ("javascript://exemple.org/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("https://user:pass@exemple.org", None),
        ("https://localhost", None),
        ("https://exemple.org/<script>", None),
        ("https://exemple.org\u202egro", None),
        ("https://[::1", None),
        ("https://" + "a" * 400 + ".org", None),
    ],
)
def test_a_website_is_an_address_of_the_web(typed: str, kept: str | None) -> None:
    assert website_of(typed) == kept


@pytest.mark.parametrize("name", ["Gagnez sur casino.com", "http://x", "www.x", "ana@exemple.org"])
def test_a_name_carries_no_address(name: str) -> None:
    assert rules.holds_link(name)


@pytest.mark.parametrize("name", ["C.L.S.C. du Nord", "St. Laurent", "Club 3.14", "Entr’aide inc."])
def test_an_ordinary_name_is_no_address(name: str) -> None:
    assert not rules.holds_link(name)


def test_only_a_responsible_manages() -> None:
    assert rules.may_manage(Role.RESPONSIBLE)
    assert not rules.may_manage(Role.EDITOR)
    assert not rules.may_manage(None)
    assert rules.may_edit_posts(Role.EDITOR)
    assert not rules.may_edit_posts(None)
