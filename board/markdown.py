"""Markdown that people write: a small CommonMark, no raw HTML, no image, cleaned a second time."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
HEADINGS = {f"h{level}" for level in range(1, 7)}
SCHEMES = ("http://", "https://")

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["image", "html_block", "html_inline"]
)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre|ul|ol)>|<br ?/?>|<hr ?/?>", re.IGNORECASE)
# Sentences without a mark, each line begun by a letter: what most people write.
_LINE = r"[^\W\d_](?:[^\W_]|[ \u00a0\u202f,.;:!?'’\"()/«»%$€°–—…+=-])*(?<!\s)"
_PLAIN = re.compile(rf"{_LINE}(?:\n+{_LINE})*")
_BETWEEN = re.compile(r"\n{2,}")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[\s]*")


def to_html(markdown: str, *, heading_level: int = 3) -> str:
    """Return clean HTML; the highest heading of the text becomes `<h{heading_level}>`."""
    if _PLAIN.fullmatch(markdown):
        return _paragraphs(markdown)
    text = markdown.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    tokens = _parser.parse(text)
    _lower_headings(tokens, by=heading_level - 1)
    rendered: str = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        rendered,
        tags=TAGS | HEADINGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        attribute_filter=_only_sites,
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener",
    ).strip()


def _paragraphs(plain: str) -> str:
    """Write sentences without a mark as the parser and the cleaner do."""
    parts = _BETWEEN.split(plain.replace("\u00a0", "&nbsp;"))
    return "\n".join(f"<p>{part}</p>" for part in parts)


def to_text(html_text: str) -> str:
    """Return the words of clean HTML, one line for each block, without tags or entities."""
    bare = nh3.clean(_BLOCK_END.sub("\\g<0>\n", html_text), tags=set())
    return _LINES.sub("\n", _SPACES.sub(" ", html.unescape(bare))).strip()


def _only_sites(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("a", "href") and not value.lower().startswith(SCHEMES):
        return None
    return value


def _lower_headings(tokens: Sequence[Token], *, by: int) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + by)}"
