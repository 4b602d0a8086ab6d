"""What partners paste: oEmbed, the element, its pinned copy."""

from __future__ import annotations

import base64
import gzip
import re
from hashlib import sha384
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from board import news
from board.posts import short
from board.widgets import script_views
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, parse
from tests.widgets.helpers import make_widget
from tests.widgets.test_embed import address_of
from tools.embed_script import packed

EMBED = Path(__file__).resolve().parents[2] / "static" / "embed"
# A pinned script is pasted beside its sum: it never changes. A new one gets a new number.
PINNED = {
    "1.0.0.js": "sha384-zUQ9fsGGC30gxNbpxRBdXrqggb73g17JYdvgcBCZe9VyvOfbVAOp3lmL41iV96+c",
    "1.1.0.js": "sha384-mlWJrwrv7n6c/L/H1MAYjyMeRMBxDfEY55q6vaISiDkEcaqFwPbjza/7okFR8F7D",
    "1.2.0.js": "sha384-xQRJFSQ9+twW0ZpuORvjadgLPEL4O27TU9nWtOjA9FCgY5aNtUCXjFUQTxqzUuwr",
    "1.3.0.js": "sha384-dFS5sOloWaTwFN/R9engqKFUEc2eERsPGf5+x7pFuLVRdbhuUwJWbpunu9eXgMZj",
}
REQUIRED = {"type", "version", "html", "width", "height"}


def consumed(answer: dict[str, object], *, most: int) -> Element:
    """Read an answer as the specification of oEmbed 1.0 tells a consumer to."""
    assert answer.keys() >= REQUIRED
    assert (answer["type"], answer["version"]) == ("rich", "1.0")
    assert isinstance(answer["width"], int) and answer["width"] <= most
    assert isinstance(answer["html"], str)
    return parse(answer["html"])


def test_a_pasted_address_becomes_the_widget(client: CheckedClient) -> None:
    widget = make_widget(title="Entraide & co")
    page = client.get(f"/embed/{widget.uuid}").get_data(as_text=True)
    found = re.search(r'json\+oembed" href="([^"]+)"', page)
    assert found
    base = client.application.config["BOARD"].base_url
    answer = client.get(found[1].removeprefix(base).replace("&amp;", "&"))
    tree = consumed(answer.get_json(), most=600)
    frame = next(tree.iter("iframe"))
    assert frame.get("src") == address_of(client, widget.uuid)
    assert frame.get("title") == "Entraide & co"
    assert "wp-embedded-content" in (frame.get("class") or "")
    assert frame.get("width") == "100%"
    assert frame.get("scrolling") is None  # a host grants what it likes: the end is reached
    assert int(frame.get("height") or 0) >= 600
    assert next(tree.iter("blockquote")).findtext("a") == "Entraide & co"
    small = {"url": address_of(client, widget.uuid), "maxwidth": "300", "maxheight": "200"}
    answer = client.get("/oembed", query_string=small)
    consumed(answer.get_json(), most=300)
    assert answer.get_json()["height"] == 200


def test_a_pasted_post_becomes_its_sheet(client: CheckedClient) -> None:
    post, draft = make_post(title="Chaises"), make_post(published_at=None)
    news.commit()
    base = client.application.config["BOARD"].base_url
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    found = re.search(r'json\+oembed" href="([^"]+)"', page)
    assert found
    answer = client.get(found[1].removeprefix(base).replace("&amp;", "&"))
    frame = next(consumed(answer.get_json(), most=600).iter("iframe"))
    assert frame.get("title") == "Chaises"
    shown = client.get((frame.get("src") or "").removeprefix(base))
    assert "Chaises" in shown.get_data(as_text=True)
    assert shown.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    for path in (f"/embed/p/{draft.uuid}", f"/oembed?url={base}/en/p/{draft.uuid}"):
        assert client.get(path).status_code == 404
    assert client.get(f"/oembed?url={base}/en/p/{post.uuid}").status_code == 200


def frame_of(client: CheckedClient, address: str) -> str:
    """Return the address of the frame that an address becomes."""
    answer = client.get("/oembed", query_string={"url": address})
    assert answer.status_code == 200, address
    return next(consumed(answer.get_json(), most=600).iter("iframe")).get("src") or ""


