"""Widgets in a partner's page, on another origin: each way to paste, and each way it can fail."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import micawber
import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import Served
from tests.e2e.test_every_page import faults, sign_in

PAGES: dict[str, tuple[str, str]] = {}


class Partner(BaseHTTPRequestHandler):
    """Another site."""

    def do_GET(self) -> None:
        policy, body = PAGES.get(self.path, ("", ""))
        self.send_response(200 if body else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=fr><title>Partenaire</title>{body}".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def partner() -> Iterator[str]:
    """The address of a partner's site: another port, so another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Partner)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def widget(chromium: Browser, served: Served) -> str:
    """A published widget, made by hand in the builder."""
    context = chromium.new_context(locale="fr-CA", viewport={"width": 1280, "height": 900})
    slug = sign_in(context, served)["slug"]
    page = context.new_page()
    page.goto(f"{served.url}/fr/organisations/{slug}/widgets/")
    page.get_by_label("Titre du module").fill("Entraide")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_label("Titre", exact=True).fill("Entraide ici")
    page.get_by_label("Titre", exact=True).press("Tab")
    frame = page.frame_locator(".preview-320")
    expect(frame.get_by_text("Entraide ici").first).to_be_attached()
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_label("L’adresse")).to_have_value(re.compile("/embed/"))
    address = page.get_by_label("L’adresse").input_value()
    context.close()
    return address


OVERLAPS = """(box) => {
  const rects = [...box.querySelectorAll("label")].map((label) => label.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return rects.filter((one, n) => rects.some((other, m) => n < m && meet(one, other))).length;
}"""


