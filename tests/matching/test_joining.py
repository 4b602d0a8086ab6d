"""« Nous en avons besoin aussi »: joined knowingly, shared from three on, taken back at will."""

from __future__ import annotations

from typing import Any

from flask import Flask

from board import news
from board.clock import now
from board.matching import blocks, joining, pooling
from board.matching.pooling import Covered, Pool
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Audience
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import need, offer, work
from tests.pages import CheckedClient, csrf, sign_in


def test_a_pool_adds_what_is_said_and_counts_what_is_not() -> None:
    assert pooling.pool([40, None, 12]) == Pool(3, 52, 1)
    assert Pool(3, 52, 1).is_shared
    assert not pooling.pool([1, 1]).is_shared
    assert pooling.cover(52, [30, None, 40, 5]) == [
        Covered(30, 30), None, Covered(22, 52), Covered(0, 52)]  # fmt: skip


def joined_by(post: Post, quantity: int | None = None, **values: Any) -> Organisation:
    """One more organisation joins a need."""
    person = make_person()
    organisation = make_organisation(responsible=person, **values)
    joining.join(post=post, organisation=organisation, by=person, quantity=quantity)
    return organisation


def test_three_organisations_make_a_shared_need_with_what_offers_bring(
    app: Flask, client: CheckedClient
) -> None:
    asked = need(line={"quantity": 4}, by=make_organisation(responsible=make_person()))
    offer(line={"quantity": 5}, title="Perceuse canari")
    first = joined_by(asked, 3, name="Atelier du Quai")
    work()
    address = f"/fr/shared/{asked.uuid}"
    assert client.get(address).status_code == 404
    person = make_person()
    organisation = make_organisation(responsible=person, name="Cuisine des Érables")
    news.commit()
    sign_in(client, person)
    page = client.get(f"/fr/p/{asked.uuid}/join").get_data(as_text=True)
    assert "sera montré à tous ceux qui voient ce besoin" in page
    data = {"csrf_token": csrf(client, "/fr/settings"), "organisation": str(organisation.uuid)}
    wrong = client.post(f"/fr/p/{asked.uuid}/join", data={**data, "quantity": "une douzaine"})
    assert (wrong.status_code, "une douzaine" in wrong.get_data(as_text=True)) == (422, True)
    answer = client.post(f"/fr/p/{asked.uuid}/join", data=data, follow_redirects=True)
    html = answer.get_data(as_text=True)
    for said in ("3 organisations", "au moins 7", first.name, organisation.name, "canari"):
        assert said in html, said
    assert "en apporterait 5" in html
    assert "Atelier du Quai" in client.get(f"/fr/p/{asked.uuid}").get_data(as_text=True)
    client.post(f"/fr/p/{asked.uuid}/join/leave", data=data)
    assert client.get(address).status_code == 404


def test_a_shared_need_is_as_visible_as_its_post(app: Flask, client: CheckedClient) -> None:
    asked = need(by=make_organisation(responsible=make_person(), verified_at=now()))
    joined_by(asked, verified_at=now())
    joined_by(asked, verified_at=now())
    asked.audience = Audience.MEMBERS
    news.commit()
    address = f"/fr/shared/{asked.uuid}"
    assert client.get(address).status_code == 404
    member = make_person()
    make_membership(member, make_organisation(verified_at=now()))
    news.commit()
    sign_in(client, member)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    asked.withdrawn_at = now()
    news.commit()
    assert client.get(address).status_code == 410


def test_who_is_kept_apart_neither_joins_nor_shows(app: Flask, client: CheckedClient) -> None:
    asked = need(by=make_organisation(responsible=make_person()))
    other = joined_by(asked)
    assert [one.organisation_id for one in joining.joins_of(asked)] == [other.id]
    blocks.block_organisation(organisation=asked.organisation, other=other)
    assert not joining.joins_of(asked)
    person = make_person()
    make_membership(person, other)
    make_membership(person, asked.organisation)
    assert not joining.who_may_join(asked, person)


def test_an_offer_is_never_joined(app: Flask, client: CheckedClient) -> None:
    offered = offer()
    news.commit()
    assert client.get(f"/fr/shared/{offered.uuid}").status_code == 404
    assert "Nous aussi" not in client.get(f"/fr/p/{offered.uuid}").get_data(as_text=True)


def test_what_is_in_another_unit_adds_nothing_up(app: Flask) -> None:
    assert joining._as_unit("Boîtes") == joining._as_unit("boite")
    asked = need(line={"quantity": 4}, by=make_organisation(responsible=make_person()))
    offer(line={"quantity": 5, "unit": "tablettes"})
    work()
    assert [one.left for one in joining.offers_for(asked, [])] == [None]
