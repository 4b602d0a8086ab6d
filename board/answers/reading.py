"""What was typed into an answer, against the post as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import escape

from board.accounts.models import Person
from board.accounts.session import current_person
from board.answers import conditions, holds, windows
from board.answers.checks import field_of
from board.answers.forms import AnswerForm, GuestForm, SignedForm, answer_form
from board.answers.holds import Wanted
from board.answers.models import Response
from board.answers.services import Answerer, Said
from board.clock import today
from board.errors import Invalid
from board.organisations.models import Organisation
from board.posts import cards, rules, words
from board.posts import queries as posts
from board.posts.fields import as_day, choice
from board.posts.models import Line, Post
from board.posts.rules import Purpose


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A line beside its field: how much there is, and what goes with it."""

    field: str
    title: str
    most: str
    first_come: bool


def form_for(
    post: Post, response: Response | None = None, begun: Mapping[str, Any] | None = None
) -> AnswerForm:
    """Return the form of a post for whoever reads now, filled with what was answered or begun."""
    person = current_person()
    base: type[AnswerForm] = GuestForm if person is None else SignedForm
    if response is not None:
        base = AnswerForm
    made = _made(post, base)
    held = _before(post, response) | dict(begun or {})
    form = made(request.form if request.method == "POST" else None, data=held)
    form.must_agree = response is None and _all_have_conditions(post)
    if isinstance(form, SignedForm) and person is not None:
        form.speaks_for.choices = _names(posts.organisations_of(person.id))
    return form


def asked_lines(post: Post) -> list[LineAsked]:
    """Return what the form says beside the field of each line."""
    return [
        LineAsked(field_of(line), cards.masked(line.title), _most(post, line),
                  line.first_come_at is not None)
        for line in _open_lines(post)
    ]  # fmt: skip


def to_agree(post: Post, response: Response | None = None) -> list[Line]:
    """Return the lines with conditions that were not agreed to yet, as they are now."""
    agreed = {one.line_id: one.agreed_to for one in response.lines} if response else {}
    return [
        line for line in _open_lines(post)
        if line.conditions and agreed.get(line.id) != line.conditions
    ]  # fmt: skip


def _all_have_conditions(post: Post) -> bool:
    lines = _open_lines(post)
    return bool(lines) and all(line.conditions for line in lines)


def conditions_of(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Return (title, conditions) of lines that have some."""
    return [(cards.masked(line.title), cards.masked(line.conditions or "")) for line in lines]


def read(post: Post, form: AnswerForm, response: Response | None = None) -> Said:
    """Return what was answered; nothing chosen, or a day gone by, is refused."""
    windows.check_open(post)
    conditions.check_shown(to_agree(post, response), request.form.get("conditions", ""))
    first, last = as_day(form.first.data), as_day(form.last.data)
    if last is not None and last < today(post.timezone):
        raise Invalid("last", _("Cette date est passée. Choisissez un jour à venir."))
    return Said(
        wanted=_wanted(post, form, first, last),
        message=form.message.data or "",
        agrees=bool(form.agrees.data),
        takes_reserve=request.form.get("do") == "reserve",
    )


def answerer(form: AnswerForm) -> Answerer:
    """Return who answers, as the form and the session say."""
    person = current_person()
    if person is None:
        assert isinstance(form, GuestForm)
        name, email = form.name.data or "", form.email.address
        return Answerer(language=g.language, name=name, email=email)
    chosen = str(form["speaks_for"].data or "") if "speaks_for" in form else ""
    return Answerer(language=person.language, person=person, organisation=_chosen(person, chosen))


def _wanted(post: Post, form: AnswerForm, first: Any, last: Any) -> tuple[Wanted, ...]:
    amounts, lines = form.quantities(), _open_lines(post)
    if form.everything.data:
        whole = [Wanted(line, 1, first, last) for line in lines]
        left = holds.left_of(post, whole)
        amounts = {field_of(line): left[line.id] or 1 for line in lines if left[line.id] != 0}
    found = tuple(
        Wanted(line, amounts[field_of(line)], first, last)
        for line in lines
        if field_of(line) in amounts
    )
    if found:
        return found
    if len(lines) == 1 and not form.counted:
        return (Wanted(lines[0], 1, first, last),)
    raise Invalid(
        field_of(lines[0]) if lines else "", _("Choisissez au moins un élément, et combien.")
    )


def _made(post: Post, base: type[AnswerForm]) -> type[AnswerForm]:
    lines = _open_lines(post)
    counted = {field_of(one): cards.masked(one.title) for one in lines if _is_counted(one)}
    ticked = {
        field_of(one): cards.masked(one.title)
        for one in lines
        if len(lines) > 1 and not _is_counted(one)
    }
    return answer_form(base, counted, ticked)


def _is_counted(line: Line) -> bool:
    return line.quantity is not None and line.quantity > 1


def _before(post: Post, response: Response | None) -> dict[str, Any]:
    """Return what the form holds before anything is typed."""
    if response is None:
        lines = _open_lines(post)
        one = len(lines) == 1 and post.purpose is Purpose.NEED and _is_counted(lines[0])
        return {field_of(lines[0]): "1"} if one else {}
    held: dict[str, Any] = {}
    for asked in response.lines:
        counted = _is_counted(asked.line)
        held[field_of(asked.line)] = str(asked.quantity) if counted else True
        held["first"] = asked.needed_from.isoformat() if asked.needed_from else ""
        held["last"] = asked.needed_until.isoformat() if asked.needed_until else ""
    return held


def _open_lines(post: Post) -> list[Line]:
    return [line for line in post.lines if windows.takes_answers(post, line)]


def _most(post: Post, line: Line) -> str:
    left = rules.remaining(line)
    if left is None:
        return ""
    spans = line.fullest or []
    days = words.fullest_days(spans, today(post.timezone)) if holds.returns(post, line) else ""
    if days and left > 0:
        most = _("%(n)s au plus %(days)s, davantage les autres jours", n=left, days="{}")
        return escape(most).format(days)
    if days:
        return words.taken_words(spans, today(post.timezone))
    if left == 0:
        return _("plus rien pour l’instant : vous attendrez en réserve")
    return _("%(n)s au plus", n=left)


def _names(organisations: list[Organisation]) -> list[Any]:
    mine = [choice("", _l("moi-même"))]
    return mine + [choice(str(one.uuid), one.name) for one in organisations]


def _chosen(person: Person, uuid: str) -> Organisation | None:
    if not uuid:
        return None
    found = [one for one in posts.organisations_of(person.id) if str(one.uuid) == uuid]
    if not found:
        raise Invalid("speaks_for", _("Choisissez une organisation de la liste."))
    return found[0]