def discovered(client: CheckedClient, path: str) -> dict[str, Any]:
    """Return what the head of a page says that its address becomes."""
    base = client.application.config["BOARD"].base_url
    found = re.search(r'json\+oembed" href="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, path
    told: dict[str, Any] = client.get(unescape(found[1]).removeprefix(base)).get_json()
    return told


def test_every_address_of_a_post_becomes_its_sheet_in_its_language(client: CheckedClient) -> None:
    post, widget = make_post(title="Chaises"), make_widget(language="auto")
    news.commit()
    base = client.application.config["BOARD"].base_url
    sheet = f"{base}/embed/p/{post.uuid}"
    original = f'<link rel="canonical" href="{base}/fr/p/{post.uuid}">'
    assert original in client.get(f"/embed/p/{post.uuid}?lang=en").get_data(as_text=True)
    for path, more in (
        (f"/a/{short.code_of(post)}", ""),
        (f"/p/{post.uuid}", ""),
        (f"/es/p/{post.uuid}", "lang=es"),
        (f"/embed/p/{post.uuid}?lang=en_CA", "lang=en"),
        (f"/embed/{widget.uuid}/p/{post.uuid}", ""),
        (f"/embed/{widget.uuid}/p/{post.uuid}/answer?lang=es&theme=dark", "lang=es&theme=dark"),
    ):
        assert frame_of(client, base + path) == f"{sheet}?{more}".rstrip("?"), path
    assert "lang=en" in discovered(client, f"/en/p/{post.uuid}")["html"]
    assert "lang=es" in discovered(client, f"/embed/p/{post.uuid}?lang=es")["html"]
    module = f"/embed/{widget.uuid}?lang=en&purpose=need"
    unknown = f"{base}/embed/p/{post.uuid}?lang=klingon"
    assert frame_of(client, unknown) == f"{sheet}?lang=fr"
    assert frame_of(client, base + module + "&lang=x&colour=red") == base + module
    assert "purpose=need" in discovered(client, module)["html"]


def test_an_organisation_and_a_search_become_a_link_with_their_name(client: CheckedClient) -> None:
    make_organisation(name="Nous", slug="nous", responsible=make_person())
    make_organisation(slug="gone", responsible=make_person()).closed_at = NOW
    news.commit()
    base = client.application.config["BOARD"].base_url
    for path, title in (
        ("/fr/organisations/nous", "Nous"),
        ("/en/?q=chaises", "“chaises”"),
        ("/es/map?place=Matane", "Matane"),
        ("", ""),
        ("/", ""),
        ("/fr", ""),
    ):
        told = client.get("/oembed", query_string={"url": base + path}).get_json()
        assert (told["type"], told["version"]) == ("link", "1.0"), path
        assert title in told["title"] and told["title"], path
        assert "html" not in told
    assert discovered(client, "/fr/organisations/nous")["title"] == "Nous"
    assert "Matane" in discovered(client, "/fr/?place=Matane")["title"]
    nothing = ("gone", "", "none/members")
    for path in (*(f"/fr/organisations/{one}" for one in nothing), "/fr/?purpose=x", "/fr/sign-in",
                 "/a/zzzzzz", "/fr/p/new", "/embed/v1.js", "/static/css/embed.css"):  # fmt: skip
        answer = client.get("/oembed", query_string={"url": base + path})
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), path
        assert "detail" in answer.get_json()


def test_oembed_refuses_what_it_cannot_show(client: CheckedClient) -> None:
    widget, draft = make_widget(), make_widget(publish=False)
    good = address_of(client, widget.uuid)
    for asked, status in (
        ({"url": good, "format": "xml"}, 501),
        ({"url": address_of(client, draft.uuid)}, 404),
        ({"url": f"https://elsewhere.example/embed/{widget.uuid}"}, 404),
        ({"url": good + "/p/x"}, 404),
        ({"url": "http://[broken"}, 404),
        ({}, 404),
        ({"url": good, "maxwidth": "-1"}, 200),
    ):
        assert client.get("/oembed", query_string=asked).status_code == status, asked


def test_the_element_is_small_free_and_never_changes_under_its_number(
    client: CheckedClient,
) -> None:
    for name, known in PINNED.items():
        body = (EMBED / name).read_bytes()
        found = "sha384-" + base64.b64encode(sha384(body).digest()).decode()
        assert found == known, f"{name} changed: give it a new number instead"
        assert len(gzip.compress(body, 9)) <= 3_000
        assert b"MIT" in body[:200]
    made = packed((EMBED / "element.js").read_text())
    assert made == (EMBED / f"{script_views.NEWEST}.js").read_text(), (
        "element.js changed: give it a new number, then tools/embed_script.py"
    )
    for name in PINNED:
        body = (EMBED / name).read_bytes()
        answer = client.get(f"/embed/{name}")
        assert answer.get_data() == body or gzip.decompress(answer.get_data()) == body
        assert "immutable" in answer.headers["Cache-Control"]
    newest = client.get("/embed/v1.js")
    assert "max-age=300" in newest.headers["Cache-Control"]
    assert newest.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/embed/9.9.9.js").status_code == 404
    assert "Permission is hereby granted" in client.get("/embed/LICENSE").get_data(as_text=True)


def test_letters_and_sheets_come_to_a_sandbox_too(client: CheckedClient) -> None:
    for path in ("css/embed.css", "js/embed-frame.js"):
        headers = client.get(f"/static/{path}").headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
