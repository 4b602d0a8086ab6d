"""What lines are about beside their category: read in their words, the author decides.

Whoever reads phrases registers here; posts never knows who does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from flask import g, request
from flask_babel import gettext as _

from board.extensions import db
from board.folding import fold
from board.posts import queries
from board.posts.forms import PostForm
from board.posts.models import Line, LineConcept, Post
from board.posts.rules import BELIEVED, Source
from board.taxonomy import queries as taxonomy

MOST = 4
_WORD = re.compile(r"\w+")
TICKED, SHOWN = "about", "about-shown"


class Meant(Protocol):
    """How surely a concept is meant, and by which phrase."""

    @property
    def likeness(self) -> float: ...
    @property
    def phrase(self) -> str: ...
    @property
    def is_sure(self) -> bool: ...


class Reads(Protocol):
    """Return what the titles of a line mean, by the keys of concepts; the category left out."""

    def __call__(
        self, titles: Sequence[str], *, language: str, kind: str, category: str
    ) -> Mapping[str, Meant]: ...


_readers: list[Reads] = []


@dataclass(frozen=True, slots=True)
class Choice:
    """One concept that a line may be about, as the form asks it."""

    value: str
    label: str
    reason: str
    ticked: bool
    is_sure: bool


def reads_with(reader: Reads) -> None:
    """Let `reader` say from now on what phrases mean."""
    _readers[:] = [reader]


def choices(post: Post, form: PostForm) -> list[Choice]:
    """Return what the lines of a form may also be about, each with the words that say so."""
    if not _readers:
        return []
    said = _said(post)
    labels = taxonomy.catalogue(g.language).labels()
    written = [entry for entry in form.standing if not entry.form.is_blank]
    out: list[Choice] = []
    for entry in written:
        line = entry.form
        texts = titles(line.title.data or "", form.title.data or "", alone=len(written) == 1)
        meant = _readers[0](
            texts,
            language=form.language.data or "fr",
            kind=line.kind.data or "",
            category=line.category.data or "",
        )
        index = entry.name.rpartition("-")[2]
        for key, one in list(meant.items())[:MOST]:
            by = said.get((line.line_id, key))
            out.append(_choice(f"{index}:{key}", labels.get(key, key), one, by, texts))
    return out


def decide(post: Post, form: PostForm) -> None:
    """Keep what the author ticked, and what they took away so that it does not come back."""
    written = [entry for entry in form.standing if not entry.form.is_blank]
    lines = {
        entry.name.rpartition("-")[2]: line
        for entry, line in zip(written, queries.standing_lines(post.id), strict=False)
    }
    ticked = set(request.form.getlist(TICKED))
    for value in request.form.getlist(SHOWN)[: MOST * len(written)]:
        index, _colon, rest = value.partition(":")
        key, _colon, sure = rest.partition(":")
        if index in lines:
            _keep(lines[index], key, is_ticked=f"{index}:{key}" in ticked, is_sure=sure == "sure")
    db.session.flush()


def titles(line: str, post: str, *, alone: bool) -> list[str]:
    """Return what to read: the title of a post with several lines says nothing sure of any one."""
    return [text for text in dict.fromkeys((line, post) if alone else (line,)) if text]


def as_typed(phrase: str, texts: Sequence[str]) -> str:
    """Return the words of a phrase as their author wrote them; small words between them stay."""
    wanted = phrase.split()
    for text in texts:
        words = [(each.start(), each.end(), fold(each[0])) for each in _WORD.finditer(text)]
        for first in range(len(words)):
            said = 0
            for _start, end, word in words[first : first + 2 * len(wanted)]:
                if word == wanted[said]:
                    said += 1
                elif not said:
                    break
                if said == len(wanted):
                    return text[words[first][0] : end]
    return phrase


def _choice(value: str, label: str, one: Meant, by: str | None, texts: Sequence[str]) -> Choice:
    ticked = one.is_sure if by is None else by in BELIEVED
    if request.method == "POST" and any(
        shown.startswith(f"{value}:") for shown in request.form.getlist(SHOWN)
    ):
        ticked = value in request.form.getlist(TICKED)
    reason = _("d’après «\u00a0%(phrase)s\u00a0»", phrase=as_typed(one.phrase, texts))
    return Choice(value, label, reason, ticked, one.is_sure)


def _said(post: Post) -> dict[tuple[UUID | None, str], str]:
    return {(line.uuid, link.concept.key): link.by for line in post.lines for link in line.concepts}


def _keep(line: Line, key: str, *, is_ticked: bool, is_sure: bool) -> None:
    concept = queries.categories_by_key([key]).get(key)
    if concept is None or concept.kind != line.kind.value:
        return
    if is_ticked:
        by = Source.RULE if is_sure else Source.AUTHOR
    else:
        by = Source.REFUSED if is_sure else Source.SUGGESTED
    known = next((one for one in line.concepts if one.concept_id == concept.id), None)
    if known is None:
        line.concepts.append(LineConcept(concept_id=concept.id, by=by.value))
    elif not (is_ticked and known.by in BELIEVED) and known.by != by.value:
        known.by = (by if is_ticked or known.by not in BELIEVED else Source.REFUSED).value
