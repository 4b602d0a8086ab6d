"""Kind and category of each line: what the board proposes follows the words, a choice stays.

The form carries with each line what the board proposed of both: a list that says something else was
touched by the person, and from then on it is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from board.posts import drafts
from board.posts.forms import LineForm, PostForm
from board.posts.models import Post
from board.posts.rules import MAX_LINES, Kind, Purpose

CHOSEN = "*"
UNSAID = "/"
FIELDS = ("kind", "category")
Said = tuple[str, str]
Reader = Callable[[LineForm], Said]


def follow(post: Post, form: PostForm) -> None:
    """Propose again, from the words that stand there now, what the person did not choose."""
    said_of = _reader(post, form)
    for line in form.written_lines()[:MAX_LINES]:
        was = _parts(line)
        said = said_of(line) if line.title.data else was
        now = [
            _followed(line[name], before, after)
            for name, before, after in zip(FIELDS, was, said, strict=True)
        ]
        line.proposed.data = "/".join(now)


def recognise(post: Post, form: PostForm) -> None:
    """Say of a post as it is kept which of both the board would propose; all else was chosen."""
    said_of = _reader(post, form)
    for line in form.written_lines()[:MAX_LINES]:
        kind, category = said_of(line)
        said = kind or Kind.TOOL.value, category
        line.proposed.data = "/".join(
            each if each == (line[name].data or "") else CHOSEN
            for name, each in zip(FIELDS, said, strict=True)
        )


def is_chosen(line: LineForm, name: str) -> bool:
    """Whether the person chose the kind or the category of a line; the rest always is."""
    return name not in FIELDS or _parts(line)[FIELDS.index(name)] == CHOSEN


def has_moved(line: LineForm) -> bool:
    """Whether the words that were sent propose something else than the page shows."""
    sent = line.proposed.raw_data
    return bool(sent) and sent != [line.proposed.data]


def _followed(field: Any, before: str, after: str) -> str:
    """Put the new proposal where the former one stands; return what the form carries on."""
    if before == CHOSEN or (field.data or "") != before:
        return CHOSEN
    is_kind = field.short_name == "kind"
    field.data = after or (before or Kind.TOOL.value if is_kind else "")
    return str(field.data)


def _parts(line: LineForm) -> Said:
    """Return what was proposed; a form that does not say it leaves only an empty line open."""
    if line.proposed.raw_data == [] and line.proposed.data == UNSAID and line.kind.data:
        return CHOSEN, CHOSEN
    kind, _slash, category = (line.proposed.data or "").partition("/")
    return kind, category


def _reader(post: Post, form: PostForm) -> Reader:
    """Return how a line is read: as part of the sentence, by its own words, by the title."""
    purpose = Purpose.OFFER if form.purpose.data == "offer" else Purpose.NEED
    begun = {title: (kind, category) for title, kind, category in _begun(post, purpose)}
    is_alone = len(form.written_lines()) == 1

    def read(line: LineForm) -> Said:
        title = line.title.data or ""
        if title in begun:
            return begun[title]
        kind, category = _said(title, purpose)
        if is_alone and not (kind or category):
            return _said(form.title.data or "", purpose)
        return kind, category

    return read


def _begun(post: Post, purpose: Purpose) -> Iterator[tuple[str, str, str]]:
    for line in drafts.first_lines(post.sentence, purpose):
        yield line.title, line.kind.value, line.category or ""


def _said(text: str, purpose: Purpose) -> Said:
    proposal = drafts.read(text, purpose)
    return proposal.kind or "", proposal.category or ""
