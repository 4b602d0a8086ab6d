"""The shape of what authors type; every refusal says what to write, and what was typed stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField
from wtforms.fields import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from board.clock import today
from board.posts.fields import (
    Day,
    Number,
    as_day,
    as_number,
    choice,
    member,
    split_tags,
    this_century,
)
from board.posts.rules import (
    MAX_LINES,
    MAX_TAGS,
    Attendance,
    Audience,
    Basis,
    Kind,
    Outcome,
    Purpose,
)
from board.posts.values import LineValues, PostValues
from board.posts.words import ATTENDANCES, BASES, KINDS, OUTCOMES, capital, window_words
from board.web.context import settings
from board.web.forms import Form, LongText, MaxLength, Needed, Text

MOST = 100_000
FARTHEST_KM = 1_000
LONGEST_TAG = 40
PURPOSES = [choice("need", _l("Besoin")), choice("offer", _l("Offre"))]
LANGUAGES = {"fr": "Français", "en": "English", "es": "Español"}
_KNOWN_NAME = re.compile(r"lines-\d{1,4}-[a-z_]{1,20}|(?!lines-).{1,60}", re.ASCII | re.DOTALL)


def readable(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was sent without names that no form of ours has."""
    pairs = [(k, v) for k, v in typed.items(multi=True) if _KNOWN_NAME.fullmatch(k)]
    return MultiDict(pairs)


def _each(words: Mapping[Any, Any]) -> list[Any]:
    return [choice(one.value, _capital(word)) for one, word in words.items()]


def _capital(word: Any) -> LazyString:
    """Begin a choice with a capital, in the language of the page."""
    return LazyString(lambda: capital(str(word)))


def _optional(words: Mapping[Any, Any], first: Any) -> list[Any]:
    return [choice("", first), *_each(words)]


