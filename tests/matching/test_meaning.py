"""Phrases of titles become concepts: the sure ones by rule, others at the author's word."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from board import news
from board.database import will_write, writing
from board.extensions import db
from board.matching import meaning, owed
from board.posts.models import LineConcept, Post
from board.posts.rules import Kind, Source
from board.search import current_engine
from board.search.filters import Query
from tests.factories import make_post
from tests.matching.helpers import concept, matches, need, offer, work
from tests.pages import CheckedClient, parse
from tests.posts.helpers import edit_path, fresh, my_post, send, typed


def means(
    title: str, category: str = "", language: str = "fr", kind: str = "tool"
) -> dict[str, bool]:
    """Whether each concept that a title means is sure."""
    found = meaning.read([title], language=language, kind=kind, category=category)
    return {key: one.is_sure for key, one in found.items()}


def links(post: Post) -> dict[str, str]:
    """What is kept of a post's only line."""
    (line,) = fresh(post).lines
    return {link.concept.key: link.by for link in line.concepts}


def test_what_a_thing_is_for_is_only_suggested(app: Flask) -> None:
    found = means("Une perceuse pour poser des tablettes")
    assert found["drill"] is True
    assert found["tablets"] is False
    assert "drill" not in means("Une perceuse", category="drill"), "the category says it already"


def test_the_rest_of_a_sure_phrase_suggests_nothing(app: Flask) -> None:
    assert means("Chaises pliantes").get("chairs") is True
    assert "tables" not in means("Chaises pliantes")


def test_the_longest_phrase_that_is_whole_names_the_thing(app: Flask) -> None:
    assert means("Folding chairs", language="en") == {"chairs": True}
    assert means("Tablettes de congélateur") == {"freezer": True}
    assert means("Tablettes")["tablets"] is True
    both = means("Folding tables and chairs", language="en")
    assert both["tables"] and both["chairs"]
    music = means("Pianiste accompagnateur pour une chorale", kind="knowledge")
    assert music["music_teaching"] is True
    helping = means("Pianiste accompagnateur pour une chorale", kind="volunteer")
    assert helping["accompaniment"] is False, "the longer phrase is of another kind"


def test_a_category_is_not_called_by_the_name_of_another_thing(app: Flask) -> None:
    named = {
        "Couvertures de laine": "bedding", "Calculatrices à ruban": "office_supplies",
        "Presse à badges": "badge_maker", "Niveau laser": "hand_tools",
        "Rallonges de quinze mètres": "extension_cords",
    }  # fmt: skip
    for title, key in named.items():
        assert {one for one, sure in means(title).items() if sure} <= {key}, title
        assert key in means(title), title
    assert means("Patinoire extérieure", kind="space").get("gymnasium") is None
    assert means("Extension cords", language="en") == {"extension_cords": True}
    assert means("Trépied").get("camera") is not True


def test_what_goes_with_a_thing_is_only_suggested(app: Flask) -> None:
    assert means("Laptops with charger", language="en")["phones"] is False
    assert "phones" not in {
        key for key, sure in means("Laptops with charger", "computers", "en").items() if sure
    }
    assert means("Perceuse et escabeau", "drill")["ladder"] is True
    assert means("Congélateurs partagés\u00a0: six tablettes libres", "freezer")["tablets"] is False
    title = "Someone to translate our winter guide into French"
    sure = {key for key, yes in means(title, language="en", kind="knowledge").items() if yes}
    assert sure == {"translation"}, "a season or a language is no thing"


def test_only_the_thing_itself_is_sure_not_what_it_is_counted_in_nor_a_word_of_another(
    app: Flask,
) -> None:
    for title, category in (
        ("Vingt cahiers de francisation, niveau débutant", "school_supplies"),
        ("Presse à badges et mille rondelles", "art_supplies"),
        ("Bancs de bain", ""),
        ("Extension cords, power bars and one long hose", "power_tools"),
        ("Calculatrices de bureau avec ruban, une caisse entière", "office_help"),
        ("Bocaux Mason et leurs anneaux, deux caisses pleines", "canning_equipment"),
        ("Caisses de livres", ""),
        ("Lots de cordage", "decorations"),
        ("Couvertures et chevalets pour atelier extérieur", "art_supplies"),
    ):
        language = "en" if title.startswith("Ext") else "fr"
        found = means(title, category, language)
        assert not any(found.values()), (title, found)
    found = means("Trieuses et trieurs pour l’arrivage", "clothing_sorting", kind="volunteer")
    assert not found["food_sorting"]
    for title in ("Un don de chaises", "Une dizaine de chaises", "Besoin de chaises"):
        assert means(title)["chairs"] is True, title


