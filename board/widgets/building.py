"""Between the builder's form and a design: what was typed is checked, what is kept is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board.errors import Invalid
from board.organisations import queries as organisations
from board.posts import words
from board.posts.fields import split_tags
from board.search.addresses import DEFAULT_RADIUS_KM, RADII
from board.search.filters import parse
from board.taxonomy import place_queries
from board.taxonomy.queries import catalogue
from board.web.context import LANGUAGE_NAMES, settings
from board.widgets import designs, pasted
from board.widgets.designs import AS_READER, Design
from board.widgets.forms import BuilderForm, of_pairs, words_of
from board.widgets.models import Widget
from board.widgets.rules import Layout, Theme, site_of
from board.widgets.sieve import TRUE_ENOUGH

BOXES = {"kind": "kind", "basis": "basis", "attendance": "attendance", "category": "category",
         "post_language": "language", "freshness": "freshness"}  # fmt: skip
FIELDS = {"language": "post_language", "from": "from_day", "until": "until_day"}
AROUND = frozenset({"place", "radius_km"})
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


def form_of(widget: Widget) -> BuilderForm:
    """Return the form as it was sent, else with the draft in it."""
    design = designs.read(widget.draft)
    form = BuilderForm(request.form or None, data=_values(design, widget.edit_version))
    kinds = of_pairs((kind.value, str(label)) for kind, label in words.KINDS.items())
    form.kind.choices = form.without_kinds.choices = kinds
    form.basis.choices = of_pairs((one.value, str(word)) for one, word in words.BASES.items())
    attendances = words.ATTENDANCES.items()
    form.attendance.choices = of_pairs((one.value, str(word)) for one, word in attendances)
    fresh = of_pairs((one.value, str(words.FRESHNESSES[one])) for one in TRUE_ENOUGH)
    form.freshness.choices = fresh
    both = [("", _("Les deux")), ("need", _("Besoins")), ("offer", _("Offres"))]
    form.purpose.choices = of_pairs(both)
    form.radius_km.choices = of_pairs((km, _("à %(km)s\u00a0km ou moins", km=km)) for km in RADII)
    form.post_language.choices = of_pairs(LANGUAGE_NAMES.items())
    around = (
        AS_READER,
        _("Celle de la page autour\u00a0; dans un cadre, celle que dit son adresse"),
    )
    form.language.choices = of_pairs([around, *LANGUAGE_NAMES.items()])
    form.category.choices = form.without_categories.choices = _categories()
    return form


def _categories() -> list[Any]:
    """The categories in use, by their labels."""
    terms = sorted(
        (term.label, key)
        for key, term in catalogue(g.language).by_key.items()
        if term.scheme == "category" and not term.retired
    )
    return of_pairs((key, label) for label, key in terms)


def design_of(form: BuilderForm) -> Design:
    """Return what was set; Invalid names a place, an organisation or a post that is not there."""
    layout = Layout(form.layout.data)
    return Design(
        title=form.title.data or "",
        intro=form.intro.data or "",
        empty=form.empty.data or "",
        layout=layout,
        language=form.language.data,
        theme=Theme(form.theme.data),
        heading_level=form.heading_level.data,
        per_page=form.per_page.data,
        has_search=form.has_search.data,
        has_tabs=form.has_tabs.data,
        has_publish=form.has_publish.data,
        ground=form.ground.data or "",
        ink=form.ink.data or "",
        link=form.link.data or "",
        sites=tuple(dict.fromkeys(site_of(t) or "" for t in words_of(form.sites.data))),
        filters=_checked(tuple(_filters(form))),
        without_kinds=tuple(form.without_kinds.data or ()),
        without_categories=tuple(form.without_categories.data or ()),
        without_organisations=_slugs(form, "without_organisations"),
        without_tags=tuple(split_tags(form.without_tags.data)),
        post=_post(form) if layout is Layout.SINGLE else "",
        asks_nod=form.asks_nod.data,
        welcome=_slugs(form, "welcome"),
    )


def _checked(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Read them as the board's own address; what it refuses is said beside its field."""
    try:
        parse(MultiDict(pair for pair in pairs if pair[0] not in AROUND))
    except Invalid as error:
        raise Invalid(FIELDS.get(error.field, error.field), error.message) from error
    return pairs


def _filters(form: BuilderForm) -> Iterator[tuple[str, str]]:
    """Give the search as the board's own address writes it."""
    if form.q.data:
        yield "q", form.q.data
    if form.purpose.data:
        yield "purpose", form.purpose.data
    for name, filter_name in BOXES.items():
        for value in form[name].data or ():
            yield filter_name, value
    for tag in split_tags(form.tag.data):
        yield "tag", tag
    for name in ("from", "until"):
        if day := form[FIELDS[name]].data:
            yield name, day
    if form.closed.data:
        yield "closed", "1"
    for slug in _slugs(form, "organisation"):
        yield "organisation", slug
    if form.place.data:
        place = place_queries.find_place_by_text(form.place.data)
        if place is None:
            raise Invalid("place", _("Nous ne connaissons pas ce lieu."))
        yield "place", place.label
        yield "radius_km", str(form.radius_km.data)


def _slugs(form: BuilderForm, name: str) -> tuple[str, ...]:
    """Read organisations by the end of their page's address, or by the whole address."""
    found: list[str] = []
    for word in words_of(form[name].data):
        slug = word.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
        there = organisations.find_organisation(slug) if _SLUG.fullmatch(slug) else None
        if there is None or there.closed_at is not None:
            raise Invalid(
                name, _("Cette organisation n’existe pas\u00a0: %(name)s.", name=word[:60])
            )
        found.append(slug)
    return tuple(dict.fromkeys(found))


def _post(form: BuilderForm) -> str:
    post = pasted.post_of((form.post.data or "").strip())
    if post is None:
        raise Invalid("post", _("Collez l’adresse d’une annonce de ce babillard, que tout le monde"
                                " peut lire."))  # fmt: skip
    return str(post.uuid)


def _values(design: Design, version: int) -> dict[str, Any]:
    """Return what the form shows of a design."""
    filters: dict[str, list[str]] = {}
    for name, value in design.filters:
        filters.setdefault(name, []).append(value)
    own = {
        name: getattr(design, name)
        for name in ("title", "intro", "empty", "language", "heading_level", "per_page",
                     "has_search", "has_tabs", "has_publish", "ground", "ink", "link", "asks_nod")
    }  # fmt: skip
    post = url_for("post.permalink", post_id=design.post) if design.post else ""
    return own | {
        "post": settings().url(post) if post else "",
        "layout": design.layout.value,
        "theme": design.theme.value,
        "q": " ".join(filters.get("q", ())),
        "purpose": "".join(filters.get("purpose", ())),
        **{name: filters.get(other, []) for name, other in BOXES.items()},
        "tag": ", ".join(filters.get("tag", ())),
        "from_day": "".join(filters.get("from", ())),
        "until_day": "".join(filters.get("until", ())),
        "closed": "closed" in filters,
        "place": "".join(filters.get("place", ())),
        "radius_km": int("".join(filters.get("radius_km", ())) or DEFAULT_RADIUS_KM),
        "organisation": "\n".join(filters.get("organisation", ())),
        "without_kinds": list(design.without_kinds),
        "without_categories": list(design.without_categories),
        "without_tags": ", ".join(design.without_tags),
        "without_organisations": "\n".join(design.without_organisations),
        "sites": "\n".join(design.sites),
        "welcome": "\n".join(design.welcome),
        "edit_version": str(version),
    }
