"""Buttons in the form of a post that save nothing: lines come and go, a place of the same name is
chosen. Nothing typed is lost, and the focus follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.posts import editing, promises
from board.posts.fields import too_many_lines
from board.posts.forms import LineForm, PostForm
from board.posts.models import Post
from board.posts.rules import MAX_LINES
from board.taxonomy import place_queries

_PLACE = re.compile(r"place-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)
_ABOUT_A_LINE = re.compile(r"(remove|restore)-(\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the person goes on: the line of that index, and its title, its « undo » or its bin."""

    index: str = ""
    part: str = "title"
    said: str = ""


def change(post: Post, form: PostForm, do: str) -> ResponseReturnValue | None:
    """Do what a button about lines says and show the form; None when `do` is no such button."""
    if do == "add-line":
        return _one_more(post, form)
    if chosen := _PLACE.fullmatch(do):
        return _somewhere_else(post, form, UUID(chosen[1]))
    match = _ABOUT_A_LINE.fullmatch(do)
    line = form.find_line(int(match[2])) if match else None
    if match is None or line is None:
        return None
    index = str(int(match[2]))
    if match[1] == "restore":
        line.removed.data = ""
        said = _("L’élément est revenu.")
        return editing.page(post, form, focus=Focus(index, said=said))
    if refused := _why_not(post, line):
        return editing.page(post, form, refused=refused, focus=Focus(index, "remove"))
    return editing.page(post, form, focus=_removed(form, line, index))


def _somewhere_else(post: Post, form: PostForm, uuid: UUID) -> ResponseReturnValue:
    """Put the place of the same name that was chosen; one that is gone changes nothing."""
    place = place_queries.find_place(uuid)
    if place is not None:
        form.place.data = place.label
    return editing.page(post, form, focus=Focus(part="place"))


def _one_more(post: Post, form: PostForm) -> ResponseReturnValue:
    """Add an empty line, as long as one more may be written."""
    if (count := len(form.standing) + 1) > MAX_LINES:
        refused = too_many_lines(count)
        return editing.page(post, form, refused=refused, focus=Focus(part="add"))
    return editing.page(post, form, focus=_added(form))


def _added(form: PostForm) -> Focus:
    editing.add_line(form)
    index = form.lines.entries[-1].name.rpartition("-")[2]
    return Focus(index, said=_("Un élément vide est ajouté."))


def _removed(form: PostForm, line: LineForm, index: str) -> Focus:
    """Go to the undo button; a line without words leaves none, then to its neighbour."""
    before = [entry.form for entry in form.standing].index(line) if not line.is_removed else 0
    form.remove_line(line)
    said = _("L’élément est retiré.")
    if form.find_line(int(index)) is not None:
        return Focus(index, "restore", said)
    left = form.standing
    if not left:
        return Focus(part="add", said=said)
    neighbour = left[min(before, len(left) - 1)]
    return Focus(neighbour.name.rpartition("-")[2], said=said)


def _why_not(post: Post, line: LineForm) -> str:
    """Say why a line stays: somebody was promised it."""
    kept = next((one for one in post.lines if one.uuid == line.line_id), None)
    return promises.words_of(kept) if kept is not None and kept.committed else ""
