"""What stands in another site's page."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from board import news
from board.clock import fix
from board.database import will_write
from board.posts.rules import Audience, Kind, Purpose
from board.taxonomy.place_queries import find_place_by_text
from board.taxonomy.queries import find_concept
from board.widgets import embed_views, services
from board.widgets.rules import Layout
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient
from tests.widgets.helpers import change, make_widget

XSS = '<img src=x onerror="alert(1)">\'"&</script></style>'


def titles(client: CheckedClient, address: str) -> list[str]:
    """Return the titles that a widget shows."""
    html = client.get(address).get_data(as_text=True)
    found = re.findall(r"data-post>(.*?)(?:<span|</a>)", html)
    return [unescape(title) for title in found]


def test_a_widget_shows_its_own_search_and_what_is_left_out(client: CheckedClient) -> None:
    chairs, tools = find_concept("chairs"), make_organisation(slug="outils")
    assert chairs is not None
    make_post(title="Chaises", lines=[{"category_id": chairs.id}])
    make_post(title="Perceuse", by=tools)
    make_post(title="Une salle", lines=[{"kind": Kind.SPACE}])
    make_post(title="Un four", purpose=Purpose.NEED)
    make_post(title="Entre nous", audience=Audience.MEMBERS)
    widget = make_widget(filters=(("purpose", "offer"),))
    address = f"/embed/{widget.uuid}"
    assert titles(client, address) == ["Une salle", "Perceuse", "Chaises"]
    change(widget, without_kinds=("space",))
    assert titles(client, address) == ["Perceuse", "Chaises"]
    change(widget, without_kinds=(), without_organisations=("outils", "gone"))
    assert titles(client, address) == ["Une salle", "Chaises"]
    change(widget, without_organisations=(), without_categories=("chairs", "gone"))
    assert titles(client, address) == ["Une salle", "Perceuse"]
    assert titles(client, f"{address}?q=perceuse") == ["Perceuse"]
    assert titles(client, f"{address}?purpose=need&colour=red") == ["Une salle", "Perceuse"]


def test_it_is_read_by_plain_links(client: CheckedClient) -> None:
    organisation = make_organisation()
    for number in range(7):
        make_post(by=organisation, title=f"Chaise {number}", purpose=Purpose.NEED)
    make_post(title="Une salle")
    widget = make_widget(per_page=3)
    html = client.get(f"/embed/{widget.uuid}?lang=fr").get_data(as_text=True)
    assert "Besoins (7)" in html
    following = re.search(r'rel="next" href="([^"]+)"', html)
    assert following
    second = client.get(unescape(following[1])).get_data(as_text=True)
    assert 'rel="prev"' in second
    assert titles(client, f"/embed/{widget.uuid}?page=99")[0] == "Une salle"
    assert titles(client, f"/embed/{widget.uuid}?page=no&purpose=no")[0] == "Une salle"
    assert titles(client, f"/embed/{widget.uuid}?purpose=need&q=chaise")
    assert "<script>" not in html
    assert 'target="_blank" rel="noopener"' in html


def test_a_stale_post_leaves_by_itself(client: CheckedClient) -> None:
    make_post(title="Vieille chaise")
    widget = make_widget()
    address = f"/embed/{widget.uuid}"
    assert titles(client, address) == ["Vieille chaise"]
    fix(NOW + timedelta(days=119))
    assert titles(client, address) == ["Vieille chaise"]
    fix(NOW + timedelta(days=121))
    assert titles(client, address) == []
    assert "Rien pour l’instant." in client.get(address).get_data(as_text=True)


def test_who_may_frame_it_is_said_by_each_widget(client: CheckedClient) -> None:
    widget = make_widget()
    answer = client.get(f"/embed/{widget.uuid}")
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    change(widget, sites=("https://exemple.org", "https://www.autre.org", "http://127.0.0.1:9"))
    policy = client.get(f"/embed/{widget.uuid}").headers["Content-Security-Policy"]
    assert policy.endswith(
        "frame-ancestors 'self' https://exemple.org https://www.exemple.org"
        " https://www.autre.org https://autre.org http://127.0.0.1:9"
    )
    for path in ("/fr/", f"/fr/p/{make_post().uuid}", "/fr/sign-in", "/fr/feed.atom"):
        headers = client.get(path).headers
        assert headers["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path


def test_what_is_not_there_says_so_in_a_frame_that_may_be_shown(client: CheckedClient) -> None:
    draft, closed, gone = make_widget(publish=False), make_widget(), make_widget()
    will_write()
    services.pause(widget=closed)
    services.remove(widget=gone)
    news.commit()
    for address, status, words in (
        ("/embed/not-a-widget", 404, "n’existe pas"),
        ("/embed/00000000-0000-0000-0000-000000000001?lang=klingon", 404, "n’existe pas"),
        (f"/embed/{draft.uuid}", 404, "pas encore publié"),
        (f"/embed/{gone.uuid}", 404, "n’existe pas"),
        (f"/embed/{closed.uuid}", 200, "fermé pour l’instant"),
        ("/embed/preview?d=forged", 404, "vieilli"),
    ):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert words in answer.get_data(as_text=True), address
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"], address
        assert 'href="http' in answer.get_data(as_text=True), address
    assert client.get(f"/embed/{closed.uuid}.json").status_code == 404
    page = client.get(f"/embed/{closed.uuid}").get_data(as_text=True)
    assert f"/embed/{closed.uuid}.css" in page  # in its own colours


@pytest.mark.parametrize("away", ["closed_at", "hidden_at"])
def test_with_its_organisation_a_widget_leaves_every_site(client: CheckedClient, away: str) -> None:
    make_post(title="Des autres")
    owner = make_organisation(name="Nom discret")
    widget = make_widget(owner, title="Un mot à elle")
    base, address = client.application.config["BOARD"].base_url, f"/embed/{widget.uuid}"
    oembed = f"/oembed?url={base}{address}"
    news.commit()
    assert "Des autres" in client.get(address).get_data(as_text=True)
    assert client.get(oembed).get_json()["author_name"] == "Nom discret"
    will_write()
    setattr(owner, away, NOW)
    news.commit()
    page = client.get(address).get_data(as_text=True)
    assert "n’existe pas" in page and "Des autres" not in page and "Un mot à elle" not in page
    for path in (address, f"{address}.json", oembed):
        assert client.get(path).status_code == 404, path


def test_the_language_falls_back_and_never_fails(client: CheckedClient) -> None:
    widget = make_widget(language="auto")
    for asked, language in (
        ("en", "en"), (" en_US ", "en"), ("es-MX", "es"), ("fr-CA", "fr"), ("klingon", "fr"),
    ):  # fmt: skip
        html = client.get(f"/embed/{widget.uuid}", query_string={"lang": asked})
        assert f'<html lang="{language}"' in html.get_data(as_text=True), asked
    english = {"Accept-Language": "en"}
    for path, language in (
        ("", "en"), ("?lang=", "en"), ("?lang=klingon", "fr"), (".json?lang=klingon", "fr"),
    ):  # fmt: skip
        told = client.get(f"/embed/{widget.uuid}{path}", headers=english)
        mark = f'"language":"{language}"' if "json" in path else f'<html lang="{language}"'
        assert mark in told.get_data(as_text=True), path
        assert path.startswith(".json") or {"Origin", "Referer"} <= set(told.vary)
    change(widget, language="es")
    assert '<html lang="es"' in client.get(f"/embed/{widget.uuid}?lang=en").get_data(as_text=True)


def test_no_text_of_a_widget_runs_anywhere(client: CheckedClient) -> None:
    make_post(title=XSS, by=make_organisation(name=XSS))
    widget = make_widget(title=XSS, intro=XSS, empty=XSS, ground="#fff;}body{}", link=XSS)
    for layout in Layout:
        change(widget, layout=layout.value)
        for asked in ("", "?q=" + XSS, "?theme=" + XSS, "?lang=" + XSS):
            html = client.get(f"/embed/{widget.uuid}{asked}").get_data(as_text=True)
            assert "<img" not in html
            assert "</style" not in html
            assert html.count("<script") == 1
    style = client.get(f"/embed/{widget.uuid}.css").get_data(as_text=True)
    assert style == ":root{}\n"
    told = client.get(f"/embed/{widget.uuid}.json")
    assert told.mimetype == "application/json"
    assert told.get_json()["title"] == XSS
    assert "body" not in told.get_json()["style"]
    html = client.get("/oembed", query_string={"url": address_of(client, widget.uuid)}).get_json()
    assert "<img" not in html["html"]


def address_of(client: CheckedClient, uuid: object) -> str:
    """Return the full address of a widget."""
    return f"{client.application.config['BOARD'].base_url}/embed/{uuid}"


def test_its_colours_come_as_a_sheet(client: CheckedClient) -> None:
    widget = make_widget(ground="#ffffff", ink="#101010", link="#7a1f00")
    style = client.get(f"/embed/{widget.uuid}.css").get_data(as_text=True)
    assert "--lien:#7a1f00" in style
    worn = client.get(f"/embed/{widget.uuid}.json").get_json()["style"]
    assert "a{color:var(--babillard-lien,#7a1f00)}" in worn and "clip-path" in worn
    assert "prefers-color-scheme:light" in style
    html = client.get(f"/embed/{widget.uuid}?theme=dark").get_data(as_text=True)
    assert 'data-theme="dark"' in html
    assert '<meta name="color-scheme" content="dark">' in html


def test_layouts_show_a_map_one_post_or_a_number(client: CheckedClient) -> None:
    post = make_post(title="Chaises", place=find_place_by_text("Matane"))
    make_post(title="Tables", place=find_place_by_text("Gaspé"))
    widget = make_widget(layout=Layout.MAP)
    html = client.get(f"/embed/{widget.uuid}").get_data(as_text=True)
    assert html.count("<circle cx") >= 2
    assert "Matane" in html
    assert 'd="M' in html
    change(widget, layout="single", post=str(post.uuid))
    assert titles(client, f"/embed/{widget.uuid}") == ["Chaises"]
    change(widget, layout="counter")
    assert "2\u00a0annonces" in client.get(f"/embed/{widget.uuid}").get_data(as_text=True).replace(
        "2 annonces", "2\u00a0annonces"
    )
    for layout in ("list", "compact"):
        change(widget, layout=layout)
        assert len(titles(client, f"/embed/{widget.uuid}")) == 2


def test_the_element_is_told_what_each_layout_shows(client: CheckedClient) -> None:
    for purpose in (Purpose.NEED, Purpose.OFFER):
        make_post(title="Chaises", by=make_organisation(name="Nous"), purpose=purpose)
    widget, told = make_widget(per_page=1), {}
    for layout in ("cards", "list", "compact", "counter"):
        change(widget, layout=layout, per_page=1)
        asked = {"lang": "fr", "site": "exemple.org"}
        told[layout] = client.get(f"/embed/{widget.uuid}.json", query_string=asked).get_json()
    cards, rows, small, number = told.values()
    assert [one["look"] for one in told.values()] == ["cards", "rows", "rows", "counter"]
    assert cards["items"][0]["top"] == cards["items"][0]["fresh"] in rows["items"][0]["line"]
    assert "Nous" in cards["items"][0]["line"]
    assert "Nous" in rows["items"][0]["line"] not in small["items"][0]["line"]
    assert rows["tabs"] and rows["search"] and rows["following"]
    assert not (small["tabs"] or small["search"] or small["words"]["publish"])
    assert number["words"]["all"] == "2 annonces"
    assert not (number["items"] or number["following"] or number["words"]["publish"])
    assert "site=exemple.org" in rows["items"][0]["answer"]


def test_the_element_leads_back_from_a_search_without_result(client: CheckedClient) -> None:
    widget = make_widget()
    make_post(title="Chaises")
    news.commit()
    told = client.get(f"/embed/{widget.uuid}.json?q=zzyzx").get_json()
    assert (told["items"], told["previous"]) == ([], {})
    assert told["words"]["previous"] == "Tout montrer"
    for asked in ("", "?q=chaises"):
        told = client.get(f"/embed/{widget.uuid}.json{asked}").get_json()
        assert (len(told["items"]), told["previous"]) == (1, None), asked


def test_a_number_that_leads_to_the_board_is_the_boards(client: CheckedClient) -> None:
    for title in ("Chaises", "Chaises bleues", "Une salle"):
        post = make_post(title=title, purpose=Purpose.NEED)
    make_post(title="Chaises vertes")
    old = make_post(title="Chaises vieilles", purpose=Purpose.NEED)
    widget = make_widget(per_page=3)

    def way_out(query: str = "") -> tuple[str, int]:
        told = client.get(f"/embed/{widget.uuid}.json{query}").get_json()
        base = client.application.config["BOARD"].base_url
        page = client.get(told["board_url"].removeprefix(base)).get_data(as_text=True)
        return told["words"]["all"], len(set(re.findall(r"/fr/p/([0-9a-f-]{36})", page)))

    will_write()
    old.confirmed_at = NOW - timedelta(days=200)
    news.commit()
    assert way_out() == ("Voir les 4 annonces", 4)
    assert way_out("?purpose=need") == ("Voir les 3 annonces", 3)
    assert way_out("?purpose=need&q=bleues")[1] == 1
    change(widget, without_organisations=(post.organisation.slug,))
    assert way_out()[0].startswith("Voir sur ")
    change(widget, layout="counter")
    assert way_out()[0].startswith("3 annonces choisies sur ")


def test_a_change_shows_at_once_and_the_same_is_not_sent_twice(client: CheckedClient) -> None:
    make_post(title="Chaises")
    widget = make_widget()
    first = client.get(f"/embed/{widget.uuid}")
    mark = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/embed/{widget.uuid}", headers=mark).status_code == 304
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    change(widget, title="Autrement")
    again = client.get(f"/embed/{widget.uuid}", headers=mark)
    assert "Autrement" in again.get_data(as_text=True)
    assert (
        "stale-while-revalidate"
        in client.get(f"/embed/{widget.uuid}.json").headers["Cache-Control"]
    )


def test_what_stands_around_its_posts_is_drawn_once_and_follows(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = make_organisation(name="Nous")
    first = make_post(by=ours, title="Chaises")
    widget, drawn = make_widget(per_page=2), list[str]()
    address = f"/embed/{widget.uuid}"
    around = embed_views._around

    def counting(*asked: Any) -> dict[str, Any]:
        drawn.append("drawn")
        return around(*asked)

    monkeypatch.setattr(embed_views, "_around", counting)
    for title in ("Bancs <b>", "Poufs"):
        will_write()
        first.title = title
        news.commit()
        page = client.get(address).get_data(as_text=True)
        assert page.count('class="item sheet') == 1
    assert "Poufs" in page
    assert "Bancs" not in page
    assert len(drawn) == 1
    will_write()
    make_post(by=ours, title="Tables")
    make_post(by=ours, title="Tapis")
    news.commit()
    more = client.get(address).get_data(as_text=True)
    assert "(3)" in more
    assert 'rel="next"' in more
    assert "theme=dark" in client.get(f"{address}?theme=dark").get_data(as_text=True)
    assert "theme=dark" not in client.get(address).get_data(as_text=True)
    change(widget, title="Autre titre", layout="list")
    renamed = client.get(address).get_data(as_text=True)
    assert "Autre titre" in renamed
    assert renamed.count('class="item row') == 2


def test_a_post_is_opened_by_way_of_its_widget(client: CheckedClient) -> None:
    post = make_post()
    widget = make_widget()
    answer = client.get(f"/embed/{widget.uuid}/p/{post.uuid}?lang=en")
    assert answer.status_code == 302
    assert f"/fr/p/{post.uuid}" in answer.headers["Location"]
    assert answer.headers["Cache-Control"] == "no-store"
