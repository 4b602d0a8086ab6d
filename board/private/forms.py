"""The shape of what people say privately; choices are passed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from board.posts.fields import Day, Number, as_day, as_number, choice, member, this_century
from board.posts.rules import Attendance, Basis, Kind
from board.posts.words import BASES, KINDS
from board.private.rules import NEVER_MAX, TITLE_MAX
from board.private.services import About
from board.taxonomy.models import Place
from board.web.forms import Form, LongText, MaxLength, Needed, Text

PLACE_MAX = 160
FARTHEST_KM = 1_000
MOST = 100_000


class Boxes(SelectMultipleField):
    """Boxes of which several may be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def groups(self) -> Iterator[tuple[str, list[Any], bool]]:
        """Give each group of boxes, and whether one of them is ticked."""
        options = iter(self)
        for label, choices in self.iter_groups():
            boxes = [next(options) for _choice in choices]
            yield label, boxes, any(box.checked for box in boxes)


class When(Form):
    """Days and a place, as both forms ask them."""

    place = Text(_l("Lieu"), [MaxLength(PLACE_MAX)])
    reach_km = Text(
        _l("Jusqu’à combien de kilomètres"),
        [Number(0, FARTHEST_KM,
                _l("Écrivez un nombre entier de kilomètres, de %(least)s à %(most)s."))],
    )  # fmt: skip
    needed_from = Day(_l("À partir du"), [this_century])
    needed_until = Day(_l("Jusqu’au"), [this_century])

    def validate_needed_until(self, field: Day) -> None:
        """A window opens before it closes."""
        first, last = as_day(self.needed_from.data), as_day(field.data)
        if first and last and last < first:
            raise ValidationError(_("La fin vient avant le début. Vérifiez les deux dates."))


class ProfileForm(When):
    """What a person could do, where, when, and what never; everything may stay empty but one."""

    skills = Boxes(_l("Ce que vous aimeriez faire"))
    title = Text(_l("Dans vos mots"), [MaxLength(TITLE_MAX)])
    languages = Boxes(_l("Langues dans lesquelles vous pouvez aider"))
    weekdays = Boxes(_l("Jours qui vous conviennent"))
    attendance = RadioField(
        _l("Sur place ou à distance"),
        choices=[
            choice("", _l("Peu importe")),
            choice("there", _l("Sur place seulement")),
            choice("online", _l("À distance seulement")),
        ],
        default="",
    )
    never = Text(_l("Ce que vous ne faites jamais"), [MaxLength(NEVER_MAX)])
    paused = BooleanField(_l("Ne rien me proposer pour l’instant"))

    def validate_title(self, field: Text) -> None:
        """Something must be known to find anything."""
        if not field.data and not self.skills.data:
            raise ValidationError(
                _("Cochez ce que vous aimeriez faire, ou dites-le dans vos mots.")
            )

    def about(self, ids: Mapping[str, int], place: Place | None, language: str) -> About:
        """Return what was said; `ids` are those of the categories offered."""
        return About(
            title=self.title.data or "",
            language=language,
            concepts=tuple(ids[key] for key in self.skills.data or () if key in ids),
            needed_from=as_day(self.needed_from.data),
            needed_until=as_day(self.needed_until.data),
            attendance=member(Attendance, self.attendance.data),
            place=place,
            reach_km=as_number(self.reach_km.data),
            languages=",".join(self.languages.data or ()),
            weekdays="".join(sorted(self.weekdays.data or ())),
            never=self.never.data or "",
            paused=bool(self.paused.data),
        )


class SleepingForm(When):
    """Something that an organisation could share, said to nobody."""

    title = Text(
        _l("Quoi"),
        [
            Needed(_l("Dites quoi, par exemple «\u00a0Chaises pliantes\u00a0».")),
            MaxLength(120),
        ],
    )
    kind = SelectField(
        _l("Genre"),
        choices=[
            choice("", _l("D’après les mots")),
            *(choice(kind.value, word) for kind, word in KINDS.items()),
        ],
    )
    category = SelectField(_l("Catégorie"))
    quantity = Text(
        _l("Combien"),
        [Number(1, MOST,
                _l("Écrivez un nombre entier de %(least)s à %(most)s, par exemple 12."))],
    )  # fmt: skip
    unit = Text(_l("Unité"), [MaxLength(40)])
    basis = SelectField(
        _l("Manière"),
        choices=[
            choice("", _l("Non précisée")),
            *(choice(basis.value, word) for basis, word in BASES.items()),
        ],
    )
    conditions = LongText(_l("Conditions"), [MaxLength(500)])
    paused = BooleanField(_l("Ne rien demander pour l’instant"))

    def about(
        self, kind: Kind, concepts: tuple[int, ...], place: Place | None, language: str
    ) -> About:
        """Return what was said, as far as it can be read."""
        return About(
            title=self.title.data or "",
            language=language,
            kind=kind,
            concepts=concepts,
            basis=member(Basis, self.basis.data),
            quantity=as_number(self.quantity.data) or None,
            unit=self.unit.data or None,
            needed_from=as_day(self.needed_from.data),
            needed_until=as_day(self.needed_until.data),
            place=place,
            reach_km=as_number(self.reach_km.data),
            conditions=self.conditions.data or None,
            paused=bool(self.paused.data),
        )


def put(form: Form, values: Mapping[str, Any]) -> Form:
    """Fill a form that was not sent with what is kept."""
    for name, value in values.items():
        if name in form:
            form[name].data = value
    return form
