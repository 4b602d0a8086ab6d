"""The page that checks and changes a post: what was typed, how it looks, what is in the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from board.accounts import kept
from board.accounts.session import get_reader
from board.clock import now, today
from board.contacts import ContactKind, find_contacts
from board.posts import (
    about,
    attachments,
    cards,
    conflicts,
    drafts,
    explained,
    gates,
    live,
    proposed,
    rules,
    whereabouts,
    wording,
    words,
)
from board.posts.fields import as_day
from board.posts.forms import LANGUAGES, PostForm, readable
from board.posts.models import Post
from board.posts.readers import current_reader, misses_what_members_read
from board.posts.rules import MAX_LINES, Purpose
from board.posts.values import PostValues, as_typed, values_of
from board.taxonomy.models import Place
from board.web import done, render
from board.web.forms import clean

LONGEST_LIFE = timedelta(days=731)

KEEP = "keep-"  # + a clash: which of two texts to keep
MOST_SENT_LINES = 4 * MAX_LINES  # those that were taken off on the page are sent too
_OF_A_LINE = re.compile(r"lines-\d")
MOST_READ = 10_000  # characters of a text that is too long anyway


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A line that is not written yet, as the card reads it."""

    title: str
    quantity: int | None
    committed: int
    unit: str | None
    fullest: tuple[()] = ()


