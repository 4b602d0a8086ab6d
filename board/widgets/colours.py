"""A widget's own colours, as a style sheet: checked when they were set, and again here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import current_app

from board.widgets.designs import Design
from board.widgets.rules import colour_of


def worn(design: Design) -> str:
    """Return what the element wears: its layout's sheet, and these colours where it has none."""
    ground, ink, link = (colour_of(one) for one in (design.ground, design.ink, design.link))
    own = ((".contenu", "background", "fond", ground), (".contenu", "color", "texte", ink),
           ("a", "color", "lien", link))  # fmt: skip
    return _looks() + "".join(
        f"{where}{{{what}:var(--babillard-{name},{colour})}}"
        for where, what, name, colour in own if colour
    )  # fmt: skip


@cache
def _looks() -> str:
    lines = Path(current_app.static_folder or "static", "css/embed-element.css").read_text()
    return "".join(line for line in lines.splitlines() if not line.startswith("/*"))


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
