"""The indexes of the search server as code: their names and their settings."""

from __future__ import annotations

from typing import Any

from board.search import synonyms
from board.search.documents import COLUMNS
from board.search.text import STOP_WORDS
from board.typos import ONE_FROM, TWO_FROM

POSTS, ORGANISATIONS, CONCEPTS = "posts", "organisations", "concepts"
NOUNS = {POSTS: "post", ORGANISATIONS: "organisation", CONCEPTS: "concept"}
WRITTEN = "written"  # the title as it is, for what goes on from the letters typed so far
ORDERED = {"searchableAttributes", "rankingRules"}
Row = dict[str, Any]
_COMMON: Row = {
    "displayedAttributes": ["id", "version"],
    "stopWords": sorted(STOP_WORDS),
    "typoTolerance": {
        "enabled": True,
        "disableOnNumbers": True,
        "minWordSizeForTypos": {"oneTypo": ONE_FROM, "twoTypos": TWO_FROM},
    },
    "localizedAttributes": [{"attributePatterns": ["*"], "locales": ["fra", "eng", "spa"]}],
    "searchCutoffMs": 250,
}
_OF: dict[str, Row] = {
    POSTS: {
        "searchableAttributes": [*COLUMNS, WRITTEN],
        "filterableAttributes": [
            "_geo", "attendance", "basis", "category", "kind", "language", "listed_until",
            "organisation_slug", "paused", "purpose", "tag",
        ],
        "sortableAttributes": ["_geo", "ranked_at"],
        "rankingRules": ["words", "typo", "proximity", "exactness", "attributeRank", "sort"],
        "pagination": {"maxTotalHits": 10_000},
        "faceting": {"maxValuesPerFacet": 500},
    },
    ORGANISATIONS: {"searchableAttributes": ["name", "place"]},
    CONCEPTS: {"searchableAttributes": ["label"]},
}  # fmt: skip


def own_id(found: object) -> int | None:
    """Return the id of a document of the board; None where somebody else put it on the server."""
    return found if isinstance(found, int) and 0 < found < 2**63 else None


def uid(prefix: str, index: str) -> str:
    """Return the name of an index on the server, which several boards may share."""
    return f"{prefix}-{index}"


def settings_for(index: str) -> Row:
    """Return the settings that an index must have, in the form in which the server tells them."""
    settings = {**_COMMON, **_OF[index]}
    if index == POSTS:
        settings["synonyms"] = {word: list(others) for word, others in synonyms.neutral().items()}
    return settings


def differences(settings: Row, held: Row) -> list[str]:
    """Name the settings that differ on the server; those that the board does not set are its."""
    return [
        name
        for name, wanted in settings.items()
        if _comparable(name, wanted) != _comparable(name, _asked_of(held.get(name), name, wanted))
    ]


def _asked_of(held: Any, name: str, wanted: Any) -> Any:
    """Return of what the server holds only what the board sets."""
    if name == "synonyms" or not isinstance(held, dict) or not isinstance(wanted, dict):
        return held
    return {key: _asked_of(held.get(key), key, value) for key, value in wanted.items()}


def _comparable(name: str, value: Any) -> Any:
    """Return a setting in a form in which the order of a set does not matter."""
    if isinstance(value, dict):
        return {key: _comparable(key, each) for key, each in value.items()}
    if isinstance(value, list) and name not in ORDERED:
        return sorted(value, key=repr)
    return value
