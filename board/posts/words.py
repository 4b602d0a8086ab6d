"""The words that readers see for states, quantities and days; each takes the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import (
    format_date,
    get_locale,
    lazy_gettext,
    ngettext,
)
from flask_babel import gettext as _
from markupsafe import Markup, escape

from board.posts.rules import (
    Attendance,
    Audience,
    Basis,
    Event,
    Freshness,
    Kind,
    Outcome,
    Publication,
    Purpose,
    State,
)
from board.web.context import settings
from board.web.hours import hour
from board.web.numbers import Count

PURPOSES = {Purpose.NEED: lazy_gettext("Besoin"), Purpose.OFFER: lazy_gettext("Offre")}
KINDS = {
    Kind.TOOL: lazy_gettext("Outil ou équipement"),
    Kind.SPACE: lazy_gettext("Espace"),
    Kind.KNOWLEDGE: lazy_gettext("Savoir"),
    Kind.VOLUNTEER: lazy_gettext("Bénévolat"),
}
BASES = {
    Basis.LOAN: lazy_gettext("prêt"),
    Basis.GIFT: lazy_gettext("don"),
    Basis.SHARING: lazy_gettext("partage"),
    Basis.EXCHANGE: lazy_gettext("échange"),
    Basis.SHARED_COST: lazy_gettext("coût partagé"),
}
ATTENDANCES = {
    Attendance.HERE: lazy_gettext("chez nous"),
    Attendance.THERE: lazy_gettext("chez vous"),
    Attendance.ONLINE: lazy_gettext("à distance"),
    Attendance.CARRIED: lazy_gettext("livré ou transporté"),
}
AUDIENCES = {
    Audience.PUBLIC: lazy_gettext("tout le monde"),
    Audience.MEMBERS: lazy_gettext("les organisations vérifiées"),
}
FRESHNESSES = {
    Freshness.FRESH: lazy_gettext("confirmée récemment"),
    Freshness.TO_CONFIRM: lazy_gettext("à confirmer"),
    Freshness.STALE: lazy_gettext("pas confirmée depuis longtemps"),
}
OUTCOMES = {
    Outcome.MET_HERE: lazy_gettext("comblé grâce au babillard"),
    Outcome.MET_ELSEWHERE: lazy_gettext("comblé autrement"),
    Outcome.PARTLY_MET: lazy_gettext("comblé en partie"),
    Outcome.NO_ONE_CAME_FORWARD: lazy_gettext("personne ne s’est proposé"),
    Outcome.NO_LONGER_NEEDED: lazy_gettext("plus nécessaire"),
    Outcome.DID_NOT_HAPPEN: lazy_gettext("n’a pas eu lieu"),
}
STATES = {
    State.MET: lazy_gettext("Complet, merci"),
    State.PAUSED: lazy_gettext("En pause"),
    State.EXPIRED: lazy_gettext("Terminée"),
}
PUBLICATIONS = {
    Publication.SUBMITTED: lazy_gettext("En attente"),
    Publication.DECLINED: lazy_gettext("Refusée"),
    Publication.HIDDEN: lazy_gettext("Masquée"),
}
EVENTS = {
    Event.DRAFTED: lazy_gettext("Brouillon commencé"),
    Event.PUBLISHED: lazy_gettext("Publiée"),
    Event.EDITED: lazy_gettext("Modifiée"),
    Event.CONFIRMED: lazy_gettext("Confirmée"),
    Event.PAUSED: lazy_gettext("Mise en pause"),
    Event.RESUMED: lazy_gettext("Reprise"),
    Event.MET: lazy_gettext("Complète"),
    Event.REOPENED: lazy_gettext("Rouverte"),
    Event.WITHDRAWN: lazy_gettext("Retirée"),
    Event.EXPIRED: lazy_gettext("Terminée"),
    Event.CLOSED: lazy_gettext("Close"),
    Event.SUBMITTED: lazy_gettext("En attente avant publication"),
    Event.DECLINED: lazy_gettext("Refusée par la modération"),
    Event.HIDDEN: lazy_gettext("Masquée par la modération"),
    Event.RESTORED: lazy_gettext("Remise par la modération"),
}
GAUGE_PIECES = 10
DAYS_SAID = 3


def capital(text: str) -> str:
    """Begin a label with a capital."""
    return text[:1].upper() + text[1:]


def ago(days: int) -> str:
    """Say how many days ago, in the largest round unit: days, weeks, months."""
    if days <= 0:
        return _("aujourd’hui")
    if days == 1:
        return _("hier")
    if days < 21:
        return ngettext("il y a %(num)s\u00a0jour", "il y a %(num)s\u00a0jours", days)
    if days < 60:
        return ngettext("il y a %(num)s\u00a0semaine", "il y a %(num)s\u00a0semaines", days // 7)
    return ngettext("il y a %(num)s\u00a0mois", "il y a %(num)s\u00a0mois", days // 30)


def freshness_words(freshness: Freshness, since: datetime | None, at: datetime) -> str:
    """Say when a human last stood by the post."""
    if since is None:
        return _("pas encore publiée")
    days = max(0, days_between(since, at))
    if freshness is Freshness.FRESH:
        return _("confirmé %(ago)s", ago=ago(days))
    if freshness is Freshness.TO_CONFIRM:
        last = ngettext("il y a %(num)s\u00a0jour", "il y a %(num)s\u00a0jours", days)
        return _("à confirmer : dernière fois %(ago)s", ago=last)
    months = max(1, days // 30)
    return ngettext(
        "pas confirmé depuis %(num)s\u00a0mois", "pas confirmé depuis %(num)s\u00a0mois", months
    )


def stood_words(since: datetime | None) -> str | Markup:
    """Say on which day a human last stood by the post: what is printed stays true."""
    if since is None:
        return ""
    on = day(since.astimezone(ZoneInfo(settings().timezone)).date(), date.min)
    return escape(_("Confirmé le %(day)s.", day="{}")).format(on)


def days_between(since: datetime, at: datetime) -> int:
    """Count the midnights of the instance between two instants."""
    zone = ZoneInfo(settings().timezone)
    return (at.astimezone(zone).date() - since.astimezone(zone).date()).days


def quantity_words(purpose: Purpose, total: int | None, left: int | None, unit: str | None) -> str:
    """Say what remains of a line: « reste 12 sur 40 », « 2 à trouver sur 5 »."""
    if total is None or left is None:
        return unit or ""
    tail = f"\u00a0{unit}" if unit else ""
    said = {"left": Count(left), "total": Count(total)}
    if left == 0:
        return _("tout est trouvé") if purpose is Purpose.NEED else _("plus rien pour l’instant")
    if total == 1:
        words = _("1 à trouver") if purpose is Purpose.NEED else _("1 disponible")
        return words + (f" ({unit})" if unit else "")
    if purpose is Purpose.NEED:
        words = ngettext(
            "%(left)s à trouver sur %(total)s", "%(left)s à trouver sur %(total)s", left, **said
        )
    else:
        words = ngettext(
            "reste %(left)s sur %(total)s", "reste %(left)s sur %(total)s", left, **said
        )
    return words + tail


def fullest_words(spans: Sequence[Sequence[str | None]], this_day: date) -> str:
    """Say on which days to come the most is promised, where nothing can be raised."""
    return str(fullest_days(spans, this_day).striptags())


def fullest_days(spans: Sequence[Sequence[str | None]], this_day: date) -> Markup:
    """Say on which days to come the most is promised: « du 20 au 21 décembre »."""
    read = [[date.fromisoformat(day) if day else None for day in span] for span in spans]
    said = [
        escape(window_words(Purpose.OFFER, first, last, this_day))
        for first, last in read
        if last is None or last >= this_day
    ]
    if len(said) > DAYS_SAID:
        return escape(_("certains jours"))
    return escape(_(" et ")).join(said)


def taken_words(spans: Sequence[Sequence[str | None]], this_day: date) -> str:
    """Say on which days all is taken; nothing, when no day is free."""
    days = fullest_words(spans, this_day)
    return _("tout est pris %(days)s\u00a0; libre les autres jours", days=days) if days else ""


def gauge(purpose: Purpose, total: int | None, left: int | None) -> list[bool]:
    """Return up to ten pieces: solid is what is left of an offer, what is found of a need."""
    if total is None or left is None or total <= 1:
        return []
    pieces = min(GAUGE_PIECES, total)
    shown = 0 if left == 0 else min(pieces, max(1, round(left * pieces / total)))
    if shown == pieces and left < total:
        shown = pieces - 1
    solid = shown if purpose is Purpose.OFFER else pieces - shown
    return [n < solid for n in range(pieces)]


def bases_words(bases: Iterable[Basis | None]) -> str:
    """Join the terms of the lines: « don ou prêt »."""
    words = list(dict.fromkeys(str(BASES[b]) for b in bases if b is not None))
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s ou %(last)s", first=", ".join(words[:-1]), last=words[-1])


def kinds_words(kinds: Sequence[Kind]) -> str:
    """Join what the lines are about."""
    return ", ".join(dict.fromkeys(str(KINDS[kind]) for kind in kinds))


def day(value: date, today: date) -> Markup:
    """Write a day: « 1er mai », with the year when it is not this one."""
    locale = get_locale()
    language = locale.language if locale else "fr"
    same = value.year == today.year
    formats = {"fr": "d MMMM", "en": "MMMM d", "es": "d 'de' MMMM"}
    years = {"fr": "d MMMM y", "en": "MMMM d, y", "es": "d 'de' MMMM 'de' y"}
    text = escape(format_date(value, (formats if same else years).get(language, "d MMMM")))
    if language == "fr" and value.day == 1:
        return Markup("1<sup>er</sup>") + text[1:]
    return text


def day_text(value: date, today: date) -> str:
    """Write a day where nothing can be raised: « 1er mai » in a mail."""
    return str(day(value, today).striptags())


def moment(at: datetime) -> Markup:
    """Write an instant as people do: « 28 novembre 2026, 1 h 29 »."""
    local = at.astimezone(ZoneInfo(settings().timezone))
    text = Markup("{}, {}").format(day(local.date(), date.min), hour(at))
    return Markup(text.replace(" ", "\u00a0"))  # noqa: S704 - made of escaped parts


def window_words(
    purpose: Purpose, first: date | None, last: date | None, today: date
) -> Markup | str:
    """Say from when to when a thing is needed or free."""
    if first is not None and last is not None:
        if first == last:
            return escape(_("le %(day)s", day="{}")).format(day(first, today))
        words = escape(_("du %(first)s au %(last)s", first="{}", last="{}"))
        return words.format(day(first, today), day(last, today))
    if first is not None:
        return escape(_("à partir du %(day)s", day="{}")).format(day(first, today))
    if last is not None:
        if purpose is Purpose.NEED:
            return escape(_("d’ici le %(day)s", day="{}")).format(day(last, today))
        return escape(_("jusqu’au %(day)s", day="{}")).format(day(last, today))
    return ""


def distance_words(kilometres: float | None) -> str:
    """Say a distance in whole kilometres, as coarse as the points it is measured from."""
    if kilometres is None:
        return ""
    whole = round(kilometres)
    return _("à moins de 1\u00a0km") if whole < 1 else _("à %(km)s\u00a0km", km=whole)
