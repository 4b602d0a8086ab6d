"""Every contrast of the board, computed from the stylesheet itself."""

import re

import pytest

from tests.design.samples import ROOT

TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
LIGHT = TOKENS.split("@media screen and (prefers-color-scheme: dark)")[0]
DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")[1]

PAPERS = ("fond", "papier", "besoin", "offre")
TEXT = [(ink, paper) for ink in ("encre", "pale", "lien") for paper in PAPERS] + [
    ("encre", "rouge-fond"),
    ("encre", "vert-fond"),
    ("lien", "vert-fond"),
    ("rouge", "fond"),
    ("rouge", "papier"),
    ("rouge", "rouge-fond"),
    ("sur-feutre", "feutre"),
    ("sur-feutre", "feutre-2"),
    ("sur-action", "action"),
    ("sur-action", "action-survol"),
    ("besoin-fort", "besoin"),
    ("besoin-fort", "papier"),
    ("offre-fort", "offre"),
    ("sur-fort", "offre-fort"),
    ("fond", "encre"),
    ("feutre", "sur-feutre"),
    ("encre", "terre"),
    ("encre", "eau"),
]
OUTLINES = [
    ("besoin-bord", "besoin"),
    ("besoin-bord", "fond"),
    ("besoin-bord", "papier"),
    ("offre-bord", "offre"),
    ("offre-bord", "fond"),
    ("offre-bord", "papier"),
    *[("trait", paper) for paper in PAPERS],
    ("rouge", "papier"),
    ("lien", "fond"),
    ("souche", "offre"),
    *[("foyer", paper) for paper in (*PAPERS, "terre", "eau")],
    *[(mark, ground) for mark in ("besoin-fort", "offre-fort") for ground in ("terre", "eau")],
    ("lien", "terre"),
    ("lien", "eau"),
    ("trait", "terre"),
]


def colours(theme: str) -> dict[str, str]:
    """The colour of each token, the light one where the dark theme says nothing."""
    found = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6});", LIGHT))
    if theme == "dark":
        found |= dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6});", DARK))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio between two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_is_read_without_effort(theme: str, ink: str, paper: str) -> None:
    token = colours(theme)
    assert contrast(token[ink], token[paper]) >= 7


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "paper"), OUTLINES)
def test_outlines_are_seen(theme: str, line: str, paper: str) -> None:
    token = colours(theme)
    assert contrast(token[line], token[paper]) >= 3


def test_the_dark_theme_says_every_colour_but_the_logo() -> None:
    light = set(re.findall(r"--([a-z0-9-]+):\s*#", LIGHT))
    dark = set(re.findall(r"--([a-z0-9-]+):\s*#", DARK))
    assert light - dark == {"logo-besoin", "logo-offre"}


def test_the_other_stylesheets_take_their_colours_from_the_tokens() -> None:
    allowed = {
        "#FFFFFF",
        "#17211C",
        "#1C3D32",
    }  # on the felt, whose text is the same in both themes
    for name in ("base", "components", "pages", "map"):
        sheet = (ROOT / f"static/css/{name}.css").read_text(encoding="utf-8")
        assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) <= allowed, name
