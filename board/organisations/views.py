"""Organisations over HTTP: the directory, a public page, founding, editing, the logo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from board import pictures, uploads
from board.accounts import doors, kept
from board.accounts.kept import keeps_typed
from board.accounts.session import current_person, get_reader, signed_in
from board.database import begin_writing
from board.errors import Conflict, Invalid, Unclear
from board.markdown import to_text
from board.organisations import (
    editing,
    forms,
    listing,
    logos,
    panels,
    queries,
    rules,
    services,
    words,
)
from board.organisations.access import responsible_required
from board.organisations.models import Organisation
from board.taxonomy.models import Place
from board.taxonomy.place_choice import the_place
from board.web import commits, done, public, render, shared, slow_first
from board.web.context import settings
from board.web.files import picture, takes_files
from board.web.pagination import Page, read_page
from board.web.unknown import unknown_words

bp = Blueprint("organisations", __name__, url_prefix="/<language:language>/organisations")
PER_PAGE = 24
EXCERPT = 180


@bp.get("/")
@public
@shared
def directory() -> ResponseReturnValue:
    """Show the organisations by name, all or those that fit a search."""
    form = forms.DirectoryForm(request.args)
    asked = listing.forgiving(_asked(form) if form.validate() else listing.Asked())
    page = _page_of(form, listing.count(asked))
    unknown = unknown_words({"q", "place", "page"})
    rows = listing.organisations(asked, offset=page.offset, limit=page.size)
    counts = panels.counts_of([row.id for row in rows])
    return render(
        "organisations/directory.html",
        status=_status(form, unknown),
        form=form,
        unknown=unknown,
        page=page,
        asked=asked,
        organisations=[_entry(row, counts[row.id]) for row in rows],
        address=lambda number: _directory_url(form, number),
    )


@bp.get("/<slug>")
@public
@shared
def page(slug: str) -> ResponseReturnValue:
    """Show an organisation and its open posts; who acts for it is not shown."""
    organisation, role = queries.get_for_page(slug, by=current_person())
    response = render("organisations/page.html", **page_words(organisation, role))
    if organisation.unlisted_at is not None or organisation.hidden_at is not None:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.route("/new", methods=["GET", "POST"])
@signed_in
@commits
@keeps_typed
def create() -> ResponseReturnValue:
    """Found an organisation."""
    form = _form(request.args.get("name", ""), request.args.get("place", ""))
    made = doors.attempt(form, lambda: _found(form))
    if made is None:
        name = form.name.data
        alike = queries.find_namesake(name, by=get_reader()) if name else None
        return doors.answer("organisations/create.html", form, alike=alike)
    kept.forget()
    message = _("L’organisation est créée. Elle porte « non vérifiée » pour l’instant.")
    return done(message, to=url_for("organisations.page", slug=made.slug))


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@responsible_required
@commits
@keeps_typed
def edit(organisation: Organisation) -> ResponseReturnValue:
    """Change what an organisation says; what somebody else saved meanwhile is shown beside it."""
    form = editing.form_of(organisation)
    try:
        changed = doors.attempt(form, lambda: _edit(organisation, form))
    except Conflict:
        editing.merge(organisation, form)
        page = {**_around(organisation, form), "theirs": editing.theirs(organisation, form)}
        return render("organisations/edit.html", status=409, form=form, **page)
    if not changed:
        return doors.answer("organisations/edit.html", form, **_around(organisation, form))
    kept.forget()
    return done(_("C’est enregistré."), to=url_for("organisations.page", slug=organisation.slug))


@bp.post("/<slug>/logo")
@responsible_required
@commits
@slow_first
@takes_files(files=1, each=pictures.MAX_BYTES, refusal=_l("Un logo : une image de 12 Mo au plus."))
def change_logo(organisation: Organisation) -> ResponseReturnValue:
    """Draw the new logo before anything is locked, then show it; or show none."""
    try:
        digest = _keep_logo() if request.form.get("do") != "remove" else None
    except Invalid as refused:
        form = editing.form_of(organisation)
        about = {**_around(organisation, form), "logo_error": refused.message}
        return render("organisations/edit.html", status=422, form=form, **about)
    begin_writing()
    services.set_logo(organisation=organisation, digest=digest)
    message = _("Le logo est changé.") if digest else _("Le logo est retiré.")
    return done(message, to=url_for("organisations.edit", slug=organisation.slug))


@bp.get("/<slug>/logo/<digest>.<any(webp, png):extension>")
@public
def logo(slug: str, digest: str, extension: str) -> ResponseReturnValue:
    """Give the logo of an open organisation."""
    organisation = queries.find_organisation(slug)
    if organisation is None or organisation.closed_at or organisation.hidden_at:
        abort(404)
    if organisation.logo_digest != digest:
        abort(404)
    content = uploads.store().get(digest, extension)
    if content is None:
        abort(404)
    return picture(
        content,
        media_type=pictures.MEDIA_TYPES[extension],
        mark=f"{digest}.{extension}",
        everyone=True,
    )


def page_words(organisation: Organisation, role: rules.Role | None) -> dict[str, Any]:
    """Return what the public page prints; who may not manage is not told how."""
    codes = [code for code in organisation.languages.split(",") if code]
    return {
        "organisation": organisation,
        "description": Markup(organisation.description_html),  # noqa: S704 - clean since written
        "written_in": words.written_in(organisation.description_md, organisation.languages),
        "languages_spoken": words.language_names(codes),
        "acts": rules.may_edit_posts(role),
        "manages": rules.may_manage(role),
        "role_label": str(words.ROLES[role]) if role else "",
        "resembles": queries.namesake_of(organisation),
        "sections": panels.sections_of(organisation, page_number()),
    }


def page_number() -> int:
    """Return the page that is asked for; what is no page is refused."""
    try:
        return read_page(request.args.get("page", "1"))
    except Invalid as error:
        raise Unclear(error.message) from error


def _page_of(form: forms.DirectoryForm, total: int) -> Page:
    """Return the page that is asked for; the first when it is none, and the form says so."""
    try:
        page = Page(read_page(request.args.get("page", "1")), PER_PAGE, total)
        page.check()
    except Invalid as error:
        form.refuse(error)
        return Page(1, PER_PAGE, total)
    return page


def _status(form: forms.DirectoryForm, unknown: str) -> int:
    """A field to correct is 422; an address that cannot be understood is 400."""
    if form.q.errors or form.place.errors:
        return 422
    return 400 if form.errors or unknown else 200


def _asked(form: forms.DirectoryForm) -> listing.Asked:
    try:
        place = _place_of(form)
    except Invalid as refused:
        form.refuse(refused)
        place = None
    return listing.Asked(form.q.data or "", place)


def _place_of(form: forms.DirectoryForm | forms.OrganisationForm) -> Place | None:
    typed = form.place.data
    return the_place(typed, home=settings().country) if typed else None


def _directory_url(form: forms.DirectoryForm, number: int) -> str:
    given = {"q": form.q.data, "place": form.place.data}
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}
    return url_for("organisations.directory", **kept, page=number if number > 1 else None)


def _entry(row: Any, posts: int) -> dict[str, Any]:
    text = " ".join(to_text(row.description_html).split())
    if len(text) > EXCERPT:
        text = text[:EXCERPT].rsplit(" ", 1)[0] + "…"
    written_in = words.written_in(text, row.languages)
    return {**row._mapping, "posts": posts, "excerpt": text, "written_in": written_in}


def _form(name: str = "", place: str = "") -> forms.OrganisationForm:
    back = editing.came_back()
    values = {"name": name[: rules.NAME_MAX], "place": place[: forms.PLACE_MAX]}
    form = forms.OrganisationForm(request.form or back, data={**values, "languages": [g.language]})
    form.languages.choices = words.language_choices()
    form.restored = back is not None
    return form


def _around(organisation: Organisation, form: forms.OrganisationForm) -> dict[str, Any]:
    """Return what the page of edition prints around its form."""
    clashes = editing.choices_of(organisation, form)
    return {"organisation": organisation, "theirs": None, "clashes": clashes}


def _found(form: forms.OrganisationForm) -> Organisation:
    person, about = get_reader(), _about(form)
    name = services.checked_name(form.name.data or "")
    if not form.different.data and queries.find_namesake(name, by=person) is not None:
        raise Invalid("name", _("Une organisation porte presque ce nom. Est-ce la vôtre ?"))
    doors.count_tries("organisation", (str(person.uuid), rules.FOUNDED))
    return services.create(name=name, by=person, about=about)


def _edit(organisation: Organisation, form: forms.OrganisationForm) -> bool:
    editing.settle(organisation, form)
    services.edit(organisation=organisation, name=form.name.data or "", about=_about(form),
                  seen_version=form.seen_version)  # fmt: skip
    return True


def _about(form: forms.OrganisationForm) -> services.About:
    return services.About(form.description.data or "", _place_of(form), form.website.data or "",
                          form.languages.data or [])  # fmt: skip


def _keep_logo() -> str:
    sent = request.files.get("logo")
    if sent is None:
        raise Invalid("logo", _("Choisissez une image JPEG, PNG, WebP, AVIF ou GIF."))
    return logos.keep(sent.stream)
