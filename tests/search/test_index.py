"""The index says what the board says, at once, and nothing that is not public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from board import news, search
from board.database import will_write
from board.extensions import db
from board.folding import fold
from board.organisations.models import Organisation
from board.photos.models import Upload
from board.posts.models import Post
from board.posts.rules import Audience, Purpose, Reader
from board.search import embedded, server_documents
from board.search.indexes import ORGANISATIONS, POSTS
from board.search.models import SearchWord
from board.taxonomy import services as taxonomy
from board.taxonomy.models import Concept
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.search.conftest import MEMBER, Find, concept, counted, place, publish, titles

CANARY = "zanzibarine"


def vocabulary() -> set[str]:
    return set(db.session.scalars(select(SearchWord.word)))


def test_what_was_just_published_is_found(find: Find) -> None:
    assert find("betonniere").total == 0
    publish("Bétonnière")
    assert titles(find("betonniere")) == ["Bétonnière"]


def test_a_change_is_found_and_the_old_words_are_not(find: Find) -> None:
    (post,) = publish("Bétonnière")
    will_write()
    post.title = "Génératrice"
    news.commit()
    assert find("bétonnière").total == 0
    assert titles(find("génératrice")) == ["Génératrice"]
    assert "betonniere" not in vocabulary()
    assert "generatrice" in vocabulary()


def test_a_line_that_changes_is_found(find: Find) -> None:
    (post,) = publish("Outils", lines=[{"title": "Marteau"}])
    will_write()
    post.lines[0].title = "Rabot"
    news.commit()
    assert (find("marteau").total, find("rabot").total) == (0, 1)
    will_write()
    post.lines[0].removed_at = NOW
    news.commit()
    assert find("rabot").total == 0


def test_a_withdrawn_or_deleted_post_is_found_no_more(find: Find) -> None:
    first, second = publish("Bétonnière une", "Bétonnière deux")
    will_write()
    first.withdrawn_at = NOW
    news.commit()
    assert titles(find("bétonnière")) == ["Bétonnière deux"]
    will_write()
    db.session.delete(second)
    news.commit()
    assert find("bétonnière").total == 0
    assert not vocabulary() & {"betonniere", "une", "deux"}
    assert embedded.engine_of_app().indexed_ids() == []


def test_what_is_rolled_back_is_not_indexed(find: Find) -> None:
    make_post(title="Bétonnière")
    db.session.flush()
    db.session.rollback()
    assert find("bétonnière").total == 0
    assert "betonniere" not in vocabulary()


def test_an_organisation_renamed_is_found_by_its_new_name(find: Find) -> None:
    by = make_organisation(name="Les Lilas")
    publish("Chaises", "Tables", by=by)
    will_write()
    db.session.get_one(Organisation, by.id).name = "Les Hortensias"
    news.commit()
    assert find("lilas").total == 0
    assert find("hortensias").total == 2


def test_a_place_renamed_and_a_new_label_are_found(find: Find) -> None:
    publish("Chaises", place_id=place("Natashquan").id)
    will_write()
    place("Natashquan").label = "Finistère, Québec"
    news.commit()
    assert find("finistère").total == 1
    publish("Trous", lines=[{"title": "x", "category_id": concept("drill")}])
    will_write()
    for key, word in (("drill", "chignolette"), ("tools", "quincaille")):
        of = db.session.scalars(select(Concept).where(Concept.key == key)).one()
        taxonomy.add_label(concept=of, language="fr", text=word)
    news.commit()
    assert titles(find("chignolette")) == titles(find("quincaille")) == ["Trous"]


def private_posts() -> None:
    """A canary in everything that not everybody may see."""
    by = make_organisation()
    hidden: dict[str, Any] = {"hidden_at": NOW, "withdrawn_at": NOW, "declined_at": NOW}
    for name, at in hidden.items():
        make_post(by=by, title=f"{CANARY} {name}", **{name: at})
    make_post(by=by, title=f"{CANARY} draft", published_at=None)
    make_post(by=by, title=f"{CANARY} submitted", published_at=None, submitted_at=NOW)
    make_post(by=by, title=f"{CANARY} members", audience=Audience.MEMBERS, body_html=f"<p>{CANARY}")
    news.commit()


def test_nothing_private_is_found_counted_or_suggested(find: Find) -> None:
    private_posts()
    publish("Zanzibar")
    engine = search.current_engine()
    for q in (CANARY, "zanzibarin", "zanzibarinne", CANARY[:10]):
        found = find(q)
        assert titles(found) in ([], ["Zanzibar"])
        assert found.did_you_mean in (None, "zanzibar")
    assert find().total == 1
    assert sum(find().facets["purpose"].values()) == 1
    assert sum(find().facets["organisation"].values()) == 1
    for typed in ("zan", "zanzib", CANARY[:-1], "members", "draft"):
        assert not [each for each in engine.suggest(typed) if CANARY in each or "mem" in each]
    assert engine.similar(f"{CANARY} draft members", purpose=Purpose.OFFER) == []
    assert not {CANARY, "draft", "members", "submitted"} & vocabulary()
    held = str(embedded.engine_of_app().dialect.old(db.session.connection(), range(10_000)))
    assert "zanzibar" in held
    assert CANARY not in held


def test_a_post_that_goes_to_members_leaves_index_and_vocabulary(find: Find) -> None:
    (post,) = publish(f"{CANARY} publique")
    assert find(CANARY).total == 1
    will_write()
    post.audience = Audience.MEMBERS
    news.commit()
    assert find(CANARY).total == 0
    assert CANARY not in vocabulary()


def test_members_find_what_is_for_them(find: Find) -> None:
    publish("Chaises publiques")
    publish("Chaises des membres", audience=Audience.MEMBERS)
    assert titles(find("chaises")) == ["Chaises publiques"]
    assert set(titles(find("chaises", reader=MEMBER))) == {
        "Chaises publiques",
        "Chaises des membres",
    }
    assert titles(find("des membres", reader=MEMBER)) == ["Chaises des membres"]
    assert titles(find("membrez", reader=MEMBER)) == ["Chaises des membres"]
    assert find(reader=MEMBER).total == 2
    assert find(reader=Reader(moderates=True)).total == 2
    assert find("chaises").total == 1


def test_contacts_find_nobody(find: Find) -> None:
    publish("Chaises", body_html="<p>Écrire à jo@example.org ou 514 555-0199, poste zut</p>")
    assert find("zut").total == 1
    assert find("example").total == find("514").total == find("5550199").total == 0


def test_what_a_photo_shows_finds_its_post_with_either_engine(find: Find) -> None:
    (post,) = publish("Des chaises")
    photo = Upload(post_id=post.id, position=0, digest="a" * 64, width=9, height=9)
    db.session.add(photo)
    news.commit()
    for alt, found in ((None, 0), ("Un zébulon gris, 418 555-0199", 1), ("", 0), ("Zébulons", 1)):
        will_write()
        photo.alt = alt
        news.commit()
        assert find("zébulon").total == found, alt
        (row,) = server_documents.documents(POSTS, [post.id])
        assert ("zebulon" in row["body"]) is bool(found)
        assert "0199" not in row["body"]
    will_write()
    post.hidden_at = NOW
    news.commit()
    assert "zebulons" not in vocabulary()


def test_the_search_server_holds_no_organisation_that_the_directory_does_not_show(
    app: Flask,
) -> None:
    make_organisation(name="Cercle")
    for away in ("closed_at", "hidden_at", "unlisted_at"):
        setattr(make_organisation(name=CANARY), away, NOW)
    news.commit()
    assert [row["name"] for row in server_documents.documents(ORGANISATIONS)] == ["cercle"]


def test_typos_are_read_against_words_added_since(find: Find) -> None:
    publish("Perceuse")
    assert find("perceusse").total == 1
    publish("Tronçonneuse")
    assert titles(find("tronconeuse")) == ["Tronçonneuse"]


def test_suggestions_go_on_from_what_is_typed(app: Flask) -> None:
    publish("Écoute active", "Échelle de huit pieds")
    publish("Trous", lines=[{"title": "x", "category_id": concept("drill")}])
    publish("Échelle expirée", expires_at=NOW - timedelta(days=1))
    engine = search.current_engine()
    assert "écoute" in engine.suggest("eco")
    assert "Écoute active" in engine.suggest("écou")
    assert "Échelle de huit pieds" in engine.suggest("ech")
    assert "Échelle expirée" not in engine.suggest("échelle ex")
    assert "huit échelle" in engine.suggest("huit éche")
    assert any(each.startswith("Perceuse") for each in engine.suggest("perc"))
    assert any("rill" in each for each in engine.suggest("dri", language="en"))
    assert engine.suggest("") == engine.suggest("e") == engine.suggest("\x00") == []


def test_similar_posts_share_rare_words(app: Flask) -> None:
    mine, other = make_organisation(), make_organisation()
    chairs = publish("Quarante chaises pliantes à prêter", by=mine)[0]
    tables = publish("Tables pliantes de six pieds", by=other)[0]
    publish("Salle de réunion", "Camion avec chauffeur", "Cours de couture", by=other)
    publish("Chaises pliantes cherchées", by=other, purpose=Purpose.NEED)
    publish("Chaises pliantes closes", by=other, met_at=NOW)
    engine = search.current_engine()
    found = engine.similar("Cherchons chaise pliante pour une fête", purpose=Purpose.OFFER)
    assert [each.post_id for each in found][:1] == [chairs.id]
    assert set(found[0].matched) == {"chaises", "pliantes"}
    assert 0 < found[0].score <= 1
    others = engine.similar("Chaises pliantes", purpose=Purpose.OFFER, exclude_organisation=mine.id)
    assert chairs.id not in {each.post_id for each in others}
    own = engine.similar("Tables pliantes", purpose=Purpose.OFFER, only_organisation=other.id)
    assert [each.post_id for each in own] == [tables.id]
    assert engine.similar("cherche de la", purpose=Purpose.OFFER) == []


def test_one_word_that_many_posts_hold_is_no_likeness(app: Flask) -> None:
    other = make_organisation()
    publish(*(f"Jardin numéro {n}" for n in range(20)), by=other)
    rare = publish("Échelle pour le jardin", by=other)[0]
    engine = search.current_engine()
    asked = "Nous cherchons une échelle et un escabeau pour le jardin"
    publish("Escabeau", by=other)
    found = engine.similar(asked, purpose=Purpose.OFFER, limit=12)
    assert rare.id == found[0].post_id
    assert found[0].shared == 2
    assert [each.shared for each in found] == [2, 1], "the other shares a rare word"
    assert engine.similar("jardin", purpose=Purpose.OFFER), "it is all that was typed"


def test_the_number_of_posts_is_asked_once_for_a_version(app: Flask) -> None:
    publish("Chaises pliantes")
    engine = search.current_engine()
    engine.similar("chaises", purpose=Purpose.OFFER)
    with counted() as said:
        engine.similar("chaises pliantes", purpose=Purpose.OFFER)
    assert not [s for s in said if "count(" in s.lower()]
    publish("Chaises hautes")
    assert len(engine.similar("chaises", purpose=Purpose.OFFER)) == 2


def test_reindex_mends_whatever_is_wrong(app: Flask, find: Find) -> None:
    posts = publish(*(f"Chose {n}" for n in range(120)))
    gone = publish(CANARY)[0]
    will_write()
    connection = db.session.connection()
    key = embedded.engine_of_app().dialect.key
    connection.execute(text(f"DELETE FROM post_fts WHERE {key} = :id"), {"id": posts[3].id})
    connection.execute(text("UPDATE search_word SET documents = 7 WHERE word = 'chose'"))
    connection.execute(text("UPDATE post SET withdrawn_at = published_at WHERE id = :id"),
                       {"id": gone.id})  # fmt: skip
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["search", "reindex"], catch_exceptions=False)
    assert "121" in result.output
    will_write(False)
    assert find("chose 3").hits[0].post_id == posts[3].id
    assert find("chose").total == 120
    assert not {CANARY} & vocabulary()
    held = db.session.scalar(select(SearchWord.documents).where(SearchWord.word == "chose"))
    assert held == 120


def test_posts_written_past_the_session_are_found_once_they_are_noted(
    app: Flask, find: Find
) -> None:
    (post,) = publish("Chose")
    will_write()
    db.session.execute(
        Post.__table__.update().where(Post.__table__.c.id == post.id).values(title="Bétonnière")  # type: ignore[attr-defined]
    )
    db.session.commit()
    assert find("bétonnière").total == 0
    will_write()
    news.note("post", [post.id])
    news.commit()
    assert titles(find("bétonnière")) == ["Bétonnière"]


def test_the_engine_is_healthy(app: Flask) -> None:
    assert search.current_engine().health()
    assert app.test_client().get("/readyz").status_code == 200


def test_the_words_counted_are_those_of_the_index(app: Flask) -> None:
    posts = publish("Chaises pliantes", "Chaises hautes", "Tables", place_id=place("Matane").id)
    will_write()
    posts[0].title = "Chaises basses"
    posts[2].paused_at = NOW
    news.commit()
    assert fold("Chaises") in vocabulary()
    will_write()
    assert embedded.engine_of_app().mend_vocabulary() == 0
    db.session.rollback()
