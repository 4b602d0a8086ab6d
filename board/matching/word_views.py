"""Words nobody recognised: moderators link them to a concept, or set them aside."""

from __future__ import annotations

import logging

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors
from board.accounts.session import get_reader, moderator_required
from board.database import begin_writing
from board.errors import Invalid
from board.matching import added, forms, unlinked
from board.matching.views import bp
from board.posts import drafts
from board.taxonomy import queries as taxonomy
from board.taxonomy.models import Concept
from board.taxonomy.rules import LANGUAGES, LONGEST_LABEL
from board.web import commits, done, render, slow_first
from board.web.forms import clean
from board.web.pagination import Page, read_page

MOST_WORDS = 60
log = logging.getLogger(__name__)


@bp.get("/moderation/words")
@moderator_required
def words() -> ResponseReturnValue:
    """Show the frequent words of public titles that no concept is called by."""
    return render(
        "matching/words.html",
        words=unlinked.find(MOST_WORDS),
        aside=unlinked.set_aside(),
        added=added.count(),
    )


@bp.get("/moderation/words/added")
@moderator_required
def added_words() -> ResponseReturnValue:
    """Show the words that moderators added, each to be taken back."""
    page = Page(read_page(request.args.get("page", "1")), added.PER_PAGE, added.count())
    page.check()
    pages = page.links(lambda number: url_for("matching.added_words", page=number))
    return render("matching/added.html", words=added.words(offset=page.offset), pages=pages)


@bp.post("/moderation/words/take-back")
@moderator_required
@commits
@slow_first
def take_back_word() -> ResponseReturnValue:
    """Call a concept no more by a word that a moderator added."""
    asked = {name: clean(request.form.get(name)) for name in ("concept", "language", "text")}
    label = added.get(**asked)
    text, language = label.text, label.language
    posts = added.touched(concept_id=label.concept_id, language=language, text=text)
    begin_writing()
    added.take_back(added.get(**asked), post_ids=posts, by=get_reader())
    message = _("« %(word)s » est retiré. Ce qu’il reliait se défait dans la minute.", word=text)
    return done(message, to=url_for("matching.added_words"))


@bp.route("/moderation/words/link", methods=["GET", "POST"])
@moderator_required
@commits
@slow_first
def link_word() -> ResponseReturnValue:
    """Call a concept by one more word."""
    asked = request.args
    language = asked.get("language") if asked.get("language") in LANGUAGES else "fr"
    text = clean(asked.get("word"))[:LONGEST_LABEL]
    form = forms.LabelForm(request.form, data={"text": text, "language": language,
                                               "concept": asked.get("concept", "")})  # fmt: skip
    form.concept.choices = drafts.category_choices(set())
    linked = doors.attempt(form, lambda: _link(form))
    if linked is None:
        return doors.answer("matching/word.html", form)
    message = _(
        "«\u00a0%(word)s\u00a0» mène maintenant à «\u00a0%(term)s\u00a0».",
        word=form.text.data,
        term=linked,
    )
    return done(message, to=url_for("matching.words"))


@bp.post("/moderation/words/aside")
@moderator_required
@commits
def put_word_aside() -> ResponseReturnValue:
    """Show a word no more, or again."""
    if back := request.form.get("back"):
        unlinked.bring_back(folded=back)
    else:
        unlinked.put_aside(text=clean(request.form.get("word")))
    return done(None, to=url_for("matching.words"))


def _link(form: forms.LabelForm) -> str:
    """Read which posts hold the word before anybody has to wait, then write."""
    text, language = form.text.data or "", form.language.data
    if not any(sign.isalpha() for sign in text):
        raise Invalid("text", _("Écrivez au moins une lettre."))
    known = taxonomy.get_concept(form.concept.data)
    holding = added.touched(concept_id=known.id, language=language, text=text)
    begin_writing()
    concept = taxonomy.get_concept(form.concept.data)
    _refuse_other(concept, text, language)
    unlinked.link(
        concept=concept,
        language=language,
        text=text,
        shown=bool(form.shown.data),
        post_ids=holding,
    )
    log.info("moderator %s called %s %r (%s)", get_reader().uuid, concept.key, text, language)
    return taxonomy.catalogue(language).by_id[concept.id].label


def _refuse_other(concept: Concept, text: str, language: str) -> None:
    """A word that names another concept of the same kind would lead nowhere sure."""
    taken = unlinked.called(text, language, kind=concept.kind)
    if taken is not None and taken.id != concept.id:
        raise Invalid("text", _("Ce mot désigne déjà «\u00a0%(term)s\u00a0».", term=taken.label))
