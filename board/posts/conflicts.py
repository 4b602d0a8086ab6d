"""What two editors both changed, in the form: shown with both texts, chosen one by one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from board.posts import compared, merging, proposed, queries
from board.posts.forms import PostForm
from board.posts.models import Post
from board.posts.values import PostValues, as_typed, from_snapshot, values_of
from board.taxonomy import queries as taxonomy

MOST_KEYS = 600


@dataclass(frozen=True, slots=True)
class Choice:
    """One clash as the page asks it; `chosen` is what was answered so far."""

    key: str
    label: str
    mine: str
    theirs: str
    chosen: str


def choices_of(post: Post, form: PostForm, values: PostValues) -> list[Choice]:
    """Return what the form asks, with both texts; nothing is looked up when nothing clashed."""
    clashes = _clashes(post, form, values)
    if not clashes:
        return []
    labels = taxonomy.catalogue(g.language).labels()
    said = compared.in_words([clash.difference for clash in clashes], labels)
    return [
        Choice(clash.key, words.label, words.one, words.other, form.choices.get(clash.key, ""))
        for clash, words in zip(clashes, said, strict=True)
    ]


def settle(post: Post, form: PostForm, values: PostValues) -> tuple[PostValues, bool]:
    """Put what was chosen into the words typed; says whether every clash was decided."""
    clashes = _clashes(post, form, values)
    settled, left = merging.settle(values, values_of(post), clashes, form.choices)
    if left:
        form.form_errors = [
            *form.form_errors,
            _("Choisissez quel texte garder : le vôtre, ou l’autre."),
        ]
    return settled, not left


def merged_form(post: Post, form: PostForm, mine: PostValues) -> PostForm:
    """Return the form with both editors' words in it, and what clashes noted."""
    revision = queries.find_revision(post.id, form.version)
    base = from_snapshot(revision.snapshot) if revision else None
    merged = merging.merge(base, mine, values_of(post))
    both = PostForm(data=as_typed(merged.values, post.edit_version))
    both.clashes.data = " ".join(clash.key for clash in merged.clashes)
    both.contacts_seen.data = form.contacts_seen.data
    proposed.recognise(post, both)
    _keep_removed(both, form)
    return both


def _keep_removed(both: PostForm, form: PostForm) -> None:
    """Let what was taken off the page still come back, unless it stands there already."""
    there = {entry.form.uuid.data for entry in both.lines} - {"", None}
    for entry in form.lines:
        if entry.form.is_removed and entry.form.uuid.data not in there:
            both.lines.append_entry(entry.form.data)


def _clashes(post: Post, form: PostForm, values: PostValues) -> tuple[merging.Clash, ...]:
    keys = (form.clashes.data or "").split()[:MOST_KEYS]
    return merging.clashes_of(keys, values, values_of(post)) if keys else ()
