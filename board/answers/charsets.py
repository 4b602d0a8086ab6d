"""The bytes of a mail as text: by what it says of itself, else by what most programs write."""

from __future__ import annotations

import codecs
import re

USUAL = ("utf-8", "cp1252")
# Python knows these by name, but they are no charset of any mail: they make text of escapes.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape",
                          "mbcs", "oem"})  # fmt: skip
_DIRECTION = re.compile(r"-[ie]$")  # ISO-8859-8-I: in which order right-to-left is written
_PRIVATE = re.compile(r"^x[-_]")


def decoded(raw: bytes, named: str | None) -> str:
    """Return bytes as text; what its charset cannot be is read as UTF-8, else as Windows-1252."""
    charset = known(named)
    for name in (charset, "utf-8") if charset else USUAL:
        try:
            return raw.decode(name or "utf-8")
        except (UnicodeError, ValueError):
            continue
    usable = charset if charset not in {None, "ascii"} else USUAL[-1]
    return raw.decode(usable or USUAL[-1], "replace")


def known(named: str | None) -> str | None:
    """Return the codec of a charset that a mail may name; None: there is none to be trusted."""
    name = (named or "").strip().lower()
    for asked in (name, _DIRECTION.sub("", name), _PRIVATE.sub("", name)):
        try:
            codec = codecs.lookup(asked)
        except (LookupError, ValueError):
            continue
        is_text = getattr(codec, "_is_text_encoding", False)
        return codec.name if is_text and codec.name not in _NO_CHARSETS else None
    return None
