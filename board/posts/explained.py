"""Why something stands in a post: the words that propose it, or that somebody chose it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from board.posts import drafts, proposed, whereabouts, words
from board.posts.fields import member
from board.posts.forms import LineForm, PostForm
from board.posts.models import Post
from board.posts.rules import Basis, Purpose
from board.taxonomy import queries
from board.taxonomy.models import Place
from board.taxonomy.suggestions import Proposal


@dataclass(frozen=True, slots=True)
class Explained:
    """One thing that the board proposes: which field, what it says, why; places of that name."""

    field: str
    label: str
    value: str
    reason: str
    others: tuple[Place, ...] = ()


def explain(post: Post, form: PostForm, purpose: Purpose) -> list[Explained]:
    """Say of kind, category and place where each comes from, in words that still stand there."""
    begun = drafts.propose(post.sentence, purpose)
    title = form.title.data or ""
    unchanged = title == (begun.title or post.sentence[:160])
    found = []
    if form.standing:
        line = form.standing[0].form
        said = _read(begun, line.title.data or "", title, unchanged, purpose)
        kind, category = line.kind.data, line.category.data
        label = queries.catalogue(g.language).labels().get(category) or _("Aucune")
        found += [
            Explained("kind", _("Genre"), str(words.KINDS.get(kind) or ""),
                      _why(said, begun, line, "kind")),
            Explained("category", _("Catégorie"), label, _why(said, begun, line, "category")),
        ]  # fmt: skip
        if basis := member(Basis, line.basis.data):
            why = _why(said, begun, line, "basis")
            found.append(
                Explained("basis", _("Manière"), words.capital(str(words.BASES[basis])), why)
            )
    return [*found, _explain_place(post, form.place.data or "", "" if unchanged else title)]


def _read(
    begun: Proposal, own: str, title: str, unchanged: bool, purpose: Purpose
) -> list[Proposal]:
    """Return how the words that still stand there are read: the line's own before the title."""
    sentence = [begun] if unchanged else []
    line, whole = ([drafts.propose(text, purpose)] if text else [] for text in (own, title))
    if own == begun.line_title:
        return [*sentence, *line, *whole]
    return [*line, *sentence, *whole]


def _explain_place(post: Post, place: str, title: str) -> Explained:
    if not place:
        return Explained("place", _("Lieu"), _("Non précisé"), "")
    reason = whereabouts.why(post, place, title)
    others = whereabouts.others(post, title, place)
    return Explained("place", _("Lieu"), place, reason, others)


def _why(said: list[Proposal], begun: Proposal, line: LineForm, name: str) -> str:
    """Say which words proposed what stands there, else that the person chose it."""
    chosen = line[name].data
    for proposal in said:
        if chosen and getattr(proposal, name) == chosen:
            read = drafts.quoted(proposal.reasons.get(name, ()))
            return _("vous avez écrit %(words)s", words=read) if read else ""
    if chosen and getattr(begun, name) == chosen:
        return _("d’après votre première phrase")
    if name == "kind" and not any(proposal.kind for proposal in said):
        return _("rien de reconnu dans vos mots : vérifiez")
    return _("choisi par vous") if chosen and proposed.is_chosen(line, name) else ""
