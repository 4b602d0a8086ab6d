"""A category gathers several things: a title that names one is not about another."""

from __future__ import annotations

from typing import Any

from flask import Flask

from board.matching import knowledge
from board.matching.things import are_apart
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
