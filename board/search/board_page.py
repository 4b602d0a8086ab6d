"""What the board page prints around its cards: tabs, chips, filters with counts, paging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from board.clock import today
from board.posts import words
from board.posts.rules import Attendance, Basis, Freshness, Kind, Purpose
from board.search.addresses import FILTER_WORDS, RADII, Asked
from board.search.engine import Results
from board.search.filters import FACETED, NAMES, Query, Sort, with_
from board.taxonomy.queries import catalogue
from board.taxonomy.rules import Catalogue
from board.web.context import LANGUAGE_NAMES, settings
from board.web.numbers import Count
from board.web.pagination import Page
from board.web.unknown import quoted

SORTS = {
    Sort.NEWEST: lazy_gettext("Plus récentes"),
    Sort.RELEVANCE: lazy_gettext("Plus pertinentes"),
    Sort.NEAREST: lazy_gettext("Plus proches"),
    Sort.SOONEST: lazy_gettext("Bientôt nécessaires"),
    Sort.LEAST_ANSWERED: lazy_gettext("Moins de réponses"),
}
WHY = {
    Sort.NEWEST: lazy_gettext(
        "La dernière annonce publiée ou confirmée est en haut. Rien d’autre ne compte."
    ),
    Sort.RELEVANCE: lazy_gettext(
        "Les annonces qui contiennent le plus exactement vos mots sont en haut : d’abord dans le"
        " titre, puis dans les mots-clés, l’organisation, les détails et le lieu."
    ),
    Sort.NEAREST: lazy_gettext(
        "L’annonce la plus proche du lieu choisi est en haut, d’après des lieux"
        " arrondis à 1\u00a0km."
    ),
    Sort.SOONEST: lazy_gettext(
        "L’annonce dont la date arrive le plus tôt est en haut ; celles sans date suivent."
    ),
    Sort.LEAST_ANSWERED: lazy_gettext(
        "Les annonces à qui personne n’a répondu sont en haut, et parmi elles celle qui attend"
        " depuis le plus longtemps."
    ),
}
TABLES: Mapping[str, Mapping[Any, Any]] = {
    "purpose": words.PURPOSES,
    "kind": words.KINDS,
    "basis": words.BASES,
    "attendance": words.ATTENDANCES,
    "freshness": words.FRESHNESSES,
    "language": LANGUAGE_NAMES,
}
CLOSED_LISTS = {"kind": Kind, "basis": Basis, "attendance": Attendance, "freshness": Freshness}


def tabs(asked: Asked, results: Results) -> list[dict[str, Any]]:
    """Return all, needs and offers, each with its count."""
    counts, query = results.facets.get("purpose", {}), asked.query
    every = [
        (None, _("Tout"), sum(counts.values())),
        (Purpose.NEED, _("Besoins"), counts.get("need", 0)),
        (Purpose.OFFER, _("Offres"), counts.get("offer", 0)),
    ]
    return [
        {
            "label": label,
            "count": Count(count),
            "url": asked.url(replace(query, purpose=purpose, page=1, cursor=None)),
            "current": query.purpose is purpose,
            "purpose": purpose.value if purpose else None,
        }
        for purpose, label, count in every
    ]


def names_of(name: str, results: Results, language: str) -> Mapping[Any, Any]:
    """Return value → label for the values of a filter."""
    if name == "category":
        return _categories(catalogue(language))
    return TABLES.get(name, results.labels.get(name, {}))


@lru_cache(maxsize=len(LANGUAGE_NAMES))
def _categories(known: Catalogue) -> Mapping[str, str]:
    return {key: term.label for key, term in known.by_key.items()}


def options(name: str, asked: Asked, results: Results, language: str) -> list[dict[str, Any]]:
    """Return the boxes of one filter, with counts that ignore the filter itself."""
    counts, labels = results.facets.get(name, {}), names_of(name, results, language)
    chosen = {str(value) for value in getattr(asked.query, NAMES[name])}
    if name in CLOSED_LISTS:
        values = [member.value for member in CLOSED_LISTS[name]]
    else:
        values = [value for value in counts if counts[value]] + sorted(chosen - set(counts))
    rows: list[dict[str, Any]] = [
        {
            "value": value,
            "label": words.capital(str(labels.get(value, value))),
            "count": Count(counts.get(value, 0)),
            "checked": value in chosen,
        }
        for value in values
    ]
    if name not in CLOSED_LISTS:
        rows.sort(key=lambda row: (not row["checked"], -row["count"], row["label"]))
    return rows[:250]


def chips(asked: Asked, results: Results, language: str) -> list[dict[str, str]]:
    """Return the filters in force, each with the address that removes it."""
    query, out = asked.query, []
    if query.q:
        out.append({"label": quoted(query.q), "url": asked.url_without("q")})
    for name in FACETED:
        labels = names_of(name, results, language)
        for value in getattr(query, NAMES[name]):
            label = words.capital(str(labels.get(value, value)))
            out.append({"label": label, "url": asked.url_without(name, value)})
    if query.near is not None:
        where = asked.place or _("Point de la carte")
        if query.radius_km is not None:
            where = _("%(place)s, %(km)s\u00a0km", place=where, km=query.radius_km)
        out.append({"label": where, "url": asked.url_without("near")})
    this_day = today(settings().timezone)
    if query.from_:
        label = _("À partir du %(day)s", day=words.day(query.from_, this_day).striptags())
        out.append({"label": label, "url": asked.url_without("from")})
    if query.until:
        label = _("Jusqu’au %(day)s", day=words.day(query.until, this_day).striptags())
        out.append({"label": label, "url": asked.url_without("until")})
    for name, text in asked.wrong_days():
        label = f"{FILTER_WORDS[name]} {quoted(text)}"
        out.append({"label": label, "url": asked.url_without(name)})
    if query.closed:
        out.append({"label": _("Aussi les closes"), "url": asked.url_without("closed")})
    return out


def named(asked: Asked, results: Results, language: str) -> list[str]:
    """Name a search by all that it asks: which tab, then its chips."""
    tab = [str(one["label"]) for one in tabs(asked, results) if one["purpose"] and one["current"]]
    return tab + [chip["label"] for chip in chips(asked, results, language)]


def pages(asked: Asked, total: int) -> dict[str, Any]:
    """Return the page links, bounded to the results that can be reached."""
    query = asked.query
    page = Page(query.page, query.per_page, total)

    def url(number: int) -> str:
        return asked.url(with_(query, "page", number))

    return {
        "ends_early": page.ends_early,
        "pages": page.links(url),
        "next": url(query.page + 1) if query.page < page.last else None,
        "previous": url(query.page - 1) if 1 < query.page <= page.last + 1 else None,
    }


def is_empty(asked: Asked, results: Results) -> bool:
    """Whether nothing is on the board yet, rather than nothing behind these filters."""
    return not results.total and replace(asked.query, sort=None, page=1, cursor=None) == Query()


def is_home(asked: Asked) -> bool:
    """Whether nothing was asked yet: the board as one comes to it."""
    return asked.endpoint == "search.board" and asked.query == Query()


def check_page(query: Query, total: int) -> None:
    """Refuse a page after the last one; a cursor knows its own place."""
    if query.cursor is None:
        Page(query.page, query.per_page, total).check()


def see_words(total: int) -> str:
    """Say on the button of the filters what pressing it shows."""
    if total == 0:
        return _("Aucune annonce avec ces filtres")
    return ngettext("Voir %(num)s annonce", "Voir %(num)s annonces", Count(total))


def count_words(total: int) -> str:
    """Say how many posts there are; the title of the page."""
    if total == 0:
        return _("Aucune annonce")
    return ngettext("%(num)s annonce", "%(num)s annonces", Count(total))


def loosenings(
    asked: Asked, results: Results, wider: list[tuple[int, Query, int]]
) -> list[dict[str, str]]:
    """Say which loosening gives how many, the larger circles first."""
    out = [
        {
            "url": asked.url(query),
            "label": _(
                "chercher à %(km)s\u00a0km : %(count)s", km=radius, count=count_words(count)
            ),
        }
        for radius, query, count in wider
        if count
    ][:1]
    titles = {
        "q": _("sans les mots"), "near": _("retirer le lieu"), "kind": _("tous les genres"),
        "purpose": _("besoins et offres"), "basis": _("toutes les manières"),
        "category": _("toutes les catégories"), "tag": _("sans le mot-clé"),
        "organisation": _("toutes les organisations"), "attendance": _("toutes les présences"),
        "language": _("toutes les langues"), "freshness": _("toutes les fraîcheurs"),
        "from": _("sans date de début"), "until": _("sans date de fin"),
    }  # fmt: skip
    for name, count in results.loosened.items():
        if count and name in titles:
            label = _("%(what)s : %(count)s", what=titles[name], count=count_words(count))
            out.append({"url": asked.url_without(name), "label": label})
    return out


def meant_url(asked: Asked, results: Results) -> str | None:
    """Return the address of the words that were perhaps meant, with the same filters."""
    if not results.did_you_mean:
        return None
    return asked.url(with_(asked.query, "q", results.did_you_mean))


def suggest_url(asked: Asked) -> str:
    """Return where the search field asks what goes on from its letters."""
    if asked.endpoint == "maps.page":
        return url_for("suggestions.suggest", map="1")
    return url_for("suggestions.suggest")


def follow_url(asked: Asked) -> str:
    """Return where this search is kept, to hear of new posts."""
    return asked.on("alerts.follow").url(replace(asked.query, sort=None, page=1, cursor=None))


def radii(asked: Asked) -> list[dict[str, Any]]:
    """Return the circles that can be chosen."""
    chosen = asked.query.radius_km or 25
    return [
        {"value": r, "label": _("à %(km)s\u00a0km ou moins", km=r), "checked": r == chosen}
        for r in sorted({*RADII, chosen})
    ]


def other_view(asked: Asked) -> dict[str, str]:
    """Return the way between the list and its map, with the same filters."""
    first = replace(asked.query, page=1, cursor=None)
    if asked.endpoint == "maps.page":
        label, icon, endpoint = _("Fermer la carte"), "x", "search.board"
    else:
        label, icon, endpoint = _("Voir sur la carte"), "map-pin", "maps.page"
    return {"label": label, "icon": icon, "url": asked.on(endpoint).url(first)}


def sorts(asked: Asked) -> list[dict[str, Any]]:
    """Return the orders that make sense for this query; the one that goes without saying is ""."""
    query, unsaid = asked.query, replace(asked.query, sort=None).order
    return [
        {"value": "" if sort is unsaid else sort.value, "label": label,
         "checked": sort is query.order}
        for sort, label in SORTS.items()
        if (sort is not Sort.NEAREST or query.near) and (sort is not Sort.RELEVANCE or query.q)
    ]  # fmt: skip
