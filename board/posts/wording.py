"""Words that people typed, as everybody may read them: clean HTML, contacts hidden."""

from __future__ import annotations

from markupsafe import escape

from board.markdown import to_html, to_text
from board.posts.cards import masked


def public_html(markdown: str) -> str:
    """Return the details as clean HTML without telephone numbers or addresses.

    A contact that only shows once the marks are off (`514-**555**-0199`) costs the text its marks.
    """
    rendered = to_html(masked(markdown))
    words = to_text(rendered)
    hidden = masked(words)
    if hidden == words:
        return rendered
    return "".join(f"<p>{escape(part)}</p>" for part in hidden.split("\n") if part.strip())
