"""Words find posts, however they are written."""

from __future__ import annotations

import pytest
from flask import Flask

from board.extensions import db
from board.search import embedded, plan
from board.search.dialects import Ask, by_level
from board.search.engine import Note
from board.search.highlight import mark
from board.search.text import STOP_WORDS, in_other_number, neutral
from tests.factories import make_organisation
from tests.search.conftest import Find, concept, place, publish, titles


@pytest.mark.parametrize(
    ("title", "q"),
    [
        ("Bénévoles pour la soupe", "benevoles"),
        ("Œufs à partager", "oeufs"),
        ("L’îlot des Voisins", "ilot"),
        ("L'îlot des Voisins", "l’îlot"),
        ("Scie À ONGLETS", "scie a onglets"),
        ("Cherchons conducteur·trice", "conductrice"),
        ("Cherchons conducteur·trice", "conducteur·trice"),
        ("Bénévole·s à la cuisine", "bénévoles"),
        ("Étudiant(e)s en travail social", "étudiantes"),
        ("Animateurs/trices de camp", "animatrices"),
        ("Fête à St-Jérôme", "saint jerome"),
        ("Fête à Saint-Jérôme", "st-jerome"),
    ],
)
def test_the_way_a_word_is_written_does_not_matter(find: Find, title: str, q: str) -> None:
    publish(title, "Autre chose")
    found = find(q)
    assert titles(found) == [title]
    assert found.note is None


def test_the_last_word_may_be_begun_only(find: Find) -> None:
    publish("Perceuse à percussion", "Ponceuse")
    assert titles(find("perc")) == ["Perceuse à percussion"]
    assert titles(find("percussion perc")) == ["Perceuse à percussion"]


def test_every_word_must_be_there(find: Find) -> None:
    publish("Table pliante", "Table ronde", "Chaise pliante")
    assert titles(find("table pliante")) == ["Table pliante"]


def test_words_side_by_side_come_first(find: Find) -> None:
    publish("Salle de réunion", "Réunion dans une grande salle")
    assert titles(find("salle réunion"))[0] == "Salle de réunion"
    assert len(find("salle réunion").hits) == 2


def test_a_title_weighs_more_than_a_description(find: Find) -> None:
    publish("Autre chose", body_html="<p>On a aussi un <b>projecteur</b>.</p>")
    publish("Projecteur")
    publish("Encore autre chose", body_html="<p>Un projecteur sur demande.</p>")
    assert titles(find("projecteur"))[0] == "Projecteur"
    assert find("projecteur").total == 3


def test_the_word_itself_comes_before_words_of_its_family(find: Find) -> None:
    publish("Un tour de France")
    publish("Cours de français")
    publish("La France en fête")
    assert titles(find("français"))[0] == "Cours de français"
    assert find("français").hits[1].score < find("français").hits[0].score  # type: ignore[operator]


def test_another_form_of_the_word_is_found(find: Find) -> None:
    publish("Chaise pliante", "Peinture de murales")
    assert titles(find("chaises")) == ["Chaise pliante"]
    assert titles(find("peintures murale")) == ["Peinture de murales"]


def test_words_joined_or_split_are_found(find: Find) -> None:
    publish("Table de ping pong", "Vaisselle et garderobe")
    assert titles(find("pingpong")) == ["Table de ping pong"]
    assert titles(find("garde robe")) == ["Vaisselle et garderobe"]


@pytest.mark.parametrize("q", ["perceusse", "perceue", "preceuse", "percaus"])
def test_one_typo_is_forgiven_and_said(find: Find, q: str) -> None:
    publish("Perceuse à percussion", "Salle de réunion")
    found = find(q)
    assert titles(found) == ["Perceuse à percussion"]
    assert found.note is Note.TYPOS
    assert found.did_you_mean == "perceuse"


@pytest.mark.parametrize("q", ["chiases", "cahises", "chasies", "chaisse"])
def test_two_letters_that_changed_places_are_one_typo(find: Find, q: str) -> None:
    publish("Chaises pliantes", "Promener un chien", "Chienne à garder", "Un chinois")
    found = find(q)
    assert titles(found) == ["Chaises pliantes"]
    assert found.did_you_mean == "chaises"