def test_a_line_is_linked_by_its_words_and_matched_so(app: Flask) -> None:
    asked = need(line={"category_id": None})
    offer(title="Matériel de chantier", line={"title": "Matériel de chantier"})
    work()
    assert links(asked)["drill"] == Source.RULE
    assert links(asked)["tablets"] == Source.SUGGESTED
    (match,) = matches()
    assert {"drill"} == {r["here"] for r in match.reasons if r["part"] == "concepts"}
    news.commit()
    found = current_engine().search(Query(categories=("drill",)))
    assert asked.id in {hit.post_id for hit in found.hits}
    found = current_engine().search(Query(categories=("tablets",)))
    assert asked.id not in {hit.post_id for hit in found.hits}, "a suggestion counts for nothing"


def test_words_that_changed_take_their_links_away(app: Flask) -> None:
    asked = need(line={"category_id": None})
    work()
    will_write()
    post = db.session.get_one(Post, asked.id)
    post.title = post.lines[0].title = "Quarante chaises"
    work()
    assert "drill" not in links(asked) and links(asked)["chairs"] == Source.RULE


def test_an_author_unticks_what_is_wrong_and_ticks_what_is_right(
    app: Flask, client: CheckedClient
) -> None:
    post = my_post(client, title="Une perceuse pour poser des tablettes", lines=[
        {"title": "Perceuse", "kind": Kind.TOOL, "category_id": None}])  # fmt: skip
    data: dict[str, Any] = typed(client, post)
    html = client.get(edit_path(post)).get_data(as_text=True)
    boxes = {
        box.get("value", "").partition(":")[2]: "checked" in box.attrib
        for box in parse(html).iter("input")
        if box.get("name") == "about"
    }
    assert boxes["drill"] is True and boxes["tablets"] is False
    assert "d’après «\u00a0Perceuse\u00a0»" in html
    shown = ["0:drill:sure", "0:tablets:maybe"]
    ticked = data | {"about-shown": shown, "about": ["0:tablets"]}
    preview = send(client, post, ticked, "preview").get_data(as_text=True)
    assert 'value="0:tablets" checked' in preview
    assert 'value="0:drill" checked' not in preview
    assert send(client, post, ticked).status_code == 303
    assert links(post) == {"drill": Source.REFUSED, "tablets": Source.AUTHOR}
    with writing():
        owed.pay()
    assert links(post)["drill"] == Source.REFUSED, "what was taken away does not come back"
    again = client.get(edit_path(post)).get_data(as_text=True)
    assert 'value="0:drill" checked' not in again and 'value="0:tablets" checked' in again
    both: dict[str, Any] = typed(client, post) | {"about-shown": shown, "about": ["0:drill"]}
    send(client, post, both)
    assert links(post)["drill"] == Source.RULE


def test_refusing_only_suggestions_or_lines_unknown_harms_nothing(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Perceuse", "kind": Kind.TOOL, "category_id": None}])
    odd = typed(client, post) | {"about-shown": "9:drill:sure", "about": "0:nothing"}
    assert send(client, post, odd).status_code == 303
    other = typed(client, post) | {"about-shown": "0:cooking:sure", "about": "0:cooking"}
    assert send(client, post, other).status_code == 303
    assert db.session.scalars(select(LineConcept)).all() == [], "of another kind"


def test_a_rebuild_of_linked_posts_changes_nothing(app: Flask) -> None:
    make_post(title="Perceuse", lines=[{"title": "Perceuse", "category_id": concept("saw")}])
    work()
    before = db.session.scalars(select(Post.version)).one()
    with writing():
        owed.owe_all()
        owed.pay()
    assert db.session.scalars(select(Post.version)).one() == before
