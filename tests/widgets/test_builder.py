"""The builder: an organisation's own, kept as a draft, published, taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from board import news
from board.extensions import db
from board.folding import fold
from board.posts.models import PostTag
from board.posts.rules import Purpose
from board.posts.short import code_of
from board.widgets.models import Widget
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, csrf
from tests.posts.helpers import at_work, fields
from tests.widgets.helpers import change, make_widget
from tests.widgets.test_embed import titles

SITES = [
    "https://exemple.org", "http://www.autre.org", "https://localhost:8551", "http://127.0.0.1:80",
]  # fmt: skip


def begin(client: CheckedClient) -> str:
    """Make a widget as a signed-in editor; return the address of its builder."""
    _person, organisation = at_work(client)
    path = f"/fr/organisations/{organisation.slug}/widgets/"
    made = client.post(path, data={"csrf_token": csrf(client, path), "name": "Entraide à Matane"})
    assert made.status_code == 303
    return str(made.headers["Location"])


def send(client: CheckedClient, path: str, do: str = "save", **changes: Any) -> Any:
    """Fill the builder in and press a button."""
    sent: dict[str, Any] = fields(client.get(path).get_data(as_text=True), "builder-form")
    return client.post(path, data=sent | {"layout": "cards", "purpose": ""} | changes | {"do": do})


def only() -> Widget:
    """The one widget there is, as it is kept."""
    db.session.rollback()
    return db.session.query(Widget).one()


def only_named(path: str) -> Widget:
    """The widget of a builder's address, as it is kept."""
    db.session.rollback()
    return db.session.query(Widget).filter_by(uuid=UUID(path.rsplit("/", 1)[1])).one()


def test_a_draft_is_published_and_taken_back(client: CheckedClient) -> None:
    path = begin(client)
    uuid = path.rsplit("/", 1)[1]
    assert client.get(f"/embed/{uuid}").status_code == 404
    assert send(client, path, "publish", intro="Première phrase").status_code == 303
    assert "Première phrase" in client.get(f"/embed/{uuid}").get_data(as_text=True)
    assert send(client, path, intro="Deuxième phrase", title="Deuxième titre").status_code == 303
    assert "Première phrase" in client.get(f"/embed/{uuid}").get_data(as_text=True)
    assert "Le brouillon diffère" in client.get(path).get_data(as_text=True)
    assert send(client, path, "publish").status_code == 303
    assert "Deuxième phrase" in client.get(f"/embed/{uuid}").get_data(as_text=True)
    token = fields(client.get(path).get_data(as_text=True), "builder-form")["csrf_token"]
    for verb, words in (("undo", "Première phrase"), ("undo", "Deuxième phrase")):
        assert client.post(f"{path}/{verb}", data={"csrf_token": token}).status_code == 303
        assert words in client.get(f"/embed/{uuid}").get_data(as_text=True)
        assert (only().name == "Deuxième titre") == ("Deuxième" in words)
    # Going back leaves what is worked on as it is.
    assert send(client, path, intro="Troisième phrase", asks_nod="y").status_code == 303
    for words in ("Première phrase", "Deuxième phrase"):
        back = client.post(f"{path}/undo", data={"csrf_token": token}, follow_redirects=True)
        assert "Votre brouillon est gardé" in back.get_data(as_text=True)
        assert words in client.get(f"/embed/{uuid}").get_data(as_text=True)
        assert only().draft["intro"] == "Troisième phrase"
    # A draft without nod hides no queue of a widget that still asks for it.
    accord = f'href="{path}/clearance"'
    assert send(client, path, "publish").status_code == 303
    sent = fields(client.get(path).get_data(as_text=True), "builder-form")
    sent.pop("asks_nod")
    assert client.post(path, data=sent | {"purpose": "", "do": "save"}).status_code == 303
    assert not only().draft["asks_nod"]
    assert accord in client.get(path).get_data(as_text=True)
    assert send(client, path, "publish", intro="Deuxième phrase").status_code == 303
    assert accord not in client.get(path).get_data(as_text=True)
    for verb, words in (("pause", "fermé"), ("resume", "Deuxième"), ("remove", "n’existe pas")):
        assert client.post(f"{path}/{verb}", data={"csrf_token": token}).status_code == 303
        assert words in client.get(f"/embed/{uuid}").get_data(as_text=True), verb


