"""Write the newest <babillard-widget> as partners load it: static/embed/element.js without its air.

A script that was published never changes (its sum stands in partners' pages): change element.js
only together with a new number in its first line and in board/widgets/script_views.py.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "static" / "embed"
AROUND = re.compile(r" ?(=>|[=!]==|&&|\|\||\?\?|[={}?:;,+<>]) ?")
WORDS = re.compile(r"(?:(?<=\bif)|(?<=\bfor)|(?<=\bcatch)) (?=\()|(?<=\)) ")
ENDS = re.compile(r"([;{,])\n(?=.)")


def packed(source: str) -> str:
    """Return a script without comments, indents, ends of lines and spaces around signs.

    Its strings have none of these.
    """
    first, *lines = source.splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.strip().startswith("//")]
    text = "\n".join(WORDS.sub("", AROUND.sub(r"\1", line)) for line in kept)
    return first + "\n" + ENDS.sub(r"\1", text).replace(";}", "}") + "\n"


def main() -> None:
    """Write it under its number."""
    source = (FOLDER / "element.js").read_text(encoding="utf-8")
    number = re.search(r"\d+\.\d+\.\d+", source.splitlines()[0])
    assert number, "the first line says which edition it is"
    (FOLDER / f"{number[0]}.js").write_text(packed(source), encoding="utf-8")


if __name__ == "__main__":
    main()