class LineForm(Form):
    """One thing needed or offered."""

    uuid = HiddenField()
    proposed = HiddenField(default="/")  # the kind and the category that the board proposed
    removed = HiddenField()  # taken off the page, and kept in it until the post is saved
    title = Text(_l("Quoi"), [MaxLength(120)])
    quantity = Text(
        _l("Combien"),
        [Number(1, MOST,
                _l("Écrivez un nombre entier de %(least)s à %(most)s, par exemple 12."))],
    )  # fmt: skip
    basis = SelectField(_l("Manière"), choices=_optional(BASES, _l("Non précisée")))
    kind = SelectField(_l("Genre"), choices=_optional(KINDS, _l("D’après les mots")))
    category = SelectField(_l("Catégorie"))
    unit = Text(_l("Unité"), [MaxLength(40)])
    needed_from = Day(_l("À partir du"), [this_century])
    needed_until = Day(_l("Jusqu’au"), [this_century])
    attendance = SelectField(
        _l("Présence ou transport"), choices=_optional(ATTENDANCES, _l("Non précisé"))
    )
    reach_km = Text(
        _l("Jusqu’à combien de kilomètres"),
        [Number(0, FARTHEST_KM,
                _l("Écrivez un nombre entier de kilomètres, de %(least)s à %(most)s."))],
    )  # fmt: skip
    effort = Text(_l("Effort et rythme"), [MaxLength(120)])
    conditions = LongText(_l("Conditions"), [MaxLength(500)])
    closed = BooleanField(_l("Fermer cet élément : ne plus recevoir de réponses pour lui"))

    def validate(self, *args: Any, **more: Any) -> bool:
        """Ask nothing of a line that was taken off."""
        return self.is_removed or super().validate(*args, **more)

    def validate_title(self, field: Text) -> None:
        """A line that says anything says what."""
        if not field.data and not self.is_blank:
            raise ValidationError(_("Dites quoi, par exemple « Chaises pliantes »."))

    def validate_needed_until(self, field: Day) -> None:
        """A window opens before it closes."""
        first, last = as_day(self.needed_from.data), as_day(field.data)
        if first and last and last < first:
            raise ValidationError(_("La fin vient avant le début. Vérifiez les deux dates."))

    @property
    def is_removed(self) -> bool:
        """Whether it was taken off the page; its words wait in case it comes back."""
        return bool(self.removed.data)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in it."""
        typed = (self.title, self.quantity, self.unit, self.needed_from, self.needed_until,
                 self.reach_km, self.effort, self.conditions)  # fmt: skip
        return not self.uuid.data and not any(field.data for field in typed)

    @property
    def days(self) -> Markup | str:
        """Its days in words; as they were typed where they cannot be read."""
        first, last = self.needed_from.data or "", self.needed_until.data or ""
        if (first and as_day(first) is None) or (last and as_day(last) is None):
            return " – ".join(text for text in (first, last) if text)
        return window_words(Purpose.OFFER, as_day(first), as_day(last), today(settings().timezone))

    @property
    def line_id(self) -> UUID | None:
        """The line that it was, when it was one."""
        try:
            return UUID(self.uuid.data) if self.uuid.data else None
        except ValueError:
            return None

    def values(self) -> LineValues:
        """Return the line that was typed, as far as it can be read."""
        return LineValues(
            uuid=self.line_id,
            title=(self.title.data or "")[:120],
            kind=member(Kind, self.kind.data) or Kind.TOOL,
            category=self.category.data or None,
            basis=member(Basis, self.basis.data),
            quantity=as_number(self.quantity.data) or None,
            unit=self.unit.data or None,
            needed_from=as_day(self.needed_from.data),
            needed_until=as_day(self.needed_until.data),
            attendance=member(Attendance, self.attendance.data),
            reach_km=as_number(self.reach_km.data),
            effort=self.effort.data or None,
            conditions=self.conditions.data or None,
            closed=bool(self.closed.data),
        )


class PostForm(Form):
    """A whole post: everything but the title and one line is optional."""

    choices: Mapping[str, str] = MappingProxyType({})  # what to keep where two editors clash

    edit_version = HiddenField()
    contacts_seen = HiddenField()
    clashes = HiddenField()
    purpose = RadioField(_l("C’est…"), choices=PURPOSES)
    title = Text(
        _l("Titre"),
        [Needed(_l("Écrivez un titre, par exemple « Chaises pliantes ».")), MaxLength(160)],
    )
    place = Text(_l("Lieu"), [MaxLength(160)])
    lines = FieldList(FormField(LineForm), _l("Éléments"))
    body = LongText(_l("Détails"), [MaxLength(10_000)])
    tags = Text(_l("Mots-clés"))
    language = SelectField(
        _l("Langue de l’annonce"), choices=[choice(*pair) for pair in LANGUAGES.items()]
    )
    expires_on = Day(_l("Dernier jour de l’annonce"))
    audience = RadioField(
        _l("Qui peut voir"),
        choices=[
            choice("public", _l("Tout le monde")),
            choice("members", _l("Seulement les organisations vérifiées")),
        ],
    )

    def set_categories(self, choices: Any) -> None:
        """Give each line the categories that may be chosen."""
        for entry in self.lines:
            entry.form.category.choices = choices

    def add_line(self) -> None:
        """Put an empty line at the end."""
        self.lines.append_entry()

    @property
    def standing(self) -> list[Any]:
        """The lines that were not taken off."""
        return [entry for entry in self.lines if not entry.form.is_removed]

    def find_line(self, index: int) -> LineForm | None:
        """Return the line of that index, on the page or taken off it."""
        found = (entry.form for entry in self.lines if entry.name == f"lines-{index}")
        return next(found, None)

    def remove_line(self, line: LineForm) -> None:
        """Take a line off the page; its words stay until the post is saved, unless it has none."""
        line.removed.data = "y"
        if line.is_blank:
            self.lines.entries = [each for each in self.lines.entries if each.form is not line]

    @property
    def end_words(self) -> Markup | str:
        """The last day in words; as it was typed where it cannot be read."""
        last = as_day(self.expires_on.data)
        if last is None:
            return self.expires_on.data or ""
        return window_words(Purpose.OFFER, None, last, today(settings().timezone))

    def validate_tags(self, field: Text) -> None:
        """A few short words."""
        words = split_tags(field.data)
        if len(words) > MAX_TAGS:
            raise ValidationError(
                _("%(n)s mots-clés, c’est trop : gardez-en %(most)s.", n=len(words), most=MAX_TAGS)
            )
        long = next((word for word in words if len(word) > LONGEST_TAG), None)
        if long:
            raise ValidationError(
                _("« %(tag)s… » est trop long : 40\u00a0caractères par mot-clé.", tag=long[:20])
            )

    def validate_lines(self, _field: Any) -> None:
        """Enough is enough."""
        count = len(self.written_lines())
        if count > MAX_LINES:
            raise ValidationError(
                _(
                    "%(n)s éléments, c’est trop : le maximum est de %(most)s.",
                    n=count,
                    most=MAX_LINES,
                )
            )

    def written_lines(self) -> list[LineForm]:
        """The lines in which anything was typed."""
        return [entry.form for entry in self.standing if not entry.form.is_blank]

    @property
    def version(self) -> int:
        """The version of the words that the page showed; 0 fits none."""
        return as_number(self.edit_version.data) or 0

    def values(self, place_id: int | None, place: str) -> PostValues:
        """Return what was typed, as far as it can be read."""
        return PostValues(
            purpose=member(Purpose, self.purpose.data) or Purpose.NEED,
            title=(self.title.data or "")[:160],
            language=self.language.data if self.language.data in LANGUAGES else "fr",
            body=self.body.data or "",
            place_id=place_id,
            place=place,
            audience=member(Audience, self.audience.data) or Audience.PUBLIC,
            expires_on=as_day(self.expires_on.data),
            tags=tuple(split_tags(self.tags.data)),
            lines=tuple(line.values() for line in self.written_lines()),
        )

    def texts(self) -> Iterator[str]:
        """Everything that readers will be able to read."""
        yield from (self.title.data or "", self.body.data or "", self.tags.data or "")
        for line in self.written_lines():
            yield from (line.title.data or "", line.unit.data or "")
            yield from (line.effort.data or "", line.conditions.data or "")


class MetForm(Form):
    """How it ended."""

    outcome = RadioField(
        _l("Comment cela s’est-il terminé ?"),
        choices=_each(OUTCOMES),
        validate_choice=False,
    )

    def validate_outcome(self, field: RadioField) -> None:
        """From the closed list."""
        if member(Outcome, field.data) is None:
            raise ValidationError(_("Choisissez comment cela s’est terminé."))
