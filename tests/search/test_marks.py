"""What matched is marked on the author's own text."""

from __future__ import annotations

import pytest

from board.search.highlight import mark
from board.search.text import query_words, words
from tests.search.conftest import Find, publish


@pytest.mark.parametrize(
    ("text", "matched", "marked"),
    [
        ("Chaises pliantes", ["chaises"], "<mark>Chaises</mark> pliantes"),
        ("Échelle <b>", ["ech*"], "<mark>Échelle</mark> &lt;b&gt;"),
        ("<script>x</script>", ["script"],
         "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"),
        ("L’îlot & l’île", ["ilot"], "L’<mark>îlot</mark> &amp; l’île"),
        ("Œufs", ["oeufs"], "<mark>Œufs</mark>"),
        ("Conducteur·trice demandé", ["conductrice"], "<mark>Conducteur·trice</mark> demandé"),
        ("E\u0301cole", ["ecole"], "<mark>École</mark>"),
        ("Rien", [], "Rien"),
        ("Rien", ["amp*"], "Rien"),
    ],
)  # fmt: skip
def test_a_mark_stands_where_the_word_does(text: str, matched: list[str], marked: str) -> None:
    assert str(mark(text, matched)) == marked


def test_inclusive_writing_is_written_out() -> None:
    assert words("bénévole·s") == ["benevole", "benevoles"]
    assert set(words("conducteur·trice·s")) == {
        "conducteur", "conductrice", "conducteurs", "conductrices",
    }  # fmt: skip
    assert set(words("sportif·ve")) == {"sportif", "sportive"}
    assert words("bénévole·e·s") == words("bénévoles·es") == ["benevole", "benevoles"]
    for written in (
        "animateur(trice)s",
        "animateurs·trices",
        "animateur·ice·s",
        "animateur∙rice∙s",
    ):
        assert set(words(written)) == {"animateur", "animatrice", "animateurs", "animatrices"}
    assert set(words("citoyen·ne·s")) == {"citoyen", "citoyenne", "citoyens", "citoyennes"}
    assert set(words("intervenant(e)s")) == set(words("intervenant.e.s"))
    assert set(words("employé·e")) == {"employe", "employee"}
    assert {"francais", "francaise"} <= set(words("français·es"))
    assert {"ami", "amie", "amis", "amies"} <= set(words("amis·es"))
    assert set(words("chef·fe")) == {"chef", "cheffe"}
    assert set(words("danseur·se")) == {"danseur", "danseuse"}
    assert words("prix(s)") == ["prix"]
    assert set(words("étudiant-e-s")) == {"etudiant", "etudiante", "etudiants", "etudiantes"}
    assert words("rendez-vous") == ["rendez"]
    assert words("Chaises. Les tables") == ["chaises", "tables"]


def test_stop_words_alone_still_begin_something() -> None:
    assert query_words("une table pour la") == ["table"]
    assert query_words("la") == ["la"]
    assert query_words("  ") == []


def test_hits_tell_what_really_matched(find: Find) -> None:
    publish("Perceuse à percussion")
    (hit,) = find("perceusse").hits
    assert str(mark("Perceuse à percussion", hit.matched)) == "<mark>Perceuse</mark> à percussion"
