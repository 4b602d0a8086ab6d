"""From one sentence to a draft: what the board proposes; what a visitor typed before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import g, session
from flask_babel import gettext as _

from board.accounts.session import KEPT
from board.folding import fold
from board.organisations.models import Organisation
from board.posts import whereabouts
from board.posts.fields import choice
from board.posts.first_form import ComposeForm
from board.posts.rules import Basis, Kind, Purpose
from board.posts.values import LineValues, PostValues
from board.taxonomy import queries, several, suggestions
from board.taxonomy.models import Place
from board.taxonomy.suggestions import Proposal

MOST_READ = 400
WORDS_BEYOND = 3  # fewer are how one asks: « à prêter »
_ONE = {
    "fr": re.compile(r"une?\s(?!peu\b|partie\b)"),
    "en": re.compile(r"an?\s(?!few\b|lot\b|bit\b)"),
    "es": re.compile(r"una?\s(?!poco\b|parte\b)"),
}
_KEY = KEPT + "compose"
_FIELDS = ("purpose", "sentence", "organisation_name")


def keep(form: ComposeForm) -> None:
    """Keep what a visitor typed in their own session, through sign-in."""
    session[_KEY] = {name: form[name].data or "" for name in _FIELDS}


def kept() -> dict[str, str]:
    """Return what this visitor typed before signing in."""
    found = session.get(_KEY)
    return found if isinstance(found, dict) else {}


def forget() -> None:
    """The draft holds it now."""
    session.pop(_KEY, None)


def propose(sentence: str, purpose: Purpose) -> Proposal:
    """Read a sentence with the labels of the reader's language first."""
    return read(sentence, purpose, whereabouts.place_named_in(sentence))


def read(text: str, purpose: Purpose, place: Place | None = None) -> Proposal:
    """Read the words of a sentence or of a line; those of its place say nothing else."""
    return suggestions.propose(
        text[:MOST_READ],
        purpose=purpose.value,
        language=g.language,
        catalogue=queries.catalogue(g.language),
        place_words=place.name if place else None,
    )


def kind_and_category(title: str, purpose: Purpose) -> tuple[str, str]:
    """Return what the words of a line propose; a thing when they say nothing."""
    proposal = propose(title, purpose)
    return proposal.kind or Kind.TOOL.value, proposal.category or ""


def first_values(sentence: str, purpose: Purpose, organisation: Organisation) -> PostValues:
    """Return the post that the board proposes for a sentence."""
    named = whereabouts.place_named_in(sentence)
    proposal, place = read(sentence, purpose, named), named or organisation.place
    title, label = proposal.title or sentence[:160], place.label if place else ""
    return PostValues(
        purpose=purpose,
        title=title[:160],
        language=proposal.language or g.language,
        place_id=place.id if place else None,
        place=label,
        body=sentence if _says_more(sentence, title, label) else "",
        lines=tuple(_lines(sentence, purpose, proposal)),
    )


def _says_more(sentence: str, title: str, place: str) -> bool:
    """Whether a sentence goes on after its title: then all of it is kept as the details."""
    words, after = _words(sentence), 0
    for word in _words(title):
        if word in words[after:]:
            after = words.index(word, after) + 1
    told = set(_words(place))
    return len([word for word in words[after:] if word not in told]) >= WORDS_BEYOND


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def first_lines(sentence: str, purpose: Purpose) -> Iterator[LineValues]:
    """Return the lines that the board proposes for a sentence."""
    return _lines(sentence, purpose, propose(sentence, purpose))


def _lines(sentence: str, purpose: Purpose, whole: Proposal) -> Iterator[LineValues]:
    """Return a line for each thing that the sentence counts; what one leaves open, all share."""
    texts = several.parts(sentence[:MOST_READ])
    for text in texts:
        said = whole if len(texts) == 1 else propose(text, purpose)
        kind, basis = said.kind or whole.kind, said.basis or whole.basis
        yield LineValues(
            title=(said.line_title or whole.title or text)[:120],
            kind=Kind(kind) if kind else Kind.TOOL,
            category=said.category,
            basis=Basis(basis) if basis else None,
            quantity=said.quantity or _one(said),
            unit=(said.unit or "")[:40] or None,
        )


def _one(said: Proposal) -> int | None:
    """One, when the words begin with a single thing, room or person: « une salle »."""
    single = _ONE[said.language or g.language].match(fold(said.title or ""))
    return 1 if said.kind != Kind.KNOWLEDGE and single else None


def quoted(texts: tuple[str, ...]) -> str:
    """Write words between guillemets: « salle » et « pour 20 personnes »."""
    marked = [_("« %(word)s »", word=text) for text in texts if text]
    if len(marked) < 2:
        return "".join(marked)
    return _("%(first)s et %(last)s", first=", ".join(marked[:-1]), last=marked[-1])


def category_choices(keep: set[str]) -> list[Any]:
    """Return the categories by broad group; those in `keep` stay choosable after they retired."""
    known = queries.catalogue(g.language)
    offered = {"": choice("", _("Non précisée"))}
    for branch in known.tree:
        for term in (branch.term, *branch.narrower):
            offered[term.key] = choice(term.key, term.label, branch.term.label)
    for key in sorted(keep - offered.keys()):
        if key in known.by_key:
            group = _("Anciennes catégories")
            offered[key] = choice(key, known.by_key[key].label, group)
    return list(offered.values())
