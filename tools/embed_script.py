"""Write the newest <babillard-widget> as partners load it: static/embed/element.js without its air.

A script that was published never changes (its sum stands in partners' pages): change element.js
only together with a new number in its first line and in board/widgets/script_views.py.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "static" / "embed"
AROUND = re.compile(r" ?(=>|[=!]==|&&|\|\||\?\?|[={}?:,+<>]) ?")


def packed(source: str) -> str:
    """Return a script without comments, indents and spaces around signs; its strings have none."""
    first, *lines = source.splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.strip().startswith("//")]
    return first + "\n" + "\n".join(AROUND.sub(r"\1", line) for line in kept) + "\n"


def main() -> None:
    """Write it under its number."""
    source = (FOLDER / "element.js").read_text(encoding="utf-8")
    number = re.search(r"\d+\.\d+\.\d+", source.splitlines()[0])
    assert number, "the first line says which edition it is"
    (FOLDER / f"{number[0]}.js").write_text(packed(source), encoding="utf-8")


if __name__ == "__main__":
    main()
