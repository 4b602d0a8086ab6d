"""Names in an address that a page does not read: said, never ignored in silence."""

from __future__ import annotations

from collections.abc import Collection

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

MOST_SAID = 5
LONGEST_SAID = 40
# Other sites add these to the links that people share: nobody asked for them here.
TRACKING = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "mkt_tok", "yclid", "_ga"}
)


def unknown_names(known: Collection[str]) -> list[str]:
    """Return the names of this address that the page does not know, in order."""
    return [
        name
        for name in request.args
        if name not in known and name not in TRACKING and not name.startswith("utm_")
    ]


def unknown_words(known: Collection[str]) -> str:
    """Say which filters of this address do not exist, or nothing."""
    names = unknown_names(known)
    if not names:
        return ""
    return ngettext(
        "Ce filtre n’existe pas, il est laissé de côté\u00a0: %(names)s.",
        "Ces filtres n’existent pas, ils sont laissés de côté\u00a0: %(names)s.",
        len(names),
        names=", ".join(quoted(name) for name in names[:MOST_SAID]),
    )


def shortened(text: str) -> str:
    """Return what was typed, cut where it is too long to be repeated."""
    return text if len(text) <= LONGEST_SAID else text[:LONGEST_SAID] + "…"


def quoted(text: str) -> str:
    """Return what was typed between the quotation marks of the page's language."""
    return _("« %(word)s »", word=shortened(text))
