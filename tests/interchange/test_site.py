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
from board.posts.rules import Kind, Purpose
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient

SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
# Properties that schema.org (release 30.0) defines for each type, as far as the board says them.
DEFINED = {
    "WebPage": {"url", "name", "inLanguage", "datePublished", "dateModified", "keywords",
                "license", "mainEntity"},
    "Demand": {"url", "name", "itemOffered", "businessFunction", "availability", "validFrom",
               "validThrough", "areaServed"},
    "Organization": {"name", "url", "seeks", "makesOffer"},
    "JobPosting": {"title", "description", "datePosted", "validThrough", "employmentType",
                   "hiringOrganization", "jobLocation", "totalJobOpenings", "directApply", "url"},
}  # fmt: skip


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
    for part, languages in ((parts[0], {"fr", "en", "es"}), (parts[1], {"en"})):
        tree = ElementTree.fromstring(client.get(part).get_data())
        links = {link.get("hreflang"): link.get("href") for link in tree.iter(f"{XHTML}link")}
        assert links.keys() == {*languages, "x-default"}
    assert links["x-default"] == links["en"] == f"{base}/en/p/{post.uuid}"
    for language in ("fr", "en"):
        page = client.get(f"/{language}/p/{post.uuid}").get_data(as_text=True)
        head = page.partition("</head>")[0]
        assert re.findall(r'hreflang="([^"]+)" href="([^"]+)"', head) == [*links.items()], language
        assert f'<link rel="canonical" href="{links["en"]}">' in head
        assert f'href="/es/p/{post.uuid}"' in page
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
    page_, offer, organisation = json.loads(told[1])["@graph"]
    assert (offer["@type"], offer["name"]) == ("Offer", 'Chaises "pliantes" </script>')
    assert page_["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert page_["mainEntity"]["@id"] == offer["@id"] == organisation["makesOffer"]["@id"]
    assert offer["businessFunction"].endswith("#LeaseOut")
    draft = make_post(published_at=None)
    news.commit()
    assert client.get(f"/fr/p/{draft.uuid}/picture.png").status_code == 404


def test_each_language_of_a_page_is_told_by_its_full_address(client: CheckedClient) -> None:
    base = client.application.config["BOARD"].base_url
    page = client.get("/fr/").get_data(as_text=True)
    assert f'hreflang="es" href="{base}/es/"' in page
    assert f'hreflang="x-default" href="{base}/fr/"' in page
    english = client.get("/en/?q=chairs").get_data(as_text=True)
    assert f'hreflang="x-default" href="{base}/fr/?q=chairs"' in english


def test_a_call_for_volunteers_is_told_as_schema_org_defines_it(client: CheckedClient) -> None:
    line = {"kind": Kind.VOLUNTEER, "basis": None, "quantity": 5, "committed": 3}
    post = make_post(purpose=Purpose.NEED, title="Soupe", lines=[line], body_html="<p>Là.</p>")
    news.commit()
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    told = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert told
    graph = {each["@type"]: each for each in json.loads(told[1])["@graph"]}
    assert graph.keys() == DEFINED.keys()
    for kind, each in graph.items():
        unknown = {name for name in each if not name.startswith("@")} - DEFINED[kind]
        assert not unknown, (kind, unknown)
    assert graph["Organization"]["seeks"]["@id"] == graph["Demand"]["@id"]
    assert graph["JobPosting"]["employmentType"] == "VOLUNTEER"
    assert graph["JobPosting"]["totalJobOpenings"] == 2
    assert graph["Demand"]["availability"] == "https://schema.org/LimitedAvailability"
