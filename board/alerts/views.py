"""« Avis et recherches gardées »: what one hears of, and how often; keeping a search."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board import bounces
from board.accounts import doors, limits
from board.accounts.rules import mailbox_of
from board.accounts.session import current_person, get_reader, signed_in
from board.alerts import queries, rules, searches, services
from board.alerts.blueprint import bp
from board.alerts.forms import (
    KINDS,
    NO_HOUR,
    FollowForm,
    GuestFollowForm,
    NoticesForm,
    SearchForm,
    name_of,
)
from board.alerts.rules import Quiet, Rhythm
from board.search import addresses, board_page
from board.search.views import found
from board.web import commits, done, public, render
from board.web.forms import Form, submitted


@bp.route("/follow", methods=["GET", "POST"])
@public
@commits
def follow() -> ResponseReturnValue:
    """Keep the search of the address: for a person, or for whoever confirms an address."""
    asked, results = found(addresses.read(request.args))
    person = current_person()
    has_account = person is not None and person.confirmed_at is not None
    form: FollowForm = (FollowForm if has_account else GuestFollowForm)(request.form)
    chips = board_page.named(asked, results, g.language)
    if not asked.is_understood:
        return _follow_page(form, asked, chips, results.total, status=400)

    def keep() -> bool:
        email = form.email.address.lower() if isinstance(form, GuestFollowForm) else None
        _count_tries(email)
        searches.keep(query=asked.query, name=" · ".join(chips), language=g.language,
                      rhythm=Rhythm(form.rhythm.data), email=email,
                      person=None if email else person)  # fmt: skip
        return True

    if not doors.attempt(form, keep):
        return _follow_page(form, asked, chips, results.total)
    if has_account:
        return done(_("C’est gardé. Nous vous écrirons quand il y aura du nouveau."),
                    to=url_for("alerts.notices"))  # fmt: skip
    return render("alerts/follow_sent.html", email=request.form.get("email", ""), back=asked.url())


@bp.route("/account/notices", methods=["GET", "POST"])
@signed_in
@commits
def notices() -> ResponseReturnValue:
    """Choose how often to hear of each kind of thing, and at which hours not at all."""
    person = get_reader()
    if not submitted():
        return _notices_page(NoticesForm(data=_chosen(person.id)))
    form = NoticesForm(request.form)
    if not form.validate():
        return _notices_page(form, status=422)
    hours = _quiet(form)
    if hours is None and {form.quiet_from.data, form.quiet_until.data} != {NO_HOUR}:
        form.quiet_until.errors = [_("Donnez deux heures différentes, ou aucune.")]
        return _notices_page(form, status=422)
    services.choose(
        person=person, rhythms={kind: Rhythm(form[name_of(kind)].data) for kind in KINDS}
    )
    services.be_quiet(person=person, hours=hours)
    return done(_("C’est enregistré."), to=url_for("alerts.notices"))


@bp.post("/account/searches/<uuid:search_id>")
@signed_in
@commits
def kept_search(search_id: UUID) -> ResponseReturnValue:
    """Let a kept search speak in another rhythm, or forget it."""
    kept = queries.get_search(search_id, get_reader())
    if request.form.get("do") == "forget":
        searches.forget(kept)
        return done(_("La recherche n’est plus gardée."), to=url_for("alerts.notices"))
    form = SearchForm(request.form)
    if not form.validate():
        return _notices_page(NoticesForm(data=_chosen(get_reader().id)), status=422,
                             refused=form.problems[0][1])  # fmt: skip
    searches.change(kept, Rhythm(form.rhythm.data))
    return done(_("C’est enregistré."), to=url_for("alerts.notices"))


@bp.post("/account/address-works")
@signed_in
@commits
def address_works() -> ResponseReturnValue:
    """Try again an address that mail came back from."""
    bounces.resume(get_reader().email or "")
    message = _("Nous essaierons de nouveau d’écrire à cette adresse.")
    return done(message, to=url_for("accounts.home"))


def _follow_page(form: Form, asked: addresses.Asked, chips: list[str], total: int,
                 status: int = 200) -> ResponseReturnValue:  # fmt: skip
    action = url_for("alerts.follow") + _question(asked)
    context = {"asked": asked, "chips": chips, "now": board_page.count_words(total),
               "action": action, "back": asked.url()}  # fmt: skip
    if status != 200:
        return render("alerts/follow.html", status=status, form=form, **context)
    return doors.answer("alerts/follow.html", form, **context)


def _question(asked: addresses.Asked) -> str:
    return asked.url()[len(url_for(asked.endpoint)) :]


def _notices_page(form: NoticesForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    kept = searches.names(queries.searches_of(get_reader()))
    for one in kept:
        one["form"] = SearchForm(MultiDict({"rhythm": one["rhythm"].value}))
        one["form"].rhythm.id = f"rhythm-{one['uuid']}"
    kinds = [name_of(kind) for kind in KINDS]
    return render("alerts/notices.html", status=status, form=form, kinds=kinds, searches=kept,
                  **({"refused": None} | more))  # fmt: skip


def _chosen(person_id: int) -> dict[str, str]:
    rhythms = queries.rhythms_of(person_id)
    values = {name_of(kind): rhythm.value for kind, rhythm in rhythms.items()}
    quiet = queries.quiet_of(person_id)
    if quiet is not None:
        values |= {"quiet_from": str(quiet.first), "quiet_until": str(quiet.last)}
    return values


def _quiet(form: NoticesForm) -> Quiet | None:
    first, last = form.quiet_from.data, form.quiet_until.data
    if NO_HOUR in {first, last} or first == last:
        return None
    return Quiet(int(first), int(last))


def _count_tries(email: str | None) -> None:
    doors.count_tries("follow", (limits.network(), rules.FOLLOW_BY_NETWORK))
    if email:
        mailbox = mailbox_of(email)
        doors.count_tries("follow", (mailbox, rules.FOLLOW_BY_ADDRESS))
        doors.count_tries("follow-day", (mailbox, rules.UNCONFIRMED_BY_ADDRESS))