def test_what_was_set_comes_back_in_the_form(client: CheckedClient) -> None:
    path = begin(client)
    other = make_organisation(slug="outils")
    news.commit()
    changes: dict[str, Any] = {
        "kind": ["tool", "space"], "purpose": "offer", "place": "Matane", "radius_km": "50",
        "organisation": f"https://board.example/fr/organisations/{other.slug}?x=1",
        "without_kinds": "space", "sites": "exemple.org, http://www.Autre.org/page localhost:8551 http://127.0.0.1:80",
        "tag": "Cuisine, été", "without_tags": "urgent", "freshness": "fresh", "closed": "y",
        "from_day": "2026-09-01", "until_day": "2026-12-24",
        "ground": "#FFF", "ink": "#222222", "layout": "list", "heading_level": "3",
    }  # fmt: skip
    assert send(client, path, **changes).status_code == 303
    kept = only().draft
    assert kept["sites"] == SITES
    assert ["organisation", "outils"] in kept["filters"]
    assert ["radius_km", "50"] in kept["filters"]
    for pair in (["tag", "Cuisine"], ["tag", "été"], ["freshness", "fresh"], ["closed", "1"],
                 ["from", "2026-09-01"], ["until", "2026-12-24"]):  # fmt: skip
        assert pair in kept["filters"], pair
    assert kept["without_tags"] == ["urgent"]
    assert kept["ground"] == "#ffffff"
    html = client.get(path).get_data(as_text=True)
    shown = fields(html, "builder-form")
    assert (shown["radius_km"], shown["layout"], shown["sites"]) == (
        "50", "list", "\n".join(SITES),
    )  # fmt: skip
    for name, value in (("tag", "Cuisine, été"), ("without_tags", "urgent"), ("closed", "y"),
                        ("from_day", "2026-09-01"), ("until_day", "2026-12-24")):  # fmt: skip
        assert shown[name] == value, name
    assert re.search(r'value="tool"[^>]*checked|checked[^>]*value="tool"', html)


def test_what_cannot_be_is_said_and_kept_in_sight(client: CheckedClient) -> None:
    path = begin(client)
    for changes, words in (
        ({"title": ""}, "Écrivez un titre"),
        ({"ground": "red"}, "une couleur comme"),
        ({"ground": "#777777", "ink": "#888888"}, "ne se lirait pas"),
        ({"link": "#ffff00"}, "Les liens ne se liraient pas"),
        ({"sites": "https://ex ample.org javascript:alert(1)"}, "n’est pas l’adresse d’un site"),
        ({"sites": "not a site"}, "not\u00a0» n’est pas l’adresse d’un site"),
        ({"sites": "exemple.123"}, "n’est pas l’adresse d’un site"),
        ({"place": "Zzyzx"}, "ne connaissons pas ce lieu"),
        ({"without_organisations": "personne-ici"}, "n’existe pas"),
        ({"layout": "single", "post": "là"}, "Collez l’adresse"),
        ({"layout": "hologram"}, "pas dans la liste"),
        ({"kind": "gold"}, "pas"),
        ({"freshness": "stale"}, "pas"),
        ({"from_day": "bientôt"}, "une date comme"),
        ({"from_day": "2026-12-24", "until_day": "2026-09-01"}, "avant la date de début"),
        ({"tag": ", ".join(str(n) for n in range(21))}, "trop de valeurs"),
        ({"tag": "x" * 61}, "trop long"),
    ):
        answer = send(client, path, **changes)
        assert answer.status_code == 422, changes
        assert words in answer.get_data(as_text=True), changes
    late = send(client, path, edit_version="0")
    assert late.status_code == 409
    assert only().draft["title"] == "Entraide à Matane"


def test_a_single_post_is_one_of_ours_that_may_be_shown(client: CheckedClient) -> None:
    path = begin(client)
    post, draft = make_post(title="Chaises"), make_post(published_at=None)
    widget = make_widget()
    base, uuid = client.application.config["BOARD"].base_url, "00000000-0000-0000-0000-000000000009"
    for typed in (
        f"{base}/fr/p/{uuid}", f"{base}/fr/p/{draft.uuid}", f"{base}/embed/{widget.uuid}",
        f"https://elsewhere.example/p/{post.uuid}", f"{base}/fr/", uuid, "http://[x",
    ):  # fmt: skip
        answer = send(client, path, layout="single", post=typed)
        html = answer.get_data(as_text=True)
        assert (answer.status_code, "Collez l’adresse d’une annonce" in html) == (422, True), typed
        assert f'value="{typed}"' in html
    for typed in (
        f"{base}/embed/{widget.uuid}/p/{post.uuid}", f"{base}/a/{code_of(post)}",
        f"{base}/en/p/{post.uuid}?x=1", f" {base.partition('://')[2]}/p/{post.uuid} ",
    ):  # fmt: skip
        assert send(client, path, layout="single", post=typed).status_code == 303, typed
        assert only_named(path).draft["post"] == str(post.uuid)
    shown = fields(client.get(path).get_data(as_text=True), "builder-form")["post"]
    assert shown == f"{base}/p/{post.uuid}"
    assert send(client, path, "publish", layout="single").status_code == 303
    assert "Chaises" in client.get(f"/embed/{path.rsplit('/', 1)[1]}").get_data(as_text=True)


