"""The directory and the public page: what everybody may see, for few statements."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from board.clock import now
from board.extensions import db
from board.markdown import to_html
from board.organisations.models import Organisation
from board.posts.rules import Audience
from board.taxonomy.place_queries import find_place_by_text
from tests.factories import make_organisation, make_person, make_post
from tests.organisations.helpers import as_, house, text
from tests.pages import CheckedClient

HERE = "/fr/organisations/"


def test_a_visitor_finds_an_organisation_by_a_part_of_its_name(client: CheckedClient) -> None:
    make_organisation(name="Érablière des Éboulements", slug="erabliere")
    make_organisation(name="Club du Lac", slug="club")
    db.session.commit()
    page = text(client.get(HERE + "?q=erabl"))
    assert "Érablière" in page
    assert "Club du Lac" not in page
    assert "Club du Lac" in text(client.get(HERE + "?q=LAC"))
    assert "Aucune organisation" in text(client.get(HERE + "?q=%25"))


@pytest.mark.parametrize(
    "typed", ["erablire", "eboulement", "erabliere eboulemens", "Erabliére", "ebouelments"]
)
def test_a_name_is_found_however_it_is_typed(client: CheckedClient, typed: str) -> None:
    make_organisation(name="Érablière des Éboulements", slug="erabliere")
    make_organisation(name="Éboulis du Nord", slug="eboulis")
    make_organisation(name="Club du Lac", slug="club")
    db.session.commit()
    page = text(client.get(HERE, query_string={"q": typed}))
    assert "Érablière" in page
    assert "Club du Lac" not in page
    assert "Éboulis" not in page


def test_close_names_are_said_to_be_close(client: CheckedClient) -> None:
    make_organisation(name="Érablière des Éboulements")
    make_organisation(name="Érablière fermée", closed_at=now())
    db.session.commit()
    page = text(client.get(HERE + "?q=erabliire"))
    assert "voici les plus proches" in page
    assert "1 organisation" in page
    assert "fermée" not in page
    assert "voici les plus proches" not in text(client.get(HERE + "?q=erabl"))
    assert "Aucune organisation" in text(client.get(HERE + "?q=zzzzzzzz"))


def test_the_directory_is_alphabetical_and_labels_what_is_not_verified(
    client: CheckedClient,
) -> None:
    make_organisation(name="Zénith")
    make_organisation(name="Abri", verified_at=now())
    db.session.commit()
    page = text(client.get(HERE))
    assert page.index("Abri") < page.index("Zénith")
    assert "Organisation non vérifiée" in page
    assert "Organisation vérifiée" in page


def test_closed_and_unlisted_organisations_are_left_out(client: CheckedClient) -> None:
    make_organisation(name="Fermée", closed_at=now())
    make_organisation(name="Retirée", unlisted_at=now())
    db.session.commit()
    page = text(client.get(HERE))
    assert "Fermée" not in page
    assert "Retirée" not in page


def test_an_organisation_waits_until_somebody_confirmed_their_address(
    client: CheckedClient,
) -> None:
    ana = make_person(confirmed_at=None, email_folded=None)
    waiting = make_organisation(name="Pas encore", slug="pas-encore", responsible=ana)
    db.session.commit()
    assert "Pas encore" not in text(client.get(HERE))
    assert client.get(HERE + "pas-encore").status_code == 404
    assert as_(client, ana).get(HERE + "pas-encore").status_code == 200
    ana.confirmed_at = now()
    db.session.commit()
    assert waiting.name in text(client.get(HERE))


def test_a_place_brings_what_is_around_it(client: CheckedClient) -> None:
    make_organisation(name="À Laval", place=find_place_by_text("Laval"))
    make_organisation(name="À Gaspé", place=find_place_by_text("Gaspé"))
    db.session.commit()
    page = text(client.get(HERE + "?place=Montréal"))
    assert "À Laval" in page
    assert "À Gaspé" not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=0", 400),
        ("page=-1", 400),
        ("page=abc", 400),
        ("page=1000000000", 400),
        ("page=2", 400),
        ("colour=red", 400),
        ("place=Nullepartville", 422),
        ("q=" + "x" * 101, 422),
        ("place=" + "x" * 200, 422),
        ("q=%00", 400),
    ],
)
def test_bad_questions_get_an_answer_in_4xx(client: CheckedClient, query: str, status: int) -> None:
    assert client.get(HERE + "?" + query).status_code == status


def test_what_was_asked_is_kept_when_the_place_is_unknown(client: CheckedClient) -> None:
    page = text(client.get(HERE + "?place=Nullepartville&q=abri"))
    assert 'value="Nullepartville"' in page
    assert 'value="abri"' in page
    assert "ne connaît pas ce lieu" in page


def test_pages_hold_24_and_every_organisation_is_on_one(client: CheckedClient) -> None:
    for n in range(30):
        make_organisation(name=f"Groupe {n:02}")
    db.session.commit()
    first, second = text(client.get(HERE)), text(client.get(HERE + "?page=2"))
    shown = [n for n in range(30) if (f"Groupe {n:02}" in first) != (f"Groupe {n:02}" in second)]
    assert shown == list(range(30))
    assert first.count('<li class="panel">') == 24


def test_a_part_of_the_page_is_answered_to_htmx(client: CheckedClient) -> None:
    make_organisation(name="Abri")
    db.session.commit()
    part = text(
        client.get(
            HERE,
            headers={
                "HX-Request": "true",
                "HX-Request-Type": "partial",
                "HX-Target": "section#organisation-list",
            },
        )
    )
    assert part.lstrip().startswith("<section")
    assert "Abri" in part


def test_only_open_public_posts_are_counted(client: CheckedClient) -> None:
    abri = make_organisation(name="Abri")
    make_post(by=abri)
    make_post(by=abri)
    make_post(by=abri, audience=Audience.MEMBERS)
    make_post(by=abri, published_at=None)
    db.session.commit()
    assert "2 annonces ouvertes" in text(client.get(HERE))


def test_the_page_shows_posts_and_not_who_is_behind(client: CheckedClient) -> None:
    abri, responsible, editor, _ = house(
        name="Abri", slug="abri", description_html=to_html("**Ouvert** le mardi"),
        website="https://abri.example.org", languages="fr,ht", verified_at=now(),
    )  # fmt: skip
    responsible.name, editor.name = "Canari Un", "Canari Deux"
    make_post(by=abri, title="Vingt chaises bleues")
    make_post(by=abri, title="Chaises canari", published_at=None)
    db.session.commit()
    page = text(client.get(HERE + "abri"))
    assert "Vingt chaises bleues" in page
    assert "créole haïtien" in page
    assert 'rel="nofollow ugc noopener"' in page
    assert "<strong>Ouvert</strong>" in page
    assert "canari" not in page.lower()
    assert "Membres" not in page


def test_members_see_their_tools_and_strangers_do_not(client: CheckedClient) -> None:
    _, responsible, editor, stranger = house(slug="abri")
    assert "Votre organisation" not in text(as_(client, stranger).get(HERE + "abri"))
    page = text(as_(client, editor).get(HERE + "abri"))
    assert "Votre organisation" in page
    assert "/abri/members" not in page
    assert "/abri/members" in text(as_(client, responsible).get(HERE + "abri"))


def test_a_closed_organisation_is_gone_and_an_unknown_one_not_found(
    client: CheckedClient,
) -> None:
    make_organisation(slug="fermee", closed_at=now())
    make_organisation(slug="retiree", unlisted_at=now())
    db.session.commit()
    assert client.get(HERE + "fermee").status_code == 410
    assert client.get(HERE + "jamais").status_code == 404
    assert client.get(HERE + "retiree").headers["X-Robots-Tag"] == "noindex"


def test_the_posts_of_a_page_are_paged(client: CheckedClient) -> None:
    abri = make_organisation(slug="abri")
    for n in range(23):
        make_post(by=abri, title=f"Objet {n:02}")
    db.session.commit()
    assert text(client.get(HERE + "abri")).count("<article") == 20
    assert text(client.get(HERE + "abri?page=2")).count("<article") == 3
    assert client.get(HERE + "abri?page=3").status_code == 404
    assert client.get(HERE + "abri?page=x").status_code == 400


class Statements:
    """Counts what reaches the database."""

    def __init__(self) -> None:
        self.n = 0
        event.listen(db.engine, "before_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        self.n += 1

    def stop(self) -> int:
        event.remove(db.engine, "before_cursor_execute", self._count)
        return self.n


def count(client: CheckedClient, path: str) -> int:
    db.session.remove()
    counter = Statements()
    assert client.get(path).status_code == 200
    return counter.stop()


def test_the_number_of_statements_does_not_follow_the_number_of_rows(
    app: Flask, client: CheckedClient
) -> None:
    abri = make_organisation(slug="abri", name="Abri")
    make_post(by=abri)
    db.session.commit()
    kept = abri.id
    before = count(client, HERE), count(client, HERE + "abri")
    abri = db.session.get_one(Organisation, kept)
    for _ in range(15):
        make_post(by=abri)
        make_post(by=make_organisation(place=find_place_by_text("Laval")))
    db.session.commit()
    assert (count(client, HERE), count(client, HERE + "abri")) == before
    assert max(before) <= 9, before


def test_a_description_is_read_out_in_its_own_language(client: CheckedClient) -> None:
    html = "<p>We lend what our neighbours need, and they bring it back to us.</p>"
    text = "We lend what our neighbours need, and they bring it back to us."
    make_organisation(
        name="Two Tongues",
        slug="two-tongues",
        languages="fr,en",
        description_html=html,
        description_md=text,
    )
    make_organisation(name="Une seule", description_html="<p>Prêts.</p>", description_md="Prêts.")
    db.session.commit()
    page = client.get("/es/organisations/").get_data(as_text=True)
    assert '<p lang="en">We lend' in page
    assert '<p lang="fr">Prêts' in page
    assert '<div class="prose" lang="en"><p>We lend' in client.get(
        "/es/organisations/two-tongues"
    ).get_data(as_text=True)
