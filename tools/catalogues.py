"""Bring translations/*/messages.po up to date with the code; French, the source, answers itself.

Run by `make translations`. French only needs the messages with a plural, because « 0 annonce »
takes the singular. What a language lacks stays empty, and a test names it.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "en", "es")
# Newer CLDR has a third plural for millions (« un million de … »), which no text of ours needs.
PLURALS = {"fr": "(n > 1)", "en": "(n != 1)", "es": "(n != 1)"}
METHODS = [
    ("board/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
Message = str | tuple[str, str]


def messages() -> list[Message]:
    """Return every message that the code and the templates show, in order."""
    found = extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS)
    ids = {m if isinstance(m, str) else (m[0], m[1]) for _, _, m, _, _ in found if m}
    return sorted(ids, key=lambda m: m if isinstance(m, str) else m[0])


def path_of(language: str) -> Path:
    """Return the catalogue of a language."""
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language, empty when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str, wanted: list[Message]) -> list[Message]:
    """Return the messages that a language does not say yet."""
    catalogue = read(language)
    out = []
    for message in wanted:
        if language == "fr" and isinstance(message, str):
            continue
        said = catalogue.get(message if isinstance(message, str) else message[0])
        strings = (
            (said.string,)
            if said and isinstance(said.string, str)
            else (said.string if said else ())
        )
        plural = isinstance(message, tuple)
        if not strings or not all(strings) or plural is not isinstance(said.string, tuple):  # type: ignore[union-attr]
            out.append(message)
    return out


def update(language: str, wanted: list[Message]) -> None:
    """Write the catalogue with exactly the messages wanted, keeping what is translated."""
    before, after = read(language), Catalog(locale=language, project="Babillard", fuzzy=False)
    after._num_plurals, after._plural_expr = 2, PLURALS[language]
    after.header_comment = "# Babillard. French is the source language."
    for message in wanted:
        if language == "fr" and isinstance(message, str):
            continue
        said = before.get(message if isinstance(message, str) else message[0])
        kept = (
            said.string
            if said and isinstance(said.string, str) is isinstance(message, str)
            else None
        )
        after.add(message, string=message if language == "fr" else kept)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, after, sort_output=True, width=0)


if __name__ == "__main__":
    everything = messages()
    for code in LANGUAGES:
        update(code, everything)
        print(f"{code}: {len(missing(code, everything))} messages to translate")
