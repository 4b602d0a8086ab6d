"""Where a post is: the place that its words name, why it stands there, what else it may mean."""

from __future__ import annotations

from flask_babel import gettext as _

from board.posts.models import Post
from board.taxonomy import place_queries
from board.taxonomy.models import Place
from board.taxonomy.place_queries import Named
from board.web.context import settings

MOST_READ = 400


def named_in(text: str) -> Named | None:
    """Return the place that a text names most surely, with its homonyms."""
    found = place_queries.names_in(text[:MOST_READ], home=settings().country, limit=1)
    return found[0] if found else None


def place_named_in(text: str) -> Place | None:
    """Return the place that a sentence names most surely."""
    named = named_in(text)
    return named.place if named else None


def meant_by(text: str) -> list[Place]:
    """Return what a name that somebody typed may mean: one place when it is clear."""
    return place_queries.places_called(text, home=settings().country) if text else []


def others(post: Post, title: str, place: str) -> tuple[Place, ...]:
    """Return the places of the same name that one touch puts in the place of what stands there."""
    typed = meant_by(place)
    if len(typed) > 1:
        return tuple(typed)
    for text in (title, post.sentence):
        all_meant = _all_meant(text)
        if place in {each.label for each in all_meant}:
            return tuple(each for each in all_meant if each.label != place)
    return ()


def why(post: Post, place: str, title: str) -> str:
    """Say where the place comes from; `title` when it is no longer the one of the sentence."""
    if title and _names(title, place):
        return _("nommé dans le titre ; montré à 1\u00a0km près")
    if _names(post.sentence, place):
        if title:
            return _("nommé dans votre première phrase ; montré à 1\u00a0km près")
        return _("nommé dans la phrase ; montré à 1\u00a0km près")
    own = post.organisation.place
    if own is not None and own.label == place:
        return _("lieu de votre organisation ; montré à 1\u00a0km près")
    return _("montré à 1\u00a0km près")


def refusal(text: str) -> str:
    """Say why a place that was typed cannot be taken as it is."""
    if meant_by(text):
        return _("Plusieurs lieux portent ce nom. Choisissez le vôtre.")
    return _("Le babillard ne connaît pas ce lieu. Choisissez-en un de la liste, ou ajoutez-le.")


def _names(text: str, place: str) -> bool:
    return place in {each.label for each in _all_meant(text)}


def _all_meant(text: str) -> tuple[Place, ...]:
    named = named_in(text)
    return (named.place, *named.others) if named else ()
