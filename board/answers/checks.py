"""What an answer is held against before it counts: the post, who answers, what is left."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from board.accounts.models import Person
from board.answers import holds, queries, rules, windows
from board.answers.holds import Wanted
from board.clock import now
from board.errors import Invalid
from board.matching import blocks
from board.organisations.models import Organisation
from board.posts import rules as post_rules
from board.posts.models import Line, Post


class NothingLeft(Invalid):
    """Somebody was first, or the answers are full: the reserve is offered."""


def refusal(post: Post, person: Person | None, organisation: Organisation | None) -> bool:
    """Whether this organisation takes no answer from them (it is never said why)."""
    if person is None:
        return False
    other = organisation.id if organisation else None
    return blocks.is_blocked(post.organisation_id, other_id=other, person=person)


def check_open(post: Post, takes_reserve: bool) -> None:
    is_open = post_rules.is_open(post, now())
    if not is_open and not rules.may_wait(post, now()):
        raise _closed()
    windows.check_open(post)
    if not is_open and not takes_reserve:
        raise NothingLeft("", _nothing_left())


def _closed() -> Invalid:
    """A post takes no answer: it is over, or (which is never said) not from whoever asks."""
    return Invalid("", closed_words())


def closed_words() -> str:
    """Say that a post takes no answer any more."""
    return _("On ne peut plus répondre à cette annonce. Merci de votre élan.")


def _nothing_left(*wanted: Wanted) -> str:
    if any(one.line.fullest for one in wanted):
        return _(
            "Tout est pris ces jours-là\u00a0: choisissez d’autres jours, ou attendez en réserve."
        )
    return _("Il ne reste plus rien : voulez-vous attendre en réserve ?")


def check_standing(post: Post, person: Person | None, organisation: Organisation | None) -> None:
    """Nobody answers themselves, nor twice, nor whoever wants nothing to do with them."""
    if person is None:
        return
    if queries.acts_for(person.id, post.organisation_id):
        raise Invalid("", _("C’est l’annonce de votre organisation."))
    if organisation is not None and not queries.acts_for(person.id, organisation.id):
        raise Invalid("speaks_for", _("Vous ne répondez pas au nom de cette organisation."))
    if person.confirmed_at is None:
        raise Invalid("", _("Confirmez d’abord votre adresse : le lien est dans votre courriel."))
    if refusal(post, person, organisation):
        raise _closed()
    other = organisation.id if organisation else None
    if queries.find_active(post.id, person_id=person.id, organisation_id=other) is not None:
        raise Invalid("", _("Vous avez déjà répondu. Votre réponse est dans « Mes réponses »."))


def check_room(post: Post, wanted: Sequence[Wanted], *, takes_reserve: bool) -> None:
    """Refuse more than is left; when nothing is left, the reserve is offered."""
    left = check_amounts(post, wanted)
    if takes_reserve:
        return
    if rules.is_full(queries.count_standing(post.id), post.answers_cap):
        raise NothingLeft("", _("Des réponses sont à l’étude : voulez-vous attendre en réserve ?"))
    if all(left[one.line.id] == 0 for one in wanted):
        raise NothingLeft("", _nothing_left(*wanted))


def check_amounts(post: Post, wanted: Sequence[Wanted]) -> dict[int, int | None]:
    """Return what is left; a quantity beyond it is refused beside its field."""
    if not wanted:
        raise Invalid("", _("Choisissez au moins un élément."))
    windows.check(post, [(one.line, (one.first, one.last)) for one in wanted])
    left = holds.left_of(post, wanted)
    for one in wanted:
        there = left[one.line.id]
        most = there or one.line.quantity
        if most is not None and one.quantity > most:
            raise Invalid(field_of(one.line), _at_most(most))
    return left


def _at_most(most: int) -> str:
    return ngettext("Il en reste %(num)s au plus.", "Il en reste %(num)s au plus.", most)


def field_of(line: Line) -> str:
    """Name the field of a line's quantity."""
    return f"line-{line.uuid}"