def form_of(post: Post) -> PostForm:
    """Return the form of a post as it is; a place that was just added comes in its address."""
    form = PostForm(data=as_typed(values_of(post), post.edit_version))
    if place := clean(request.args.get("place", "")):
        form.place.data = place
    asked = request.args.get("lines", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    while len(form.lines.entries) < min(max(wanted, 1), MAX_LINES):
        form.add_line()
    proposed.recognise(post, form)
    return with_choices(form)


def first_page(post: Post) -> ResponseReturnValue:
    """Show the post as it is, or what was typed into it when a session ended on the way."""
    sent = None if "saved" in request.args else kept.find()
    if sent is None:
        return page(post, form_of(post))
    return page(post, typed_form(post, sent), restored=True)


def refuse(post: Post) -> ResponseReturnValue:
    """Say that a withdrawn post is not changed; what was typed waits for it to be up again."""
    message = _("Cette annonce est retirée. Remettez-la en ligne pour la changer.")
    if request.method == "POST" and kept.keep():
        message += " " + _("Ce que vous avez écrit est gardé deux heures : il reviendra ici.")
    return done(message, to=address(post), category="info")


def typed_form(post: Post, sent: MultiDict[str, str] | None = None) -> PostForm:
    """Return the form as it was sent; what nobody chose of a line follows its words."""
    sent = request.form if sent is None else sent
    if len({name.split("-")[1] for name in sent if _OF_A_LINE.match(name)}) > MOST_SENT_LINES:
        raise RequestEntityTooLarge  # no page of ours sends that: each line costs some ms to draw
    form = PostForm(readable(sent))
    form.choices = {k.removeprefix(KEEP): v for k, v in sent.items() if k.startswith(KEEP)}
    proposed.follow(post, form)
    return with_choices(form)


def add_line(form: PostForm) -> None:
    """Put an empty line on the page."""
    form.add_line()
    with_choices(form)


def with_choices(form: PostForm) -> PostForm:
    """Return a form with the categories that each of its lines may have."""
    kept = {str(entry.form.category.data) for entry in form.lines if entry.form.category.data}
    form.set_categories(drafts.category_choices(kept))
    return form


def read(post: Post, form: PostForm) -> PostValues | None:
    """Return what was typed when it is right; else the form says what is not."""
    right = form.validate()
    values = values_typed(post, form)
    if form.place.data and values.place_id is None:
        form.place.errors = [whereabouts.refusal(form.place.data)]
        right = False
    if not form.expires_on.errors and (problem := _problem_of_end(post, form)):
        form.expires_on.errors = [problem]
        right = False
    return values if right else None


def values_typed(post: Post, form: PostForm) -> PostValues:
    """Return what was typed, as far as it can be read."""
    place = place_typed(post, form)
    return form.values(place.id if place else None, place.label if place else "")


def place_typed(post: Post, form: PostForm) -> Place | None:
    """Return the place that was typed, when the board knows it and knows no other of that name."""
    text = form.place.data or ""
    if post.place is not None and post.place.label == text:
        return post.place
    meant = whereabouts.meant_by(text)
    return meant[0] if len(meant) == 1 else None


def _live(post: Post, form: PostForm, purpose: Purpose) -> live.Live:
    """Return what already answers the title, near the place that was typed."""
    title, place = form.title.data or post.sentence, place_typed(post, form)
    near = place.public_point if place else None
    return live.live(title, purpose, post.organisation_id, post.id, near)


def _problem_of_end(post: Post, form: PostForm) -> str | None:
    day, this_day = as_day(form.expires_on.data), today(post.timezone)
    if day is None or day == values_of(post).expires_on:
        return None
    if day < this_day:
        return _("Cette date est passée. Choisissez un jour à venir.")
    if day > this_day + LONGEST_LIFE:
        return _("C’est trop loin : deux ans au plus. Laissez vide pour une annonce permanente.")
    return None


def address(post: Post) -> str:
    """Return the path of a post's page."""
    return url_for("post.page", post_id=post.uuid)


def page(post: Post, form: PostForm, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    """Show the form with the sheet that it makes."""
    context = {**context_of(post, form), **more}
    return render("posts/edit.html", status=status, **context)


def context_of(post: Post, form: PostForm) -> dict[str, Any]:
    """Return all that the page prints around the form."""
    purpose = Purpose.OFFER if form.purpose.data == "offer" else Purpose.NEED
    notice = contacts_notice(form)
    warnings = gates.warnings(post.organisation, get_reader(), form.texts())
    form.contacts_seen.data = notices_mark(form, warnings)
    return {
        "post": post,
        "form": form,
        "refused": None,
        "focus": None,
        "preview": False,
        "restored": False,
        "clashes": conflicts.choices_of(post, form, values_typed(post, form)),
        "is_draft": rules.publication(post) is rules.Publication.DRAFT,
        "sheet": sheet(post, form, purpose),
        "steps": attachments.steps_of(post),
        "proposals": explained.explain(post, form, purpose),
        "about": about.choices(post, form),
        "notices": [said for said in (notice, *warnings) if said],
        "language_label": LANGUAGES.get(form.language.data or "", ""),
        "committed": {line.uuid: line.committed for line in post.lines},
        "live": _live(post, form, purpose),
        "misses_lists": misses_what_members_read(current_reader()),
        "audience_words": words.AUDIENCES[rules.Audience(form.audience.data)]
        if form.audience.data in set(rules.Audience)
        else "",
    }


def preview_of(post: Post, form: PostForm) -> dict[str, Any]:
    """Return what follows the words while they are typed; nothing is kept."""
    purpose = Purpose.OFFER if form.purpose.data == "offer" else Purpose.NEED
    warnings = gates.warnings(post.organisation, get_reader(), form.texts())
    return {
        "post": post,
        "sheet": sheet(post, form, purpose),
        "preview": request.args.get("whole") == "1",
        "proposals": explained.explain(post, form, purpose),
        "moved": [line for line in form.written_lines() if proposed.has_moved(line)],
        "notices": [said for said in (contacts_notice(form), *warnings) if said],
    }


def sheet(post: Post, form: PostForm, purpose: Purpose) -> dict[str, Any]:
    """Return what people will see, from what was typed."""
    committed = {line.uuid: line.committed for line in post.lines}
    lines = [line.values() for line in form.written_lines()]
    this_day = today(post.timezone)
    written = [
        PreviewLine(line.title, line.quantity, committed.get(line.uuid, 0) if line.uuid else 0,
                    line.unit) for line in lines
    ]  # fmt: skip
    return {
        "purpose": purpose.value,
        "label": str(words.PURPOSES[purpose]),
        "title": cards.masked(form.title.data or ""),
        "language": form.language.data or "fr",
        "lines": [cards.card_line(purpose, line) for line in written],
        "kinds": words.kinds_words([line.kind for line in lines]),
        "bases": words.bases_words(line.basis for line in lines),
        "window": cards.window(purpose, lines, this_day),
        "organisation": post.organisation.name,
        "place": place.label if (place := place_typed(post, form)) else form.place.data or "",
        "body": Markup(wording.public_html((form.body.data or "")[:MOST_READ])),  # noqa: S704 - sanitised
    }


def contacts_notice(form: PostForm) -> str:
    """Say which contacts readers will not see."""
    kinds = {span.kind for text in form.texts() for span in find_contacts(text[:MOST_READ])}
    if not kinds:
        return ""
    if kinds == {ContactKind.PHONE}:
        found = _("Un numéro de téléphone sera masqué.")
    elif kinds == {ContactKind.EMAIL}:
        found = _("Une adresse de courriel sera masquée.")
    else:
        found = _("Un numéro de téléphone et une adresse de courriel seront masqués.")
    return (
        found
        + " "
        + _("Les gens vous répondent par le babillard ; vos coordonnées restent privées.")
    )


def notices_mark(form: PostForm, warnings: list[str]) -> str:
    """Name what the page said of a form (contacts, warnings) without repeating it."""
    found = {t[s.start : s.end] for t in form.texts() for s in find_contacts(t[:MOST_READ])}
    said = "\n".join([*sorted(found), *warnings])
    return sha256(said.encode()).hexdigest()[:16] if said else ""


def has_unseen_notices(post: Post, form: PostForm, do: str) -> bool:
    """Whether the page has not yet said what it must say before others read these words."""
    warnings = gates.warnings(post.organisation, get_reader(), form.texts())
    if do != "publish" and not (warnings and post.published_at is not None):
        return False
    mark = notices_mark(form, warnings)
    return bool(mark) and mark != form.contacts_seen.data


def may(post: Post) -> dict[str, bool]:
    """Return what can be done with a post now."""
    return {
        "edit": rules.may_edit(post),
        "publish": rules.may_publish(post),
        "pause": rules.may_pause(post, now()),
        "resume": rules.may_resume(post),
        "withdraw": rules.may_withdraw(post),
        "discard": rules.publication(post) is rules.Publication.DRAFT,
        "confirm": rules.may_confirm(post, now()),
        "met": rules.may_mark_met(post),
        "reopen": rules.may_reopen(post),
    }
