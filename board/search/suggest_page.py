"""The list under the search field: rows read for the ids of an engine, each with its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from board.clock import now
from board.extensions import db
from board.organisations.models import Organisation
from board.organisations.queries import is_listed
from board.posts import visibility, words
from board.posts.cards import masked
from board.posts.models import Post
from board.search.addresses import Asked
from board.search.board_page import count_words
from board.search.engine import Results, Suggested
from board.search.filters import Sort, with_, without
from board.taxonomy.models import Place
from board.taxonomy.queries import catalogue
from board.taxonomy.rules import Scheme

MOST_OF_A_GROUP = 3


@dataclass(frozen=True, slots=True)
class Option:
    """One suggestion: where it leads, its words, what tells it from others."""

    url: str
    label: str
    detail: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one sort, under their title."""

    name: str
    title: str
    options: Sequence[Option]


def groups(found: Suggested, asked: Asked, board: Results, language: str) -> list[Group]:
    """Return the groups that hold something; whatever an engine says, nothing hidden is read."""
    every = [
        Group("posts", _("Annonces"), posts(found.posts, language)),
        Group("organisations", _("Organisations"), organisations(found.organisations, language)),
        Group("categories", _("Catégories"), categories(found.concepts, asked, board, language)),
    ]
    return [group for group in every if group.options]


def posts(ids: Sequence[int], language: str) -> list[Option]:
    """Read the open public ones of these posts, in order."""
    rows = db.session.execute(
        select(Post.id, Post.uuid, Post.title, Post.language, Post.purpose, Organisation.name)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.id.in_(ids), visibility.public(now()))
    )
    by_id = {row.id: row for row in rows}
    return [
        Option(
            url_for("post.page", language=language, post_id=row.uuid),
            masked(row.title),
            f"{words.PURPOSES[row.purpose]} · {row.name}",
            row.language,
        )
        for row in (by_id[post_id] for post_id in ids if post_id in by_id)
    ][:MOST_OF_A_GROUP]


def organisations(ids: Sequence[int], language: str) -> list[Option]:
    """Read those of these organisations that the directory shows, in order."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.slug, Organisation.name, Place.label)
        .outerjoin(Place, Place.id == Organisation.place_id)
        .where(Organisation.id.in_(ids), is_listed())
    )
    by_id = {row.id: row for row in rows}
    return [
        Option(
            url_for("organisations.page", language=language, slug=row.slug),
            row.name,
            row.label or "",
        )
        for row in (by_id[organisation_id] for organisation_id in ids if organisation_id in by_id)
    ][:MOST_OF_A_GROUP]


def categories(ids: Sequence[int], asked: Asked, board: Results, language: str) -> list[Option]:
    """Name those of these categories that leave some post, with the other filters kept."""
    known, counts = catalogue(language).by_id, board.facets.get("category", {})
    terms = [
        term
        for term in (known[concept_id] for concept_id in ids if concept_id in known)
        if term.scheme == Scheme.CATEGORY and not term.retired and counts.get(term.key)
    ]
    wordless = without(asked.query, "q")
    if wordless.sort is Sort.RELEVANCE:
        wordless = replace(wordless, sort=None)
    return [
        Option(
            asked.url(with_(wordless, "category", term.key)),
            words.capital(term.label),
            count_words(counts[term.key]),
        )
        for term in terms[:MOST_OF_A_GROUP]
    ]


def count_said(found: Sequence[Group]) -> str:
    """Say how many suggestions there are, for those who do not see them."""
    total = sum(len(group.options) for group in found)
    if not total:
        return _("Aucune suggestion")
    return ngettext("%(num)s suggestion", "%(num)s suggestions", total)