def test_two_typos_are_forgiven_in_a_long_word(find: Find) -> None:
    publish("Secourisme en milieu communautaire", "Salle")
    found = find("comunautairre secourisme")
    assert titles(found) == ["Secourisme en milieu communautaire"]
    assert found.did_you_mean == "communautaire secourisme"


def test_a_short_word_or_a_number_is_taken_as_it_is(find: Find) -> None:
    publish("Bois franc", "Salle 12345")
    assert find("bous").total == 0
    assert find("12346").total == 0


def test_a_typo_does_not_widen_what_was_found(find: Find) -> None:
    publish(*(f"Grande salle {n}" for n in range(12)), "Une malle")
    assert find("salle").total == 12


def test_words_that_nobody_has_are_left_out_and_said(find: Find) -> None:
    publish("Chaises pliantes", "Table ronde")
    found = find("chaises pliantes zygomatique")
    assert titles(found) == ["Chaises pliantes"]
    assert found.note is Note.FEWER_WORDS
    assert found.ignored == ("zygomatique",)


def test_no_word_is_left_out_while_posts_have_their_stems(find: Find) -> None:
    publish("Nous imprimerions des affiches", "Imprimer des livres")
    found = find("imprimer affiches")
    assert titles(found) == ["Nous imprimerions des affiches"]
    assert found.note is None
    assert found.ignored == ()


def test_two_typos_are_not_looked_for_where_one_explains_the_word(find: Find) -> None:
    publish("Bibliothèque", "Bibliotheks")
    assert titles(find("bibliotheqe")) == ["Bibliothèque"]


def test_the_words_proposed_are_those_that_posts_have_together(find: Find) -> None:
    publish("Chaises pliantes", "Chaise longue", "Table pliante", "Pour la bonne cause")
    publish("Cuisine collective", "Huerta colectiva")
    found = find("chause pliente")
    assert titles(found) == ["Chaises pliantes"]
    assert found.did_you_mean == "chaises pliantes"
    assert find("cuisne colective").did_you_mean == "cuisine collective"


def test_labels_of_a_concept_find_its_posts_in_every_language(find: Find) -> None:
    publish(
        "Pour accrocher des cadres", lines=[{"title": "Outil", "category_id": concept("drill")}]
    )
    for q in ("perceuse", "drill", "taladro", "outils", "tools"):
        assert titles(find(q)) == ["Pour accrocher des cadres"], q


def test_the_organisation_and_the_place_find_a_post(find: Find) -> None:
    publish("Chaises", by=make_organisation(name="Les Comptes ronds"), place_id=place("Gaspé").id)
    assert find("comptes ronds").total == 1
    assert find("gaspe").total == 1
    assert find("chaises gaspé").total == 1


@pytest.mark.parametrize(
    "q",
    [
        '"', '""', "'", "''';--", "AND", "OR NOT", "NEAR(", "title:chaises", "*", "-", "^a", "a*b*",
        "chaises)", "(chaises", "{title}: x", ":* & !", "<->", "\\", "%", "_", "a" * 200, "é" * 200,
        "l'", "« »", "½", "😀", "a b c d e f g h i j k l m n", "中文字", "ﬁ", "x\x00y", "st", "·s",
        "café·s(e)/trice-es", "1·2·3", "ⅷ", "𞤀𞤁𞤂𞤃𞤄", "١٢٣",
    ],
)  # fmt: skip
def test_hostile_words_are_only_words(find: Find, q: str) -> None:
    publish("Chaises pliantes")
    assert find(q).total >= 0
    from board import search

    assert search.current_engine().suggest(q) is not None
    assert search.current_engine().similar(q, purpose="offer") is not None  # type: ignore[arg-type]


def test_a_word_as_it_is_comes_before_longer_ones(find: Find) -> None:
    publish("Salle 3")
    publish("Salle 33", "Salle 34")
    assert titles(find("salle 3"))[0] == "Salle 3"


