"""Two editors at once, as rules: what one touched alone stands, what both touched is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from board.posts.merging import clashes_of, merge, settle
from board.posts.rules import Kind, Purpose
from board.posts.values import LineValues, PostValues, from_snapshot, snapshot

TABLES, CHAIRS, CLOTHS = (UUID(int=n) for n in (1, 2, 3))
BASE = PostValues(
    purpose=Purpose.OFFER, title="Tables", language="fr", body="Du bois.", tags=("prêt",),
    place_id=1, place="Matane", expires_on=date(2027, 1, 1),
    lines=(LineValues("Tables", Kind.TOOL, TABLES, quantity=4),
           LineValues("Chaises", Kind.TOOL, CHAIRS, quantity=40)),
)  # fmt: skip


def line(values: PostValues, uuid: UUID) -> LineValues | None:
    return next((one for one in values.lines if one.uuid == uuid), None)


def with_line(values: PostValues, uuid: UUID, **changes: object) -> PostValues:
    lines = (replace(one, **changes) if one.uuid == uuid else one for one in values.lines)  # type: ignore[arg-type]
    return replace(values, lines=tuple(lines))


def without(values: PostValues, uuid: UUID) -> PostValues:
    return replace(values, lines=tuple(one for one in values.lines if one.uuid != uuid))


def keys(base: PostValues | None, mine: PostValues, theirs: PostValues) -> list[str]:
    return [clash.key for clash in merge(base, mine, theirs).clashes]


def test_what_i_left_alone_takes_the_saved_value_and_what_only_i_changed_is_mine() -> None:
    mine = replace(BASE, body="Du chêne.")
    theirs = replace(BASE, title="Grandes tables", tags=("prêt", "fête"), place_id=2, place="Gaspé")
    merged = merge(BASE, mine, theirs)
    assert merged.clashes == ()
    assert merged.values == replace(theirs, body="Du chêne.")


def test_the_same_change_on_both_sides_is_no_clash() -> None:
    both = replace(BASE, title="Grandes tables")
    assert merge(BASE, both, both).clashes == ()


def test_what_both_changed_is_asked_and_mine_stays_in_the_form() -> None:
    mine, theirs = replace(BASE, title="Mes tables"), replace(BASE, title="Leurs tables")
    merged = merge(BASE, mine, theirs)
    (clash,) = merged.clashes
    assert (clash.key, clash.difference.one, clash.difference.other) == (
        "title",
        "Mes tables",
        "Leurs tables",
    )
    assert merged.values.title == "Mes tables"


def test_a_place_is_one_thing_with_its_number() -> None:
    theirs = replace(BASE, place_id=2, place="Gaspé")
    assert merge(BASE, BASE, theirs).values.place_id == 2
    mine = replace(BASE, place_id=3, place="Percé")
    assert merge(BASE, mine, BASE).values.place_id == 3
    assert merge(BASE, mine, theirs).values.place_id == 3
    settled, left = settle(mine, theirs, merge(BASE, mine, theirs).clashes, {"place": "theirs"})
    assert (settled.place, settled.place_id, left) == ("Gaspé", 2, [])


def test_lines_are_told_apart_by_identity_not_by_position() -> None:
    mine = with_line(BASE, CHAIRS, quantity=50)
    theirs = replace(with_line(BASE, TABLES, quantity=6), lines=(
        LineValues("Chaises", Kind.TOOL, CHAIRS, quantity=40, unit="pièces"),
        LineValues("Tables", Kind.TOOL, TABLES, quantity=6)))  # fmt: skip
    merged = merge(BASE, mine, theirs)
    assert merged.clashes == ()
    tables, chairs = line(merged.values, TABLES), line(merged.values, CHAIRS)
    assert tables is not None and tables.quantity == 6
    assert chairs is not None and (chairs.quantity, chairs.unit) == (50, "pièces")


def test_lines_that_either_added_are_all_there() -> None:
    mine = replace(BASE, lines=(*BASE.lines, LineValues("Verres", Kind.TOOL)))
    theirs = replace(BASE, lines=(*BASE.lines, LineValues("Nappes", Kind.TOOL, CLOTHS)))
    merged = merge(BASE, mine, theirs)
    assert [one.title for one in merged.values.lines] == ["Tables", "Chaises", "Verres", "Nappes"]
    assert merged.clashes == ()


def test_a_line_that_one_removed_and_the_other_left_alone_is_gone() -> None:
    changed = replace(BASE, title="Autre")
    for mine, theirs in ((without(BASE, CHAIRS), changed), (changed, without(BASE, CHAIRS))):
        merged = merge(BASE, mine, theirs)
        assert line(merged.values, CHAIRS) is None and merged.clashes == ()


@pytest.mark.parametrize(("choice", "stays"), [("mine", True), ("theirs", False)])
def test_a_line_that_i_changed_and_the_other_removed_is_asked(choice: str, stays: bool) -> None:
    mine, theirs = with_line(BASE, CHAIRS, quantity=50), without(BASE, CHAIRS)
    merged = merge(BASE, mine, theirs)
    assert [clash.key for clash in merged.clashes] == [str(CHAIRS)]
    assert line(merged.values, CHAIRS) is not None
    settled, left = settle(merged.values, theirs, merged.clashes, {str(CHAIRS): choice})
    assert left == [] and (line(settled, CHAIRS) is not None) is stays


@pytest.mark.parametrize(("choice", "stays"), [("mine", False), ("theirs", True)])
def test_a_line_that_i_removed_and_the_other_changed_is_asked(choice: str, stays: bool) -> None:
    mine, theirs = without(BASE, CHAIRS), with_line(BASE, CHAIRS, quantity=50)
    merged = merge(BASE, mine, theirs)
    shown = line(merged.values, CHAIRS)
    assert shown is not None and shown.quantity == 50, "nothing is lost before the choice"
    again = clashes_of([str(CHAIRS)], merged.values, theirs)
    assert [(c.difference.one, c.difference.other) for c in again] == [(None, "Chaises, 50")]
    settled, left = settle(merged.values, theirs, again, {str(CHAIRS): choice})
    assert left == [] and (line(settled, CHAIRS) is not None) is stays
    assert (
        line(settle(mine, theirs, again, {str(CHAIRS): choice})[0], CHAIRS) is not None
    ) is stays


def test_a_field_of_a_line_that_both_changed_is_asked_alone() -> None:
    mine = with_line(BASE, CHAIRS, quantity=50, unit="pièces")
    theirs = with_line(BASE, CHAIRS, quantity=30, title="Chaises droites")
    merged = merge(BASE, mine, theirs)
    key = f"{CHAIRS}-quantity"
    assert [clash.key for clash in merged.clashes] == [key]
    settled, _left = settle(merged.values, theirs, merged.clashes, {key: "theirs"})
    chairs = line(settled, CHAIRS)
    assert chairs is not None
    assert (chairs.title, chairs.quantity, chairs.unit) == ("Chaises droites", 30, "pièces")


def test_without_the_words_both_began_with_everything_that_differs_is_asked() -> None:
    mine = without(replace(BASE, title="Mes tables"), CHAIRS)
    theirs = with_line(BASE, TABLES, quantity=6)
    assert keys(None, mine, theirs) == ["title", f"{TABLES}-quantity", str(CHAIRS)]


def test_nothing_is_settled_that_was_not_chosen() -> None:
    mine, theirs = replace(BASE, title="Mes tables"), replace(BASE, title="Leurs tables")
    clashes = merge(BASE, mine, theirs).clashes
    for choices in ({}, {"title": ""}, {"title": "both"}, {"body": "mine"}):
        assert settle(mine, theirs, clashes, choices) == (mine, ["title"])
    assert settle(mine, theirs, clashes, {"title": "mine"}) == (mine, [])


def test_what_was_mended_by_hand_is_no_clash_any_more() -> None:
    theirs = replace(BASE, title="Leurs tables")
    assert clashes_of(["title"], theirs, theirs) == ()


def test_strange_keys_name_nothing() -> None:
    theirs = replace(BASE, title="Leurs tables")
    strange = ["", "x", "lines", "place_id", "__class__", "0" * 36, f"{CHAIRS}-__dict__",
               f"{CHAIRS}-uuid", f"{UUID(int=9)}", f"{UUID(int=9)}-title"]  # fmt: skip
    assert clashes_of(strange, BASE, theirs) == ()


def test_a_third_save_is_merged_over_the_second() -> None:
    """What was taken over from the second is the ground of the next comparison."""
    mine, second = replace(BASE, body="Du chêne."), replace(BASE, title="Deux")
    once = merge(BASE, mine, second).values
    third = replace(second, title="Trois")
    again = merge(second, once, third)
    assert again.clashes == () and again.values == replace(third, body="Du chêne.")


def test_words_come_back_from_a_revision_as_they_were() -> None:
    assert from_snapshot(snapshot(BASE)) == BASE
    assert from_snapshot({"purpose": "need", "title": "Vieux"}).lines == ()