def tags(*words: str) -> list[PostTag]:
    """Tags of a post."""
    return [PostTag(text=word, folded=fold(word)) for word in words]


def test_tags_days_freshness_and_the_end_of_posts_filter_as_on_the_board(
    client: CheckedClient,
) -> None:
    old = NOW - timedelta(days=100)
    late = {"needed_from": date(2027, 5, 1)}
    met = make_post(title="Trouvée", tags=tags("cuisine"), met_at=NOW)
    make_post(title="Gardée", tags=tags("Cuisine"))
    make_post(title="Pressante", tags=tags("cuisine", "Urgent"))
    make_post(title="Autre")
    make_post(title="Ancienne", tags=tags("cuisine"), published_at=old, confirmed_at=old)
    make_post(title="Plus tard", tags=tags("cuisine"), purpose=Purpose.NEED, lines=[late])
    tagged = (("tag", "CUISINE"),)
    widget = make_widget(filters=(*tagged, ("freshness", "fresh"), ("until", "2027-01-01")),
                         without_tags=("urgent",))  # fmt: skip
    assert titles(client, f"/embed/{widget.uuid}") == ["Gardée"]
    change(widget, filters=tagged, without_tags=["urgent"])
    assert set(titles(client, f"/embed/{widget.uuid}")) == {"Gardée", "Ancienne", "Plus tard"}
    change(widget, filters=[*tagged, ("closed", "1")], without_tags=[])
    page = client.get(f"/embed/{widget.uuid}").get_data(as_text=True)
    assert "Complet, merci" in page
    assert f'href="/embed/{widget.uuid}/p/{met.uuid}"' in page
    told = client.get(f"/embed/{widget.uuid}.json").get_json()["items"]
    found = next(one for one in told if one["title"] == "Trouvée")
    assert (found["label"], found["how_many"]) == ("Complet, merci", "")
    opened = client.get(f"/embed/{widget.uuid}/p/{met.uuid}/answer")
    assert (opened.status_code, "Complet, merci" in opened.get_data(as_text=True)) == (404, True)


def test_a_preview_shows_what_is_typed_and_keeps_nothing(client: CheckedClient) -> None:
    path = begin(client)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial",
               "HX-Target": "section#widget-preview"}  # fmt: skip
    sent = fields(client.get(path).get_data(as_text=True), "builder-form")
    sent |= {"title": "Essai", "layout": "cards", "purpose": ""}
    part = client.post(path, data=sent | {"do": "preview"}, headers=headers)
    assert "<html" not in part.get_data(as_text=True)
    found = re.findall(r'src="(/embed/preview\?d=[^"]+)"', part.get_data(as_text=True))
    assert len(found) == 3
    shown = client.get(found[0])
    assert "Essai" in shown.get_data(as_text=True)
    base = client.application.config["BOARD"].base_url
    assert shown.headers["Content-Security-Policy"].endswith(f"'self' {base}")
    assert only().draft["title"] == "Entraide à Matane"
    forged = found[0].replace("d=", "d=x")
    assert client.get(forged).status_code == 404


def test_nobody_works_on_somebody_elses_widget(client: CheckedClient) -> None:
    theirs = make_widget(make_organisation(responsible=make_person()))
    _me, mine = at_work(client)
    token = csrf(client, f"/fr/organisations/{mine.slug}/widgets/")
    for slug in (mine.slug, theirs.organisation.slug):
        path = f"/fr/organisations/{slug}/widgets/{theirs.uuid}"
        assert client.get(path).status_code == 404
        for end in ("", "/undo", "/discard", "/pause", "/resume", "/remove"):
            sent = {"csrf_token": token, "title": "Pris"}
            assert client.post(path + end, data=sent).status_code == 404, end
    assert only().draft["title"] == "Entraide"
    assert titles(client, f"/embed/{theirs.uuid}") == []
