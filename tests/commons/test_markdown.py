"""What people write in Markdown cannot hurt who reads it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board import markdown
from board.markdown import to_html, to_text
from tests.pages import parse

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[ici](javascript:alert(1))",
    "[ici](JaVaScRiPt:alert(1))",
    "[ici](&#106;avascript:alert(1))",
    "[ici](java\tscript:alert(1))",
    "[ici](data:text/html;base64,PHNjcmlwdD4=)",
    "[ici](vbscript:x)",
    "<javascript:alert(1)>",
    '[ici](https://example.org "titre\\" onmouseover=alert(1)")',
    "![suivi](https://tracker.example/p.gif)",
    "[ici]: javascript:alert(1)\n\n[ici]",
    "<style>*{display:none}</style>",
    "<iframe src=https://example.org></iframe>",
    "<!-- --><b onclick=x>y</b>",
    "`<script>`",
    "<a href='x' style='position:fixed'>z</a>",
]
ALLOWED = {"html", "head", "body", "p", "br", "hr", "strong", "em", "code", "pre", "blockquote",
           "ul", "ol", "li", "a", "h1", "h2", "h3", "h4", "h5", "h6"}  # fmt: skip


def assert_harmless(html: str) -> None:
    for element in parse(html).iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag in ALLOWED, element.tag
        assert set(element.attrib) <= {"href", "rel", "start"}, element.attrib
        if element.get("href"):
            assert element.get("href", "").lower().startswith(("http://", "https://"))
            assert element.get("rel") == "nofollow ugc noopener"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_becomes_harmless_html(text: str) -> None:
    assert_harmless(to_html(text))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>[]()!\"'`*_#&;:/=abjsx \n\t\\-1.~", max_size=80))
def test_no_mixture_of_signs_gets_through(text: str) -> None:
    assert_harmless(to_html(text))


def test_what_a_coordinator_writes_is_laid_out() -> None:
    html = to_html("# Matériel\n\n- **40 chaises**\n- [plan](https://example.org/plan?a=1&b=2)")
    assert "<h3>Matériel</h3>" in html
    assert "<strong>40 chaises</strong>" in html
    assert 'href="https://example.org/plan?a=1&amp;b=2"' in html


def test_headings_begin_where_the_page_says_and_end_at_six() -> None:
    assert to_html("## Deux", heading_level=2) == "<h3>Deux</h3>"
    assert to_html("###### Six", heading_level=4) == "<h6>Six</h6>"


def test_html_is_shown_as_it_was_typed() -> None:
    assert "&lt;b&gt;" in to_html("<b>gras</b>")


def test_a_relative_link_leads_nowhere() -> None:
    assert "href" not in to_html("[x](/fr/sign-out) [y](//evil.example)")


def test_odd_characters_do_not_break_anything() -> None:
    assert "\x00" not in to_html("a\x00b \ud800 c")
    assert to_html("") == ""


def test_deep_nesting_stays_cheap() -> None:
    assert_harmless(to_html(">" * 3000 + "a"))
    assert_harmless(to_html("[" * 3000 + "a"))


SENTENCE = st.text("aé œ\u00a0\u202f’'\"(),.;:!?«»/%$–…+=-\n1Z", max_size=60)


@given(SENTENCE, SENTENCE)
def test_sentences_without_a_mark_are_written_as_the_parser_does(one: str, other: str) -> None:
    plain = f"Voici {one}\n\nEt {other}."
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(markdown, "_PLAIN", re.compile(r"(?!)"))
        parsed = to_html(plain)
    assert to_html(plain) == parsed


def test_words_are_read_back_without_tags_or_entities() -> None:
    html = to_html("# L’été\n\nUn & deux\\\ntrois\n\n- a\n- b")
    assert to_text(html) == "L’été\nUn & deux\ntrois\na\nb"
