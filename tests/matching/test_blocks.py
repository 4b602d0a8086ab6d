"""Blocks: an organisation keeps another or a person away, quietly, and may take it back."""

from __future__ import annotations

from flask import Flask

from board import news
from board.accounts import panels
from board.matching import blocks
from board.organisations.models import Organisation
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import matches, need, offer, work
from tests.pages import CheckedClient, csrf
from tests.posts.helpers import at_work


def press(client: CheckedClient, ours: Organisation, rest: str, **data: str) -> tuple[int, str]:
    """Press a button of the page of blocks and read what comes."""
    path = f"/fr/organisations/{ours.slug}/blocks/{rest}"
    data["csrf_token"] = csrf(client, "/fr/settings")
    answer = client.post(path, data=data, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_blocked_organisation_is_matched_no_more_until_it_is_unblocked(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    theirs = make_organisation(name="Outilthèque des Vents", responsible=make_person())
    need(ours)
    offer(theirs)
    work()
    assert matches()
    status, html = press(client, ours, "organisation", name="outilthèque des vents")
    assert status == 200
    assert "Outilthèque des Vents est bloquée. Elle n’en saura rien." in html
    work()
    assert not matches()
    assert blocks.is_blocked(ours.id, other_id=theirs.id)
    assert blocks.is_blocked(theirs.id, other_id=ours.id)
    one = blocks.list_of(ours.id)[0]
    _status, html = press(client, ours, f"{one.id}/lift")
    assert "n’est plus bloquée" in html
    work()
    assert matches()
    assert not blocks.is_blocked(ours.id, other_id=theirs.id)


def test_a_name_that_several_hold_is_asked_about(app: Flask, client: CheckedClient) -> None:
    _person, ours = at_work(client)
    names = ("Cuisine des Érables", "Cuisine du Quai")
    made = [make_organisation(name=name, responsible=make_person()) for name in names]
    news.commit()
    status, html = press(client, ours, "organisation", name="cuisine")
    assert status == 422
    assert all(name in html for name in names)
    assert not blocks.list_of(ours.id)
    press(client, ours, "organisation", name="cuisine", slug=made[1].slug)
    assert [one.name for one in blocks.list_of(ours.id)] == ["Cuisine du Quai"]
    status, html = press(client, ours, "organisation", name="zzz")
    assert (status, "Aucune organisation" in html, 'value="zzz"' in html) == (422, True, True)
    status, html = press(client, ours, "organisation", name="z" * 200_000)
    assert (status, "C’est trop long" in html) == (422, True)


def test_an_address_is_blocked_whether_or_not_it_has_an_account(
    app: Flask, client: CheckedClient
) -> None:
    _person, ours = at_work(client)
    known = make_person(email="lou@example.org", name="Lou Canari")
    news.commit()
    answers = []
    for address in ("Lou@example.org", "personne@example.net"):
        status, html = press(client, ours, "person", email=address)
        assert status == 200
        assert "Lou Canari" not in html
        answers.append(html.count("bloquée"))
        assert blocks.is_blocked_address(ours.id, address.lower())
    assert answers[0] == answers[1]
    assert blocks.is_blocked(ours.id, person=known)
    assert blocks.organisations_that_block(known) == {ours.id}
    assert not blocks.is_blocked(ours.id, person=make_person())
    assert press(client, ours, "person", email="pas une adresse")[0] == 422


def test_strangers_lift_no_block_and_who_is_erased_is_forgotten(
    app: Flask, client: CheckedClient
) -> None:
    _person, theirs = at_work(client)
    person, ours = make_person(), make_organisation(responsible=make_person())
    blocks.block_person(organisation=ours, person=person)
    make_membership(person, theirs)
    news.commit()
    one = blocks.list_of(ours.id)[0]
    assert press(client, theirs, f"{one.id}/lift")[0] == 404
    assert blocks.is_blocked(ours.id, other_id=theirs.id, person=person)
    panels.erase_elsewhere(person)
    assert not blocks.list_of(ours.id)
