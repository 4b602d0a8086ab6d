"""What search engines and people who share are told about the board's pages."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

from PIL import Image

from board import news
from board.clock import fix
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient

SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def locations(client: CheckedClient, path: str) -> list[str]:
    """Return the addresses that a site map lists."""
    tree = ElementTree.fromstring(client.get(path).get_data())
    return [each.text or "" for each in tree.iter(f"{SITE}loc")]


def test_the_site_map_lists_public_posts_in_each_language(client: CheckedClient) -> None:
    post = make_post(language="en", expires_at=NOW + timedelta(days=3))
    draft = make_post(published_at=None)
    news.commit()
    base = client.application.config["BOARD"].base_url
    assert f"Sitemap: {base}/sitemap.xml" in client.get("/robots.txt").get_data(as_text=True)
    parts = [url.removeprefix(base) for url in locations(client, "/sitemap.xml")]
    pages = [url for part in parts for url in locations(client, part)]
    assert f"{base}/en/p/{post.uuid}" in pages
    assert f"{base}/fr/organisations/{post.organisation.slug}" in pages
    assert str(draft.uuid) not in " ".join(pages)
    tree = ElementTree.fromstring(client.get(parts[1]).get_data())
    assert {link.get("hreflang") for link in tree.iter(f"{XHTML}link")} == {
        "fr", "en", "es", "x-default",
    }  # fmt: skip
    fix(NOW + timedelta(days=4))
    assert locations(client, parts[1]) == []
    assert client.get("/sitemap-99.xml").status_code == 404
    assert client.get("/sitemap-../x.xml").status_code == 404


def test_a_shared_post_has_a_picture_and_describes_itself(client: CheckedClient) -> None:
    post = make_post(title='Chaises "pliantes" </script>', by=make_organisation(name="Café"))
    news.commit()
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    found = re.search(r'og:image" content="https?://[^/]+([^"]+)"', page)
    assert found
    answer = client.get(found[1])
    picture = Image.open(io.BytesIO(answer.get_data()))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert len(picture.getcolors() or []) > 4
    told = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert told
    data = json.loads(told[1])
    assert data["@type"] == "Offer"
    assert data["name"] == 'Chaises "pliantes" </script>'
    draft = make_post(published_at=None)
    news.commit()
    assert client.get(f"/fr/p/{draft.uuid}/picture.png").status_code == 404


def test_each_language_of_a_page_is_told_by_its_full_address(client: CheckedClient) -> None:
    base = client.application.config["BOARD"].base_url
    page = client.get("/fr/").get_data(as_text=True)
    assert f'hreflang="es" href="{base}/es/"' in page
