"""The concepts: the file, what loading it does, and what a process reads of them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from board.clock import now
from board.errors import Invalid, NotFound
from board.extensions import db
from board.folding import fold
from board.news import BoardVersion
from board.taxonomy import queries, rules, services
from board.taxonomy.models import Concept, ConceptLabel
from board.taxonomy.rules import ConceptFileError, Form, Scheme
from tests.taxonomy.catalogues import catalogue_of_the_file

FILE = services.DATA_FILE.read_text("utf-8")
SMALL = """
[[kind]]
key = "tool"
fr = ["Outil"]
en = ["Tool"]
es = ["Herramienta"]

[[category]]
key = "kites"
kind = "tool"
fr = ["Cerfs-volants", "cerf-volant"]
en = ["Kites"]
es = ["Cometas"]
"""


@pytest.fixture
def _writes(app: Flask) -> None:
    from board.database import will_write

    will_write()


def test_the_file_has_kinds_and_some_120_categories_in_three_languages() -> None:
    entries = rules.read_concepts(FILE)
    kinds = [entry.key for entry in entries if entry.scheme is Scheme.KIND]
    categories = [entry for entry in entries if entry.scheme is Scheme.CATEGORY]
    assert kinds == ["tool", "space", "knowledge", "volunteer"]
    assert len(categories) >= 120
    for entry in categories:
        said = {tongue: [x for x in entry.labels if x.language == tongue] for tongue in ("fr",)}
        assert len(said["fr"]) >= 4, entry.key


def test_labels_are_written_as_french_is_printed() -> None:
    for entry in rules.read_concepts(FILE):
        for label in entry.labels:
            assert "'" not in label.text, label.text
            assert label.text == " ".join(label.text.split()), label.text


def test_every_broad_category_has_narrower_ones_and_no_label_is_shown_twice() -> None:
    for language in rules.LANGUAGES:
        catalogue = catalogue_of_the_file(language)
        assert all(branch.narrower for branch in catalogue.tree)
        shown = [fold(term.label) for term in catalogue.scheme(Scheme.CATEGORY)]
        assert len(shown) == len(set(shown))
        assert sum(1 + len(b.narrower) for b in catalogue.tree) == len(shown)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (SMALL.replace('kind = "tool"', 'kind = "toy"'), "kites: unknown kind"),
        (SMALL + 'broader = "sky"', "kites: unknown broader"),
        (SMALL.replace('es = ["Cometas"]', ""), "kites: no label in es"),
        (SMALL.replace('"cerf-volant"', '" "'), "kites: bad label in fr"),
        (SMALL.replace('key = "kites"', 'key = "tool"'), "tool stands there twice"),
        (SMALL.replace('key = "kites"', ""), "has no key"),
        (SMALL + "oops", "concepts.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(wrong: str, says: str) -> None:
    with pytest.raises(ConceptFileError, match=says):
        rules.read_concepts(wrong)


def test_a_circle_of_broader_concepts_ends() -> None:
    assert rules.with_narrower([1], {1: (2,), 2: (3, 1), 3: (1,)}) == [1, 2, 3]


@pytest.mark.usefixtures("_writes")
def test_loading_again_changes_nothing(app: Flask) -> None:
    before = db.session.scalar(select(func.max(ConceptLabel.id)))
    assert services.load_concepts() == 0
    assert db.session.scalar(select(func.max(ConceptLabel.id))) == before


@pytest.mark.usefixtures("_writes")
def test_a_new_concept_is_found_by_all_its_words(app: Flask) -> None:
    services.load_concepts(FILE + SMALL[SMALL.index("[[category]]") :])
    kites = queries.get_concept("kites")
    assert queries.labels_of_all_languages([kites.id]) == {
        kites.id: ["Cerfs-volants", "Kites", "Cometas", "cerf-volant"]
    }
    assert queries.concept_labels([kites.id, -1], "es") == {kites.id: "Cometas"}


@pytest.mark.usefixtures("_writes")
def test_a_concept_that_left_the_file_is_retired_and_keeps_its_label(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    services.load_concepts(SMALL)
    assert chairs.retired_at == now()
    read = queries.catalogue("fr")
    assert read.by_key["chairs"].retired
    assert read.labels()["chairs"] == "Chaises"
    assert [term.key for term in read.scheme(Scheme.CATEGORY)] == ["kites"]
    assert [branch.term.key for branch in read.tree] == ["kites"]


@pytest.mark.usefixtures("_writes")
def test_a_retired_concept_stays_retired_until_somebody_restores_it(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    services.retire(concept=chairs, replaced_by=queries.get_concept("furniture"))
    services.load_concepts()
    assert queries.catalogue("fr").by_key["chairs"].retired
    services.restore(concept=chairs)
    assert not queries.catalogue("fr").by_key["chairs"].retired
    assert chairs.replaced_by_id is None


@pytest.mark.usefixtures("_writes")
def test_a_concept_does_not_replace_itself(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    with pytest.raises(Invalid):
        services.retire(concept=chairs, replaced_by=chairs)


@pytest.mark.usefixtures("_writes")
def test_words_that_people_added_survive_the_file(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    services.add_label(concept=chairs, language="fr", text="  chaises   berçantes ")
    assert services.load_concepts() == 0
    assert "chaises berçantes" in queries.labels_of_all_languages([chairs.id])[chairs.id]


@pytest.mark.usefixtures("_writes")
def test_the_same_word_is_not_added_twice(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    first = services.add_label(concept=chairs, language="fr", text="Berçante")
    assert services.add_label(concept=chairs, language="fr", text="berçante") is first


@pytest.mark.parametrize(("language", "text"), [("de", "Stuhl"), ("fr", "  "), ("fr", "a" * 121)])
@pytest.mark.usefixtures("_writes")
def test_a_bad_word_is_refused(app: Flask, language: str, text: str) -> None:
    with pytest.raises(Invalid):
        services.add_label(concept=queries.get_concept("chairs"), language=language, text=text)


@pytest.mark.usefixtures("_writes")
def test_a_changed_label_and_a_moved_concept_are_loaded(app: Flask) -> None:
    changed = FILE.replace('fr = ["Chaises", "chaise",', 'fr = ["Chaises et bancs", "chaise",')
    assert changed != FILE
    assert services.load_concepts(changed) == 1
    assert queries.catalogue("fr").by_key["chairs"].label == "Chaises et bancs"
    moved = changed.replace(
        'key = "chairs"\nkind = "tool"\nbroader = "events"',
        'key = "chairs"\nkind = "tool"\nbroader = "furniture"',
    )
    assert services.load_concepts(moved) == 1
    assert queries.get_concept("chairs").id in queries.narrower_ids("furniture")
    assert queries.get_concept("chairs").id not in queries.narrower_ids("events")


@pytest.mark.usefixtures("_writes")
def test_the_label_that_a_person_chose_to_show_wins_over_the_file(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    chosen = services.add_label(concept=chairs, language="fr", text="Chaises et berçantes")
    shown = next(x for x in chairs.labels if (x.language, x.form) == ("fr", Form.PREFERRED))
    shown.form, chosen.form = Form.ALTERNATIVE.value, Form.PREFERRED.value
    db.session.flush()
    services.load_concepts()
    assert queries.catalogue("fr").by_key["chairs"].label == "Chaises et berçantes"


def test_a_broad_category_finds_its_narrower_ones(app: Flask) -> None:
    ids = queries.narrower_ids("events")
    assert queries.get_concept("events").id in ids
    assert queries.get_concept("chairs").id in ids
    assert queries.get_concept("van").id not in ids
    assert queries.narrower_ids("no such key") == []


def test_an_unknown_key_is_said(app: Flask) -> None:
    assert queries.find_concept("no such key") is None
    with pytest.raises(NotFound):
        queries.get_concept("no such key")


def test_lists_are_in_the_order_of_the_readers_alphabet(app: Flask) -> None:
    for language in rules.LANGUAGES:
        labels = [fold(t.label) for t in queries.concepts_by_scheme("category", language)]
        assert labels == sorted(labels)
    kinds = [term.key for term in queries.concepts_by_scheme("kind", "fr")]
    assert kinds == ["tool", "space", "knowledge", "volunteer"]


@pytest.mark.usefixtures("_writes")
def test_a_missing_language_falls_back_to_french_then_to_the_key(app: Flask) -> None:
    bare = Concept(key="bare", scheme="category", kind="tool", position=999)
    db.session.add(bare)
    db.session.flush()
    assert queries.catalogue("en").by_key["bare"].label == "bare"
    services.add_label(concept=bare, language="fr", text="Nu")
    bare.labels[0].form = Form.PREFERRED.value
    db.session.flush()
    assert queries.catalogue("en").by_key["bare"].label == "Nu"


def test_the_catalogue_is_read_once_and_again_when_another_process_adds_a_word(
    app: Flask,
) -> None:
    first = queries.catalogue("fr")
    assert queries.catalogue("fr") is first
    db.session.remove()
    assert queries.catalogue("fr") is first
    db.session.remove()
    chairs = first.by_key["chairs"].id
    added = {"concept_id": chairs, "language": "fr", "form": "alternative", "text": "prie-dieu"}
    with db.engine.begin() as elsewhere:
        elsewhere.execute(
            ConceptLabel.__table__.insert().values(folded="prie-dieu", source="person", **added)  # type: ignore[attr-defined]
        )
        elsewhere.execute(update(BoardVersion).values(concepts_in=BoardVersion.concepts_in + 1))
    again = queries.catalogue("fr")
    assert "prie-dieu" in [label.text for label in again.by_key["chairs"].labels]


@pytest.mark.usefixtures("_writes")
def test_what_was_rolled_back_is_not_remembered(app: Flask) -> None:
    chairs = queries.get_concept("chairs")
    services.add_label(concept=chairs, language="fr", text="trône")
    chairs_id = chairs.id
    assert "trône" in [x.text for x in queries.catalogue("fr").by_id[chairs_id].labels]
    db.session.rollback()
    assert "trône" not in [x.text for x in queries.catalogue("fr").by_id[chairs_id].labels]
