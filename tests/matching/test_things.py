"""A category gathers several things: a title that names one is not about another."""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from board.matching import knowledge, wording
from board.matching.things import are_apart
from board.posts.models import PostTag
from board.posts.rules import Kind, Purpose
from tests.factories import make_organisation, make_post
from tests.matching.helpers import concept, matches, need, offer, work


def test_synonyms_belong_together_and_other_things_apart(app: Flask) -> None:
    things = knowledge.current().things["fr"]

    def apart(key: str, one: str, other: str) -> bool:
        return are_apart(things.named([one], key), things.named([other], key))

    assert apart("winter_clothing", "Bottes d’enfants", "Manteaux d’adultes")
    assert apart("canning_equipment", "Bocaux d’un litre", "Presse à cidre")
    assert not apart(
        "canning_equipment", "Bocaux d’un litre", "Pots Mason"
    )  # through « bocaux Mason »
    assert not apart("drill", "Visseuse", "Perceuse")  # the label shown means them all
    assert not apart("winter_clothing", "Bottes d’enfants", "De quoi passer l’hiver")
    assert not apart("event_setup", "Montage des chapiteaux", "Équipe de montage")


def test_another_thing_of_the_category_is_not_proposed(app: Flask) -> None:
    def clothes(title: str) -> dict[str, Any]:
        line = {"title": title, "category_id": concept("winter_clothing")}
        return {"title": title, "line": line}

    need(**clothes("Bottes d’hiver d’enfants"))
    offer(**clothes("Manteaux d’hiver d’adultes"))
    boots = offer(**clothes("Bottes d’hiver"))
    work()
    assert [match.offer_line_id for match in matches()] == [boots.lines[0].id]


def test_a_tag_and_another_thing_are_not_told_as_the_same_category(app: Flask) -> None:
    line = {"title": "Familles marraines", "kind": Kind.VOLUNTEER,
            "category_id": concept("newcomer_support")}  # fmt: skip
    asked = make_post(
        by=make_organisation(), purpose=Purpose.NEED, title=line["title"], lines=[line]
    )
    tag = {"text": "accueil", "folded": "accueil", "concept_id": concept("welcome_desk")}
    asked.tags.append(PostTag(**tag))
    line = {"title": "Accueil", "kind": Kind.VOLUNTEER, "category_id": concept("welcome_desk")}
    make_post(by=make_organisation(), purpose=Purpose.OFFER, title="Accueil", lines=[line])
    work()
    (pair,) = matches()
    with app.test_request_context("/fr/"):
        g.language = "fr"
        said = wording.why(pair.reasons, pair.parts)
        assert "même sujet (accueil), d’après les mots-clés" in said
        assert "catégorie" not in said
        apart = {"part": "concepts", "here": "chairs", "there": "chairs", "apart": True}
        assert "mais pas la même chose" in wording.why([apart], {})
