"""A widget's own colours, as a style sheet: checked when they were set, and again here."""

from __future__ import annotations

from board.widgets.designs import Design
from board.widgets.rules import colour_of


def sheet(design: Design) -> str:
    """Return the sheet; in the dark the board's own dark colours stand."""
    named = {"--fond": design.ground, "--encre": design.ink, "--pale": design.ink,
             "--lien": design.link, "--action": design.link}  # fmt: skip
    checked = {name: colour_of(value) for name, value in named.items() if value}
    if checked.get("--lien"):
        checked["--sur-action"] = checked.get("--fond") or "#ffffff"
    lines = "".join(f"{name}:{value};" for name, value in checked.items() if value)
    if not lines:
        return ":root{}\n"
    light = f':root[data-theme="light"]{{{lines}}}\n'
    auto = f'@media (prefers-color-scheme:light){{:root[data-theme="auto"]{{{lines}}}}}\n'
    return light + auto
