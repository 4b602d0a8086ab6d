"""Marking what really matched, on the author's own text."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup, escape

from board.search.text import compose, spans

OPEN, CLOSE = Markup("<mark>"), Markup("</mark>")


def mark(text: str, matched: Collection[str]) -> Markup:
    """Return the text, escaped, with the matched words in <mark>; `*` ends a beginning."""
    exact = {word for word in matched if not word.endswith("*")}
    beginnings = tuple(word[:-1] for word in matched if word.endswith("*"))
    composed = compose(text)
    out, done = Markup(""), 0
    for span in spans(composed):
        if any(form in exact or form.startswith(beginnings) for form in span.forms):
            word = escape(composed[span.start : span.end])
            out += escape(composed[done : span.start]) + OPEN + word + CLOSE
            done = span.end
    return out + escape(composed[done:])
