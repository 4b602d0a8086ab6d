"""The pieces of the look, rendered without the application and looked at in a real browser."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import html5lib
import pytest
from playwright.sync_api import Browser, Page

from tests.design.samples import CARDS, ROOT, bare_environment
from tests.design.styleguide import ALTERNATES, render_styleguide, serve

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
ERRORS = sorted(path.stem for path in (ROOT / "templates/errors").glob("[0-9]*.html"))


def test_every_piece_is_well_formed_html_with_unique_ids() -> None:
    page = render_styleguide()
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert "style=" not in page
    assert "<script>" not in page
    assert "hx-on" not in page


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_says_what_happened_and_where_to_go(status: str) -> None:
    page = bare_environment().get_template(f"errors/{status}.html").render()
    assert page.count("<h1>") == 1
    assert "/fr/#search.board" in page


def test_the_word_of_a_need_or_an_offer_is_always_there() -> None:
    module = bare_environment().get_template("components/card.html").module
    for card in CARDS:
        shown = module.post_card(card) + module.mini_card(card)  # type: ignore[attr-defined]
        assert str(shown).count(card.purpose_label) >= 1


def test_a_field_in_error_is_tied_to_its_sentence_and_keeps_what_was_typed() -> None:
    page = render_styleguide()
    field = re.search(r"<input[^>]*name=\"quantity\"[^>]*>", page)
    assert field
    assert 'value="une douzaine"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="quantity-error"' in field[0]
    assert 'id="quantity-error"' in page
    assert '<a href="#quantity">' in page


def test_signed_in_people_can_leave_and_visitors_carry_no_token() -> None:
    template = bare_environment().get_template("errors/404.html")
    assert "csrf_token" not in template.render(viewer=None, alternates=ALTERNATES)
    assert 'name="csrf_token"' in template.render(
        viewer={"name": "Ana", "moderates": False, "unread": "3"}, alternates=ALTERNATES
    )


def test_vendored_files_are_those_of_the_readme() -> None:
    readme = (ROOT / "static/vendor/README.md").read_text(encoding="utf-8")
    for path in (ROOT / "static/vendor").glob("*/*"):
        if path.name != "LICENSE":
            assert hashlib.sha256(path.read_bytes()).hexdigest() in readme, path
    for folder in (path for path in (ROOT / "static/vendor").iterdir() if path.is_dir()):
        assert (folder / "LICENSE").is_file()


def test_icons_that_templates_name_exist() -> None:
    sprite = (ROOT / "static/vendor/lucide-1.62.0/icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    for template in (ROOT / "templates").rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        used = set(re.findall(r"\bicon\(\"([a-z0-9-]+)\"", text)) | set(
            re.findall(r"icon_name=\"([a-z0-9-]+)\"", text)
        )
        assert used <= known, template


def test_stylesheets_are_short_and_ask_nobody_else() -> None:
    for path in SHEETS:
        sheet = path.read_text(encoding="utf-8")
        assert len(sheet.splitlines()) < 600
        for address in re.findall(r"url\(\"?([^\")]+)", sheet):
            assert (path.parent / address).is_file(), address


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the page of pieces is served."""
    server = serve({"/pieces": render_styleguide()})
    yield f"http://127.0.0.1:{server.server_port}/pieces"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of its own."""
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_pieces(page: Page, address: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_overflows(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_twice_the_text_size_still_fits(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


def test_controls_of_a_phone_are_large_enough(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(address)
    controls = ".button, .chip, .tabs a, .filter-row, .check, select, summary, .icon-button"
    small = page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)]
        .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43.9)
        .map(e => e.outerHTML.slice(0, 90))""",
        controls,
    )
    assert small == []


def test_the_page_breaks_no_rule_of_its_policy(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert said == []
