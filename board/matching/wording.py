"""Why two lines are proposed to each other, in one sentence of the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from markupsafe import Markup, escape

from board.clock import today
from board.folding import fold
from board.matching.effects import kilometres_of
from board.matching.rules import Dismissal
from board.matching.scores import Window
from board.posts import words
from board.posts.rules import Purpose
from board.taxonomy import queries as taxonomy
from board.web.context import settings

DISMISSALS = {
    Dismissal.TOO_FAR: lazy_gettext("trop loin"),
    Dismissal.WRONG_DATES: lazy_gettext("pas aux bonnes dates"),
    Dismissal.WRONG_THING: lazy_gettext("pas la bonne chose"),
    Dismissal.ALREADY_DONE: lazy_gettext("déjà réglé"),
    Dismissal.NOT_THEM: lazy_gettext("pas avec cette organisation"),
}
UNKNOWN = {
    "concepts": lazy_gettext("la catégorie"),
    "nearness": lazy_gettext("le lieu"),
}
# By what is missing of a window: its beginning, its end.
UNDATED = {
    (Purpose.NEED, True, True): lazy_gettext("les dates du besoin"),
    (Purpose.NEED, True, False): lazy_gettext("le début du besoin"),
    (Purpose.NEED, False, True): lazy_gettext("la fin du besoin"),
    (Purpose.OFFER, True, True): lazy_gettext("les dates de l’offre"),
    (Purpose.OFFER, True, False): lazy_gettext("le début de l’offre"),
    (Purpose.OFFER, False, True): lazy_gettext("la fin de l’offre"),
}
UNDATED_BOTH = lazy_gettext("les dates")
NO_DATES = (None, None)
Reasons = Sequence[Mapping[str, Any]]


def why(reasons: Reasons, parts: Mapping[str, Any]) -> Markup:
    """Say every stated reason, the weightiest first."""
    by_part = {reason["part"]: reason for reason in reasons}
    said: list[str | Markup] = [
        words_said
        for part, say in _SAY.items()
        if part in by_part and (words_said := say(by_part[part]))
    ]
    if "nearness" not in by_part and parts.get("nearness") is not None:
        said.append(_distance(parts))
    return Markup(" · ").join(said)


def unknown(parts: Mapping[str, Any], need: Window, offer: Window) -> str:
    """Say what nobody has said: « Non précisé : la fin de l’offre. »"""
    missing = [str(word) for part, word in UNKNOWN.items() if parts.get(part) is None]
    if need == offer == NO_DATES:
        missing.append(str(UNDATED_BOTH))
    else:
        sides = ((Purpose.NEED, need), (Purpose.OFFER, offer))
        missing += [str(UNDATED[purpose, first is None, last is None])
                    for purpose, (first, last) in sides if None in (first, last)]  # fmt: skip
    return _("Non précisé\u00a0: %(what)s.", what=", ".join(missing)) if missing else ""


def _concepts(reason: Mapping[str, Any]) -> str:
    here, there = _label(reason["here"]), _label(reason["there"])
    if reason.get("by_tag"):
        said = here if here == there else f"{here}, {there}"
        return _("même sujet (%(category)s), d’après les mots-clés", category=said)
    if reason.get("apart"):
        return _("même catégorie (%(category)s), mais pas la même chose", category=here)
    if reason["here"] == reason["there"]:
        return _("même catégorie (%(category)s)", category=here)
    return _("catégories voisines (%(one)s, %(other)s)", one=here, other=there)


def _words(reason: Mapping[str, Any]) -> str:
    """The words that both write first, each side's where they differ, then typing errors."""
    both = [word for word in reason["words"] if "read" not in word]
    shared = list(dict.fromkeys(word["here"] for word in both if _is_alike(word)))
    said = [_("%(words)s dans les deux", words=quoted(shared))] if shared else []
    said += [
        _("«\u00a0%(one)s\u00a0» et «\u00a0%(other)s\u00a0»", one=word["here"], other=word["there"])
        for word in both
        if not _is_alike(word)
    ]
    return ", ".join([*said, *(_read_as(word) for word in reason["words"] if "read" in word)])


def _is_alike(word: Mapping[str, str]) -> bool:
    return fold(word["here"]) == fold(word["there"])


def _read_as(word: Mapping[str, str]) -> str:
    read = word["read"]
    wrong = word["here"] if word["here"] != read else word["there"]
    return _("«\u00a0%(word)s\u00a0» lu «\u00a0%(read)s\u00a0»", word=wrong, read=read)


def _tags(reason: Mapping[str, Any]) -> str:
    tags = reason["tags"]
    said = ", ".join(tags)
    if not tags:
        return ""
    return ngettext(
        "mot-clé commun\u00a0: %(tags)s", "mots-clés communs\u00a0: %(tags)s", len(tags), tags=said
    )


def _window(reason: Mapping[str, Any]) -> Markup:
    first, last = date.fromisoformat(reason["from"]), date.fromisoformat(reason["until"])
    day = today(settings().timezone)
    if first == last:
        return escape(_("possible le %(day)s", day="{}")).format(words.day(first, day))
    said = escape(_("possible du %(first)s au %(last)s", first="{}", last="{}"))
    return said.format(words.day(first, day), words.day(last, day))


def _nearness(reason: Mapping[str, Any]) -> str:
    if reason.get("online"):
        return _("en ligne")
    return words.distance_words(reason["km"])


def _distance(parts: Mapping[str, Any]) -> str:
    return words.distance_words(kilometres_of(parts))


def _label(key: str) -> str:
    term = taxonomy.catalogue(g.language).by_key.get(key)
    label = term.label if term is not None else key
    return label[:1].lower() + label[1:]


def quoted(texts: Iterable[str]) -> str:
    """Put each word between quotation marks."""
    return ", ".join(_("«\u00a0%(word)s\u00a0»", word=text) for text in texts)


def labels(keys: Iterable[str]) -> str:
    """Name concepts."""
    return ", ".join(_label(key) for key in dict.fromkeys(keys))


_SAY: dict[str, Callable[[Mapping[str, Any]], str | Markup]] = {
    "concepts": _concepts,
    "text": _words,
    "nearness": _nearness,
    "window": _window,
    "tags": _tags,
}
