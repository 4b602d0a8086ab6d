"""The board as a visitor's browser sees it, without JavaScript."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from board import news
from board.posts.rules import Audience, Basis, Kind, Purpose
from board.taxonomy.queries import find_concept
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient, parse
from tests.search.conftest import counted

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#results"}


def test_the_root_leads_to_the_language_of_the_browser(client: CheckedClient) -> None:
    assert client.get("/").headers["Location"] == "/fr/"
    answer = client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert answer.headers["Location"] == "/es/"
    assert "Accept-Language" in answer.headers["Vary"]
    for asked, led in (
        ("fr-CA,en;q=0.5", "/fr/"), ("en-CA,fr;q=0.5", "/en/"), ("es_MX,en;q=0.5", "/es/"),
        ("pt-BR,es-MX;q=0.8", "/es/"), ("en;q=0,es", "/es/"), ("de", "/fr/"), ("*", "/fr/"),
    ):  # fmt: skip
        answer = client.get("/", headers={"Accept-Language": asked})
        assert answer.headers["Location"] == led, asked


def test_a_published_post_is_found_at_once(client: CheckedClient) -> None:
    make_post(title="Presse à cidre", by=make_organisation(name="Verger du Coteau"))
    news.commit()
    page = client.get("/fr/?q=presse").get_data(as_text=True)
    assert "<mark>Presse</mark>" in page
    assert "Verger du Coteau" in page


def test_an_anonymous_page_sets_no_cookie(client: CheckedClient) -> None:
    answer = client.get("/fr/?q=chaise")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/fr/?page=-1",
        "/fr/?page=1000000000",
        "/fr/?kind=gold",
        "/fr/?from=2027-05-02&until=2027-05-01",
        "/fr/?near=here",
        "/fr/?place=Nulle-Part-du-Tout",
        "/fr/?q=" + "x" * 500,
        "/fr/?radius_km=abc&near=45.5,-73.6",
    ],
)
def test_what_cannot_be_understood_is_said_and_the_board_still_shows(
    client: CheckedClient, address: str
) -> None:
    make_post(title="Presse à cidre")
    news.commit()
    answer = client.get(address)
    assert answer.status_code == 400
    assert "message-error" in answer.get_data(as_text=True) or "error" in answer.get_data(
        as_text=True
    )


@pytest.mark.parametrize("q", ['"', "*", "AND OR NOT", "a' OR 1=1 --", "()", "\\", "%", "é" * 150])
def test_no_words_can_break_the_search(client: CheckedClient, q: str) -> None:
    assert client.get("/fr/", query_string={"q": q}).status_code == 200


@pytest.mark.parametrize("address", ["/fr/?q=%00", "/fr/%00", "/fr/%FF%FE"])
def test_broken_addresses_are_refused(client: CheckedClient, address: str) -> None:
    assert client.get(address).status_code in {400, 404}


def test_htmx_gets_the_block_and_the_tabs(client: CheckedClient) -> None:
    make_post(title="Presse à cidre")
    news.commit()
    part = client.get("/fr/?q=presse", headers=PARTIAL)
    html = part.get_data(as_text=True)
    assert "<html" not in html
    assert 'id="results"' in html
    assert 'hx-swap-oob="true"' in html
    assert {"HX-Request", "HX-Request-Type", "HX-Target"} <= {
        v.strip() for v in part.headers["Vary"].split(",")
    }


def test_every_filter_shows_a_chip_that_takes_it_away(client: CheckedClient) -> None:
    make_post(title="Presse à cidre", lines=[{"kind": Kind.TOOL, "basis": Basis.LOAN}])
    news.commit()
    page = client.get("/fr/?kind=tool&basis=loan&q=presse").get_data(as_text=True)
    links = [a.get("href") for a in parse(page).iter("a") if a.get("class") == "chip"]
    assert links == [
        "/fr/?kind=tool&basis=loan",
        "/fr/?q=presse&basis=loan",
        "/fr/?q=presse&kind=tool",
    ]


def test_an_empty_result_says_which_loosening_gives_how_many(client: CheckedClient) -> None:
    make_post(title="Presse à cidre", purpose=Purpose.OFFER)
    news.commit()
    page = client.get("/fr/?q=presse&kind=space").get_data(as_text=True)
    assert "Aucune annonce" in page
    assert "tous les genres\u00a0: 1 annonce" in page
    page = client.get("/fr/?q=zzqqxx&purpose=offer").get_data(as_text=True)
    assert "sans les mots\u00a0: 1 annonce" in page


def test_an_empty_board_asks_for_its_first_post(client: CheckedClient) -> None:
    page = client.get("/fr/").get_data(as_text=True)
    assert "attend sa première annonce" in page
    assert "Rien ici avec ces filtres" not in page
    assert "Rien ici avec ces filtres" in client.get("/fr/?q=scie").get_data(as_text=True)


def test_one_search_has_one_address(client: CheckedClient) -> None:
    asked = "/fr/?q=scie&kind=tool&place=&radius_km=25&from=&until="
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/fr/?q=scie&kind=tool")
    part = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#results"}
    assert client.get(asked, headers=part).status_code == 200
    wrong = client.get("/fr/?radius_km=-3&place=Matane&q=")
    assert wrong.status_code == 400
    assert "None" not in wrong.get_data(as_text=True)


def test_a_list_that_cannot_be_read_to_its_end_says_so(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.web.pagination.LAST_RESULT", 40)
    group = make_organisation()
    for n in range(45):
        make_post(by=group, title=f"Chaise numéro {n}")
    news.commit()
    assert "La liste s’arrête ici" not in client.get("/fr/").get_data(as_text=True)
    assert "La liste s’arrête ici" in client.get("/fr/?page=2").get_data(as_text=True)


@pytest.mark.parametrize("posts", [3, 20])
def test_statements_do_not_grow_with_the_cards(client: CheckedClient, posts: int) -> None:
    organisation = make_organisation()
    for n in range(posts):
        make_post(by=organisation, title=f"Chaise numéro {n}", lines=[{}, {}, {}])
    news.commit()
    with counted() as said:
        assert client.get("/fr/").status_code == 200
    assert len([s for s in said if s.lstrip().upper().startswith("SELECT")]) <= 16, said


def test_what_is_private_is_found_by_no_surface(client: CheckedClient, app: Flask) -> None:
    canaries: dict[str, dict[str, Any]] = {
        "brouillonix": {"published_at": None},
        "membrix": {"audience": Audience.MEMBERS},
        "cachix": {"hidden_at": NOW},
        "retirix": {"withdrawn_at": NOW},
    }
    ids = []
    for word, values in canaries.items():
        ids.append(make_post(title=f"Chaise {word}", **values).uuid)
    news.commit()
    for word in canaries:
        for address in (
            f"/fr/?q={word}",
            f"/api/v1/posts?q={word}",
            "/fr/",
            "/api/v1/posts",
            f"/fr/?q={word[:5]}",
        ):
            html = client.get(address).get_data(as_text=True)
            assert f"Chaise {word}" not in html.replace("<mark>", "").replace("</mark>", ""), (
                address
            )
    assert [client.get(f"/fr/p/{uuid}").status_code for uuid in ids] == [404, 404, 410, 410]


def test_a_post_page_shows_its_lines_and_hides_contacts(client: CheckedClient) -> None:
    post = make_post(
        title="Presse à cidre, écrire à jean@example.org",
        lines=[{"title": "Presse", "quantity": 40, "committed": 28, "needed_from": date(2027, 5, 1),
                "needed_until": date(2027, 5, 1) + timedelta(days=3)}],
    )  # fmt: skip
    news.commit()
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "reste 12 sur 40" in page
    assert "jean@example.org" not in page
    assert "1<sup>er</sup> mai 2027" in page
    assert client.get(f"/p/{post.uuid}").headers["Location"] == f"/fr/p/{post.uuid}"


def test_another_host_is_refused(client: CheckedClient) -> None:
    assert client.get("/fr/", headers={"Host": "evil.example.org"}).status_code == 400


def test_an_error_page_is_a_page(client: CheckedClient) -> None:
    for language in ("fr", "en", "es"):
        answer = client.get(f"/{language}/nothing-here")
        assert answer.status_code == 404
    assert client.get("/fr/p/00000000-0000-0000-0000-000000000000").status_code == 404


def fields(html: str) -> dict[str, str]:
    """The value of each text field of the filters."""
    return {str(f.get("id")): f.get("value", "") for f in parse(html).iter("input") if f.get("id")}


def test_words_filters_and_order_are_one_form(client: CheckedClient) -> None:
    page = parse(client.get("/fr/?kind=space&purpose=offer&per_page=5").get_data(as_text=True))
    (form,) = [each for each in page.iter("form") if each.get("id") == "search"]
    inside = {each.get("name") for each in [*form.iter("input"), *form.iter("select")]}
    assert inside == {"q"}, "nothing in the form goes stale when a part of the page is renewed"
    results = next(each for each in page.iter("div") if each.get("id") == "results")
    fields = [each for tag in ("input", "select") for each in results.iter(tag)]
    assert {each.get("form") for each in fields} == {"search"}
    named = {each.get("name") for each in fields}
    assert {"kind", "place", "radius_km", "from", "closed", "sort", "purpose", "per_page"} <= named
    sort = next(each for each in fields if each.get("name") == "sort")
    assert next(sort.iter("option")).get("value") == "", "the usual order is unsaid"


def test_dates_upside_down_stay_in_their_fields(client: CheckedClient) -> None:
    answer = client.get("/fr/?from=2027-05-02&until=2027-05-01&q=presse")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert fields(html)["from"] == "2027-05-02"
    assert fields(html)["until"] == "2027-05-01"
    assert "<p> La date de fin vient avant la date de début." in html
    assert 'name="until" form="search" value="2027-05-01"' in html


def test_a_refused_value_is_repeated_and_named_in_words(client: CheckedClient) -> None:
    html = client.get("/fr/?kind=gold&kind=tool&from=hier").get_data(as_text=True)
    assert "Genre «\u00a0gold\u00a0»\u00a0:" in html
    assert fields(html)["from"] == "hier"
    assert [a.get("href") for a in parse(html).iter("a") if a.get("class") == "chip"] == [
        "/fr/?from=hier",
        "/fr/?kind=tool",
    ]
    long = client.get("/fr/", query_string={"q": "x" * 300, "category": "y" * 300})
    assert fields(long.get_data(as_text=True))["q"] == "x" * 300
    assert long.status_code == 400


def test_an_unknown_filter_is_said_quietly(client: CheckedClient) -> None:
    make_post(title="Presse à cidre")
    news.commit()
    answer = client.get("/fr/?colour=red&price=1")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "«\u00a0colour\u00a0», «\u00a0price\u00a0»" in html
    assert "Presse à cidre" in html
    assert client.get("/fr/?utm_source=x&fbclid=y").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["language=zz", "page=-1", "page=1000000000", "per_page=0", "sort=nearest", "radius_km=5",
     "category=zz", "organisation=zz", "purpose=gift", "cursor=zzz"],
)  # fmt: skip
def test_a_value_that_does_not_exist_is_400_and_the_list_is_there(
    client: CheckedClient, query: str
) -> None:
    make_post(title="Presse à cidre")
    news.commit()
    answer = client.get(f"/fr/?{query}")
    assert answer.status_code == 400
    assert "Presse à cidre" in answer.get_data(as_text=True)


def test_a_page_after_the_last_is_no_fault_of_the_reader(client: CheckedClient) -> None:
    make_post(title="Presse à cidre")
    news.commit()
    answer = client.get("/fr/?page=2")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "Cette liste n’a qu’une page, la voici." in html
    assert "Presse à cidre" in html
    assert client.get("/api/v1/posts?page=2").get_json()["items"] == []


@pytest.mark.parametrize(
    "path", ["/fr/?q=%E9%FF", "/fr/organisations/?q=%C3", "/api/v1/posts?q=%E9%FF"]
)
def test_broken_letters_are_refused_in_words(client: CheckedClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    said = answer.get_data(as_text=True)
    if "api" in path:
        assert answer.mimetype == "application/problem+json"
        said = answer.get_json()["detail"]
    assert "Certains caractères ne peuvent pas être lus" in said


def test_a_form_with_broken_letters_is_refused(client: CheckedClient) -> None:
    form = {"data": b"email=%E9%FF", "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/fr/sign-in", **form).status_code == 400


def test_a_search_as_you_type_brings_title_and_languages(client: CheckedClient) -> None:
    html = client.get("/fr/?q=presse", headers=PARTIAL).get_data(as_text=True)
    assert "<title>Aucune annonce · presse · Babillard</title>" in html
    base = client.application.config["BOARD"].base_url
    assert f'<link id="alternate-es" rel="alternate" hreflang="es" href="{base}/es/?q=pre' in html
    tree = parse(html)
    menus = [u for u in tree.iter("ul") if str(u.get("id")).startswith("languages-")]
    assert [u.get("hx-swap-oob") for u in menus] == ["true", "true"]
    assert {a.get("href") for u in menus for a in u.iter("a")} == {
        f"/{code}/?q=presse" for code in ("fr", "en", "es")
    }


def test_the_button_of_the_filters_says_what_it_shows(client: CheckedClient) -> None:
    make_post(title="Presse à cidre")
    make_post(title="Une salle", lines=[{"kind": Kind.SPACE}])
    news.commit()
    headers = {**PARTIAL, "HX-Target": "div#filter-apply"}
    part = client.get("/fr/?kind=space", headers=headers).get_data(as_text=True)
    assert "Voir 1\u00a0annonce<" in part.replace("Voir 1 annonce", "Voir 1\u00a0annonce")
    assert "<article" not in part
    page = client.get("/fr/?kind=space&q=salle").get_data(as_text=True)
    assert "Filtres (1)" in page


def test_a_point_that_cannot_be_takes_its_distance_along(client: CheckedClient) -> None:
    html = client.get("/fr/?near=x&radius_km=5&sort=nearest").get_data(as_text=True)
    assert "Lieu «\u00a0x\u00a0»" in html
    assert "Une distance demande un lieu" not in html


def test_a_date_that_cannot_be_stays_in_every_address_until_it_is_taken_off(
    client: CheckedClient,
) -> None:
    answer = client.get("/fr/?from=2027-99-99&kind=tool")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "« 2027-99-99 »" in page.replace("\u00a0", " ")
    links = [a.get("href", "") for a in parse(page).iter("a")]
    assert "/fr/?purpose=need&kind=tool&from=2027-99-99" in links
    assert "/fr/?from=2027-99-99" in links and "/fr/?kind=tool" in links
    assert client.get("/fr/?kind=tool").status_code == 200


def test_a_place_that_has_homonyms_says_so_and_leads_to_them(client: CheckedClient) -> None:
    page = client.get("/fr/?place=Saint-Jean&kind=tool").get_data(as_text=True)
    assert "Recherche autour de Saint-Jean-sur-Richelieu" in page
    assert 'href="/fr/?place=Saint+John,+Nouveau-Brunswick&amp;kind=tool&amp;radius_km=25"' in page
    page = client.get("/fr/?place=Saint+John,+Nouveau-Brunswick").get_data(as_text=True)
    assert "Recherche autour de" not in page


def test_the_trail_of_a_post_names_its_category(client: CheckedClient) -> None:
    chairs, other = find_concept("chairs"), make_post()
    assert chairs is not None
    post = make_post(lines=[{}, {"category_id": chairs.id}])
    news.commit()
    trail = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True).split("</nav>")
    assert any('href="/fr/?category=chairs">Chaises' in part for part in trail)
    page = client.get(f"/fr/p/{other.uuid}").get_data(as_text=True)
    assert 'href="/fr/?purpose=offer">Offre' in page


def test_a_card_says_when_people_are_needed(client: CheckedClient) -> None:
    line = {"kind": Kind.VOLUNTEER, "basis": None, "effort": "les jeudis, ou au 418 555-0199"}
    make_post(purpose=Purpose.NEED, lines=[line])
    make_post(lines=[{"effort": "une fin de semaine"}])
    news.commit()
    page = client.get("/fr/").get_data(as_text=True)
    assert "les jeudis, ou au [coordonnées masquées]" in page and "555-0199" not in page
    assert "une fin de semaine" not in page


def test_a_kept_search_is_named_by_its_tab_too(client: CheckedClient) -> None:
    for query, name in (("q=chaises&purpose=need", "Besoins"), ("purpose=offer", "Offres")):
        page = client.get(f"/fr/follow?{query}").get_data(as_text=True)
        assert name in page.split("<main", 1)[1]
    assert "Tout le babillard" not in page


def test_an_empty_page_promises_nothing(client: CheckedClient) -> None:
    make_post(title="Service de traiteur")
    news.commit()
    page = client.get("/fr/?q=tracteur&kind=knowledge").get_data(as_text=True)
    assert "voici les plus proches" not in page
