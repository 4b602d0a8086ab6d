"""What a widget may be: its layouts, its sites, colours that can be read."""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

LEAST_CONTRAST = 4.5
MOST_SITES = 20
MOST_WIDGETS = 50
TITLE_MAX = 120
TEXT_MAX = 400
PER_PAGE = (3, 5, 10, 20)
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)


class Layout(StrEnum):
    """How a widget shows what it finds."""

    CARDS = "cards"
    LIST = "list"
    COMPACT = "compact"
    MAP = "map"
    SINGLE = "single"
    COUNTER = "counter"


class Theme(StrEnum):
    """Light or dark, or as the page around it."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Nod(StrEnum):
    """What a partner said of a post on its own site."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Metric(StrEnum):
    """What is counted of a widget: shown, a post opened, an answer that came by it."""

    VIEW = "view"
    OPEN = "open"
    ANSWER = "answer"


def colour_of(typed: str) -> str | None:
    """Return a colour as #rrggbb; None when it is none."""
    text = typed.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(letter * 2 for letter in text[1:])
    return text if _COLOUR.fullmatch(text) else None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG measures it, from 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def is_readable(text: str, ground: str) -> bool:
    """Whether words of one colour can be read on the other."""
    return contrast(text, ground) >= LEAST_CONTRAST


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def site_of(typed: str) -> str | None:
    """Return the origin of a site from what somebody typed; None when it is no site."""
    text = typed.strip().lower()
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not _is_host(host):
        return None
    if parts.username is not None or parts.password is not None:
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _is_host(name: str) -> bool:
    """Whether a site can have this name: with a dot, or this machine's; numbers are an address."""
    if not _HOST.fullmatch(name) or len(name) > 253:
        return False
    if name.rpartition(".")[2].isdigit():
        return _is_address(name)
    return "." in name or name == "localhost"


def _is_address(text: str) -> bool:
    try:
        return ip_address(text).version == 4
    except ValueError:
        return False


def ancestors(sites: tuple[str, ...]) -> str:
    """Return who may frame a widget, for `frame-ancestors`: its sites, with and without www."""
    if not sites:
        return "*"
    every: list[str] = []
    for site in sites:
        scheme, _, host = site.partition("://")
        twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        every += [site, *([f"{scheme}://{twin}"] if "." in host and not host[-1].isdigit() else [])]
    return " ".join(dict.fromkeys(every))
