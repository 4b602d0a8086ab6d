"""Suggestions in groups, from either engine: ids that the database then reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from board import news, search
from board.database import will_write
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Audience
from board.taxonomy.models import Concept
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.search.conftest import concept, publish


def posts(typed: str) -> list[str]:
    """The titles that are suggested."""
    return _named(search.current_engine().suggest_grouped(typed).posts, Post.id, Post.title)


def organisations(typed: str) -> list[str]:
    """The names that are suggested."""
    found = search.current_engine().suggest_grouped(typed).organisations
    return _named(found, Organisation.id, Organisation.name)


def categories(typed: str, language: str = "fr") -> list[str]:
    """The keys of the categories that are suggested."""
    found = search.current_engine().suggest_grouped(typed, language=language).concepts
    return _named(found, Concept.id, Concept.key)


def _named(ids: tuple[int, ...], key: Any, name: Any) -> list[str]:
    rows: dict[int, str] = dict(db.session.execute(select(key, name).where(key.in_(ids))).all())
    return [rows[each] for each in ids]


def test_titles_names_and_categories_go_on_from_the_letters(app: Flask) -> None:
    publish("Perceuse à percussion", "Salle de réunion", by=make_organisation(name="Les Perceurs"))
    publish("Autre chose", body_html="<p>Une perceuse aussi.</p>")
    assert posts("perc") == ["Perceuse à percussion"]
    assert posts("réunion sal") == posts("salle reunion") == ["Salle de réunion"]
    assert organisations("perc") == ["Les Perceurs"]
    assert categories("perceus")[0] == "drill"


def test_a_title_that_begins_so_comes_first(app: Flask) -> None:
    publish("Perceuse à percussion")
    publish("Deux personnes pour la soupe")
    assert posts("per") == ["Perceuse à percussion", "Deux personnes pour la soupe"]


def test_each_word_of_a_name_may_be_begun(app: Flask) -> None:
    make_organisation(name="L’Îlot des Voisins")
    make_organisation(name="Entraide Saint-Jérôme")
    news.commit()
    assert organisations("ilot") == organisations("vois") == ["L’Îlot des Voisins"]
    assert organisations("saint jer") == ["Entraide Saint-Jérôme"]
    assert organisations("oisins") == []


def test_typing_errors_are_forgiven(app: Flask) -> None:
    publish("Perceuse à percussion", by=make_organisation(name="Outilthèque du Canal"))
    assert posts("perceusse") == ["Perceuse à percussion"]
    assert organisations("outiltheqe") == ["Outilthèque du Canal"]
    assert "drill" in categories("perceusse")


def test_a_category_is_found_in_every_language(app: Flask) -> None:
    for typed in ("perceuse", "drill", "taladro"):
        assert "drill" in categories(typed), typed
        assert "drill" in categories(typed, "en"), typed


def test_nothing_that_is_not_public_is_suggested(app: Flask) -> None:
    by = make_organisation(name="Zanzibar ouverte")
    make_organisation(name="Zanzibar close", closed_at=NOW)
    make_organisation(name="Zanzibar retirée", unlisted_at=NOW)
    for name in ("hidden_at", "withdrawn_at", "declined_at", "paused_at", "met_at"):
        off: dict[str, Any] = {name: NOW}
        make_post(by=by, title=f"Zanzibar {name}", **off)
    make_post(by=by, title="Zanzibar brouillon", published_at=None)
    make_post(by=by, title="Zanzibar des membres", audience=Audience.MEMBERS)
    make_post(by=by, title="Zanzibar finie", expires_at=NOW - timedelta(days=1))
    news.commit()
    assert posts("zanzi") == posts("zanzibra") == []
    assert organisations("zanzi") == ["Zanzibar ouverte"]


def test_what_changes_is_suggested_as_it_is_now(app: Flask) -> None:
    (post,) = publish("Tronçonneuse")
    assert posts("tron") == ["Tronçonneuse"]
    will_write()
    post.title = "Débroussailleuse"
    news.commit()
    assert posts("tron") == []
    assert posts("debrou") == ["Débroussailleuse"]
    will_write()
    post.withdrawn_at = NOW
    news.commit()
    assert posts("debrou") == []


def test_too_little_to_go_on_from_suggests_nothing(app: Flask) -> None:
    publish("Perceuse", "Échelle")
    engine = search.current_engine()
    for typed in ("", " ", "p", "é", "\x00", "%", "*", "l'", '"'):
        found = engine.suggest_grouped(typed)
        assert (found.posts, found.organisations, found.concepts) == ((), (), ()), typed
    for typed in ('"pe', "per%", "per*", "x" * 500, "st", "中文字", "a b c d e f g h i j k l m n"):
        engine.suggest_grouped(typed)


def test_there_are_never_more_than_asked_for(app: Flask) -> None:
    publish(
        *(f"Chaise {n}" for n in range(6)), lines=[{"title": "x", "category_id": concept("chairs")}]
    )
    found = search.current_engine().suggest_grouped("cha", limit=4)
    assert len(found.posts) == 4
    assert len(found.concepts) <= 4