def test_a_post_is_told_by_the_first_way_that_finds_it(app: Flask) -> None:
    both, one = publish("Scie et chaises", "Chaises")
    saw, chairs = plan.all_words(["scie"]).match, plan.all_words(["chaises"]).match
    dialect, connection = embedded.engine_of_app().dialect, db.session.connection()
    asked = [Ask(1, saw), Ask(5, chairs)]
    assert dialect.places(connection, asked) == {both.id: 1, one.id: 5}
    assert dialect.places(connection, [Ask(5, chairs, unless=saw)]) == {one.id: 5}
    assert dialect.places(connection, by_level([plan.close(["chaises"])])) == {
        both.id: 0,
        one.id: 0,
    }
    assert dialect.places(connection, [Ask(0, chairs, ("place",))]) == {}


@pytest.mark.parametrize(
    ("q", "written"), [("chaise", "Chaises pliantes"), ("chaises", "Chaise pliante")]
)
def test_the_other_number_of_a_word_comes_before_its_synonyms(
    find: Find, q: str, written: str
) -> None:
    chairs = [{"title": "zxligne", "category_id": concept("chairs")}]
    publish(written, lines=chairs)
    publish("Fauteuils de bureau", lines=chairs)  # newer, and in the same category
    publish("Une chaise et des chaises")
    hits = find(q).hits
    assert titles(find(q)) == ["Une chaise et des chaises", written, "Fauteuils de bureau"]
    assert hits[0].score >= hits[1].score > hits[2].score  # type: ignore[operator]
    assert str(mark(written, hits[1].matched)).startswith(f"<mark>{written.split()[0]}</mark>")


@pytest.mark.parametrize(
    ("one", "several"),
    [("jeu", "jeux"), ("journal", "journaux"), ("travail", "travaux"), ("box", "boxes"),
     ("library", "libraries"), ("taller", "talleres"), ("luz", "luces"), ("lit", "lits")],
)  # fmt: skip
def test_each_language_has_its_plurals(one: str, several: str) -> None:
    assert several in in_other_number(one)
    assert one in in_other_number(several)


@pytest.mark.parametrize("q", ["tournevis plat", "appel", "appels", "signal", "signaux",
                               "library", "libraries"])  # fmt: skip
def test_a_word_in_the_title_comes_first_in_either_number(find: Find, q: str) -> None:
    publish("Appels d’amitié", "Signaux lumineux", "Tournevis plats", "Libraries of things")
    for words in ("Un appel, un signal.", "Des appels et des signaux.", "Un tournevis plat.",
                  "A library."):  # fmt: skip
        publish("Autre chose", body_html=f"<p>{words}</p>")
    first, *rest = titles(find(q))
    assert first.casefold().startswith(q[:4])
    assert set(rest) == {"Autre chose"}


def test_the_number_of_a_word_does_not_change_the_order(find: Find) -> None:
    for n in range(4):
        publish(f"Appel{'s' * (n % 2)} {n}", f"Chose {n}", body_html=f"<p>Appel{'s' * (n % 2)}</p>")
    assert titles(find("appel")) == titles(find("appels"))
    assert titles(find("appel"))[:4] == ["Appels 3", "Appel 2", "Appels 1", "Appel 0"]


def test_a_word_without_its_number_begins_as_the_word_does() -> None:
    held = (
        "travaux travailler journaux journalier appels cours courriel bateaux essais taxis os sons"
    )
    for word in held.split():
        for cut in range(1, len(word) + 1):
            assert neutral(word).startswith(neutral(word[:cut])), (word, cut)
        assert neutral(word) not in STOP_WORDS
    for pair in ("appel appels", "journal journaux", "travail travaux", "jeu jeux", "email emails"):
        one, several = map(neutral, pair.split())
        assert one == several


def test_several_words_may_each_be_in_the_other_number(find: Find) -> None:
    publish("Jeux pour la maison")
    publish("Salle", body_html="<p>Des jeux, loin de toute maison.</p>")
    publish("Jeu", body_html="<p>Nos maisons.</p>")
    found = titles(find("jeu maisons"))
    assert found[2:] == ["Salle"], found