def test_the_categories_of_the_builder_can_be_read(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(locale="fr-CA")
    slug = sign_in(context, served)["slug"]
    page = context.new_page()
    page.goto(f"{served.url}/fr/organisations/{slug}/widgets/")
    page.get_by_label("Titre du module").fill("Catégories")
    page.get_by_role("button", name="Commencer").click()
    for name in ("Plus de filtres", "Sans"):
        page.locator("summary").get_by_text(name, exact=True).click()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for box in page.locator(".long-choices fieldset").all():
            assert box.locator("label").count() > 20
            assert box.evaluate(OVERLAPS) == 0, width
            assert box.evaluate("(it) => it.scrollWidth <= it.clientWidth"), width
    context.close()


def opened(chromium: Browser, url: str, **more: object) -> tuple[BrowserContext, Page]:
    """Open a page in a browser that knows nothing."""
    context = chromium.new_context(locale="fr-CA", **more)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    return context, page


def element(served: Served, widget: str, **more: str) -> str:
    """The element as it is pasted."""
    uuid = widget.rsplit("/", 1)[1]
    words = "".join(f' {name}="{value}"' for name, value in more.items())
    return (
        f'<babillard-widget widget="{uuid}"{words}><a href="{widget}">Le lien</a>'
        f'</babillard-widget><script async src="{served.url}/embed/v1.js"></script>'
    )


def height(page: Page, selector: str) -> float:
    """Return how high a thing is."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["height"]


def test_the_element_searches_pages_and_has_no_cookie(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    policy = f"default-src 'none'; script-src {served.url}; connect-src {served.url}"
    around = f'<section lang="es-MX">{element(served, widget)}</section>'
    pasted = element(served, widget) + element(served, widget, lang="en") + around
    PAGES["/element"] = (policy, pasted)
    context, page = opened(chromium, partner + "/element")
    first = page.locator("babillard-widget").first
    expect(first.get_by_role("heading", name="Entraide ici")).to_be_visible()
    expect(first.get_by_text("Le lien")).to_be_hidden()
    assert first.locator(".annonce").count() == 5
    expect(page.locator("babillard-widget").nth(1).get_by_text("Next page")).to_be_visible()
    expect(page.locator("babillard-widget").nth(2).get_by_text("Página siguiente")).to_be_visible()
    needs = first.get_by_role("link", name=re.compile("^Besoins"))
    expect(needs).to_have_attribute("href", re.compile(r"/embed/.*purpose=need"))
    first.get_by_text("Page suivante").click()
    expect(first.get_by_text("Page précédente")).to_be_visible()
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == (
        "Entraide ici"
    )
    first.get_by_role("searchbox").fill("zzyzx")
    first.get_by_role("searchbox").press("Enter")
    first.get_by_role("link", name="Tout montrer").click()
    expect(first.locator(".annonce")).to_have_count(5)
    first.get_by_role("searchbox").fill("chaises")
    first.get_by_role("searchbox").press("Enter")
    expect(first.get_by_text("Chaises pliantes").first).to_be_visible()
    parts = page.evaluate(
        "document.querySelector('babillard-widget').shadowRoot.querySelector('[part~=annonce]') !="
        " null"
    )
    assert parts
    assert context.cookies() == []
    page.set_viewport_size({"width": 360, "height": 800})
    field = first.get_by_role("searchbox").bounding_box()
    assert field is not None and field["width"] > 150
    with context.expect_page() as opening:  # this page allows no frame
        first.get_by_role("link", name="Chaises pliantes").first.click()
    expect(opening.value).to_have_url(re.compile(r"/fr/p/.*via=.*&site=127\.0\.0\.1"))
    expect(first.locator(".annonce").first).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()


def test_the_link_stays_until_there_is_something_and_comes_back(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    PAGES["/down"] = ("", element(served, widget))
    context, page = opened(chromium, partner + "/down")
    one = page.locator("babillard-widget")
    expect(one.get_by_text("Le lien")).to_be_hidden()
    page.route(f"{served.url}/embed/**", lambda route: route.abort())
    one.get_by_text("Page suivante").click()
    expect(one.get_by_text("Le lien")).to_be_visible(timeout=15_000)
    page.unroute(f"{served.url}/embed/**")
    one.evaluate("each => each.setAttribute('lang', 'fr')")
    expect(one.get_by_role("heading", name="Entraide ici")).to_be_visible()
    expect(one.get_by_text("Le lien")).to_be_hidden()
    context.close()


def test_a_frame_grows_and_shrinks_and_believes_nobody_else(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    frame = f'<iframe id="bare" src="{widget}" title="Entraide" width="100%" height="640"></iframe>'
    hostile = f'<iframe id="other" src="{partner}/hostile" height="50"></iframe>'
    PAGES["/hostile"] = (
        "",
        "<script>parent.postMessage({babillard:'height',value:3000},'*')</script>",
    )
    english = f'<p lang="en"><iframe id="english" src="{widget}" title="Mutual aid"></iframe></p>'
    PAGES["/frames"] = ("", frame + hostile + element(served, widget, mode="frame") + english)
    context, page = opened(chromium, partner + "/frames", viewport={"width": 900, "height": 900})
    inner = page.frame_locator("#bare")
    expect(inner.get_by_text("Page suivante")).to_be_visible()
    page.wait_for_function("document.getElementById('bare').style.height !== ''")
    tall = height(page, "#bare")
    assert tall > 700
    inner.get_by_role("searchbox").fill("xyzzyq")
    inner.get_by_role("searchbox").press("Enter")
    expect(inner.get_by_text("Rien pour l’instant.")).to_be_visible()
    page.wait_for_function(f"document.getElementById('bare').offsetHeight < {tall} - 200")
    page.evaluate("postMessage({babillard: 'height', value: 9999}, '*')")
    assert height(page, "#other") < 60
    assert height(page, "babillard-widget iframe") < 5_000
    assert page.evaluate("document.querySelector('babillard-widget').offsetHeight") > 400
    expect(page.locator("babillard-widget").get_by_text("Le lien")).to_be_hidden()
    expect(page.frame_locator("#english").get_by_text("Next page")).to_be_attached()
    context.close()


def test_a_bare_frame_works_without_scripts_or_foreign_cookies(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    PAGES["/bare"] = (
        f"default-src 'none'; frame-src {served.url}",
        f'<iframe id="bare" src="{widget}" title="Entraide" width="800" height="640"></iframe>',
    )
    context, page = opened(chromium, partner + "/bare", java_script_enabled=False)
    inner = page.frame_locator("#bare")
    inner.get_by_role("link", name=re.compile("^Besoins")).click()
    expect(inner.locator("[aria-current]")).to_contain_text("Besoins")
    inner.get_by_text("Page suivante").click()
    expect(inner.get_by_text("Page précédente")).to_be_visible()
    inner.locator("[data-post]").first.click()
    send_answer(inner, "sans.script@exemple.org")
    inner.get_by_text("Retour aux annonces").click()
    expect(inner.locator("[aria-current]")).to_contain_text("Besoins")
    assert context.cookies() == []
    context.close()


def test_an_answer_in_a_frame_is_seen_where_it_is(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    PAGES["/tall"] = (
        "",
        f'<div style="height:900px">Haut</div><iframe id="bare" src="{widget}" title="Entraide"'
        ' width="340" height="640"></iframe><div style="height:3000px">Bas</div>'
        f'<script async src="{served.url}/embed/v1.js"></script>',
    )
    context, page = opened(chromium, partner + "/tall", viewport={"width": 360, "height": 700})
    inner, frame = page.frame_locator("#bare"), page.frames[1]
    inner.locator("[data-post]").last.click()
    expect(inner.locator("#answer")).to_be_attached()
    assert "site=127.0.0.1" in frame.url
    send_answer(inner, "en.place@exemple.org")
    expect(inner.get_by_role("status")).to_be_focused()
    top = page.locator("#bare").evaluate("each => each.getBoundingClientRect().top")
    assert 0 <= top < 700
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert context.cookies() == []
    context.close()


def send_answer(inner: FrameLocator, email: str) -> None:
    """Answer in place: at first wrongly, then rightly, without writing anything twice."""
    send = inner.get_by_role("button", name="Envoyer la réponse")
    inner.get_by_label("Votre message").fill("Je peux aider samedi.")
    send.click()
    expect(inner.locator("#error-summary")).to_be_visible()
    expect(inner.get_by_label("Votre message")).to_have_value("Je peux aider samedi.")
    inner.get_by_label("Votre nom").fill("Paul")
    inner.get_by_label("Votre courriel").fill(email)
    if inner.get_by_label("J’ai lu").count():
        inner.get_by_label("J’ai lu").check()
    for number in inner.locator(".answer-line input[inputmode]").all():
        number.fill("1")
    for box in inner.locator(".answer-line input[type=checkbox]").all():
        box.check()
    send.click()
    expect(inner.get_by_text("Regardez votre courriel")).to_be_visible()


def test_wordpress_shows_it_in_its_sandbox_as_high_as_it_is(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    listening = """<p id=said></p><script>
      addEventListener('message', (event) => {
        const frame = document.getElementById('wp');
        if (event.source !== frame.contentWindow || event.data.secret !== 'abcDEF1234') return;
        if (event.data.message === 'height') frame.height = Math.min(1000, event.data.value);
        const said = document.getElementById('said');
        if (event.data.message === 'link') said.textContent = event.data.value;
      });
    </script>"""
    PAGES["/wordpress"] = (
        "",
        f'{listening}<iframe id="wp" sandbox="allow-scripts" src="{widget}#?secret=abcDEF1234"'
        ' title="Entraide" width="600" height="200"></iframe>',
    )
    context, page = opened(chromium, partner + "/wordpress")
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    inner = page.frame_locator("#wp")
    page.wait_for_function("document.getElementById('wp').offsetHeight > 600")
    assert inner.locator("main").evaluate("each => getComputedStyle(each).paddingTop") == "8px"
    inner.get_by_text("Page suivante").click()
    expect(inner.get_by_text("Page précédente")).to_be_visible()
    inner.get_by_role("searchbox").fill("chaises")
    inner.get_by_role("searchbox").press("Enter")
    expect(inner.get_by_text("Chaises pliantes").first).to_be_visible()
    page.wait_for_function("document.getElementById('wp').offsetHeight !== 200")
    inner.locator("[data-post]").first.click()
    expect(page.locator("#said")).to_have_text(re.compile(r"/embed/[0-9a-f-]+/p/[0-9a-f-]+(\?|$)"))
    assert not wrong, wrong
    asked = context.request.get(f"{served.url}/oembed", params={"url": widget, "maxheight": "300"})
    PAGES["/pasted"] = ("", asked.json()["html"])
    page.goto(partner + "/pasted")
    way_out = page.frame_locator("iframe").get_by_role("link", name=re.compile("^Voir les"))
    expect(way_out).not_to_be_in_viewport()
    page.locator("iframe").hover()
    page.mouse.wheel(0, 5_000)
    expect(way_out).to_be_in_viewport()  # the frame scrolls where the host grants less
    PAGES["/sandbox"] = (
        "",
        f'<iframe id="wp" sandbox="allow-scripts" src="{widget}" title="Entraide"></iframe>',
    )
    page.goto(partner + "/sandbox")
    inner.locator("[data-post]").first.click()  # no new tab is allowed: it is read in place
    expect(inner.get_by_role("link", name="Répondre sur")).to_have_attribute(
        "href", re.compile(r"/fr/p/.*via=.*&site=127")
    )
    PAGES["/forms"] = (
        "",
        f'<iframe id="wp" sandbox="allow-forms" src="{widget}" title="Entraide"></iframe>',
    )
    page.goto(partner + "/forms")
    inner.locator("[data-post]").first.click()
    inner.get_by_label("Votre message").fill("Samedi")
    inner.get_by_role("button", name=re.compile("Envoyer|Attendre")).click()
    expect(inner.get_by_text("ne laisse pas répondre")).to_be_attached()
    expect(inner.get_by_label("Votre message")).to_have_value("Samedi")
    context.close()


def test_a_consumer_of_oembed_shows_what_it_is_given(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    registry = micawber.ProviderRegistry()
    registry.register(re.escape(served.url) + r"/\S*", micawber.Provider(served.url + "/oembed"))
    context, page = opened(chromium, served.url + "/es/")
    page.locator("article h2 a, article h3 a").first.click()
    found = page.locator("link[type='application/json+oembed']").get_attribute("href") or ""
    assert context.request.get(found).json()["type"] == "rich"
    written = f"{widget}?lang=en\n{page.url}"
    PAGES["/consumed"] = ("", registry.parse_text(written, maxwidth=500))
    page.goto(partner + "/consumed")
    expect(page.frame_locator("iframe >> nth=0").get_by_text("Next page")).to_be_attached()
    expect(page.frame_locator("iframe >> nth=1").locator("html")).to_have_attribute("lang", "es")
    told = registry.request(served.url + "/fr/?q=chaises")
    assert (told["type"], told["url"]) == ("link", served.url + "/fr/?q=chaises")
    with pytest.raises(micawber.ProviderException):
        registry.request(served.url + "/fr/sign-in")
    context.close()


def test_it_is_dark_where_the_page_around_is(
    chromium: Browser, served: Served, partner: str, widget: str
) -> None:
    PAGES["/dark"] = (
        "",
        "<meta name=referrer content=no-referrer><style>:root{color-scheme:dark}</style>"
        f'<iframe id="bare" src="{widget}" title="Entraide" height="640"></iframe>'
        + element(served, widget),
    )
    context, page = opened(chromium, partner + "/dark", color_scheme="null")
    ground = page.frame_locator("#bare").locator("body")
    expect(ground).to_have_css("background-color", "rgb(18, 25, 22)")
    need = page.locator("babillard-widget .annonce-need").first
    expect(need).to_have_css("background-color", "rgb(46, 38, 16)")
    expect(need).to_have_css("clip-path", re.compile(r"^polygon\("))  # its notch, cut through
    tongue = page.locator("babillard-widget .annonce-offer").first
    outside = tongue.evaluate("each => parseFloat(getComputedStyle(each, '::after').left)")
    assert outside < -10
    one = page.locator("babillard-widget")
    one.locator(".titre a").nth(1).click()
    inner = one.frame_locator("iframe")
    expect(inner.locator("#answer")).to_have_css("background-color", "rgb(30, 39, 35)")
    expect(one.locator("iframe")).to_be_focused()
    form = inner.locator("form[method=post]")
    expect(form).to_have_attribute("action", re.compile(r"site=127\.0\.0\.1"))
    inner.get_by_text("Retour aux annonces").click()
    expect(one.get_by_role("heading", name="Entraide ici")).to_be_focused()
    context.close()


def test_a_page_that_acts_is_framed_by_nobody(
    chromium: Browser, served: Served, partner: str
) -> None:
    PAGES["/click"] = ("", f'<iframe id="board" src="{served.url}/fr/sign-in"></iframe>')
    context, page = opened(chromium, partner + "/click")
    assert page.frame_locator("#board").locator("form").count() == 0
    context.close()


def test_a_site_that_is_not_on_the_list_is_refused_and_keeps_its_link(
    chromium: Browser, served: Served, partner: str
) -> None:
    """And every page of the builder is accessible and fits."""
    context = chromium.new_context(locale="fr-CA", viewport={"width": 1280, "height": 900})
    slug = sign_in(context, served)["slug"]
    page = context.new_page()
    page.goto(f"{served.url}/fr/organisations/{slug}/widgets/")
    page.get_by_label("Titre du module").fill("Chez nous seulement")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_text("Où, et avec quel accord").click()
    page.get_by_label("Sites où le module peut paraître").fill("https://exemple.org")
    page.get_by_label("Nous disons oui ou non").check()
    page.get_by_role("button", name="Publier", exact=True).click()
    mine = page.url
    widget = f"{served.url}/embed/{mine.rsplit('/', 1)[1]}"
    page.goto(widget)
    post = page.locator("[data-post]").first.get_attribute("href")
    pages = [
        mine,
        *(f"{mine}/{end}" for end in ("clearance", "statistics")),
        widget,
        f"{served.url}{post}",
    ]
    wrong = [fault for address in pages for fault in faults(page, address)]
    page.goto(widget)
    assert not (wrong + violations(page, "heading-order")), "\n".join(map(str, wrong))
    PAGES["/refused"] = (
        "",
        f'<iframe id="bare" src="{widget}" title="Refusé"></iframe>' + element(served, widget),
    )
    page.goto(partner + "/refused")
    expect(page.locator("babillard-widget").get_by_text("Le lien")).to_be_visible()
    assert page.locator("babillard-widget .annonce").count() == 0
    assert page.frame_locator("#bare").locator("#widget").count() == 0
    for layout in ("list", "counter"):
        page.goto(mine)
        page.locator(f"input[name=layout][value={layout}]").check()
        page.get_by_text("Où, et avec quel accord").click()
        page.get_by_label("Sites où le module peut paraître").fill("")
        with page.expect_navigation():
            page.get_by_role("button", name="Publier", exact=True).click()
        fresh, around = opened(chromium, partner + "/refused")
        one = around.locator("babillard-widget")
        if layout == "list":
            clear = "rgba(0, 0, 0, 0)"
            expect(one.locator(".annonce").first).to_have_css("background-color", clear)
        else:
            number = re.compile(r"^\d+ annonces? choisies? sur")
            expect(one.get_by_role("link", name=number)).to_be_visible()
            assert one.locator(".annonce").count() == 0
        fresh.close()
    context.close()
