"""The form of a place that is missing."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import HiddenField
from wtforms.validators import ValidationError

from board.taxonomy.places import Point, read_degrees
from board.web.forms import Form, MaxLength, Needed, Text


def degrees(text: str) -> float | None:
    """Read « 45,78 » or « −67.5° »; None when it is no number."""
    return read_degrees(text.replace(",", ".").replace("−", "-").rstrip("° "))


class Degrees:
    """Refuse what is not a number of degrees."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Say how to write it."""
        if field.data and degrees(field.data) is None:
            raise ValidationError(_("Écrivez un nombre de degrés, par exemple 45,78."))


class AddPlaceForm(Form):
    """A name, the known place that it is in or near, and perhaps its point."""

    name = Text(
        _l("Nom du lieu"),
        [Needed(_l("Écrivez le nom du lieu, par exemple « Rang Saint-Joseph ».")), MaxLength(80)],
    )
    near = Text(
        _l("Dans quel lieu connu, ou près duquel ?"),
        [Needed(_l("Écrivez une ville ou un village que le babillard connaît.")), MaxLength(160)],
    )
    latitude = Text(_l("Latitude"), [MaxLength(20), Degrees()])
    longitude = Text(_l("Longitude"), [MaxLength(20), Degrees()])
    next = HiddenField()

    def validate_longitude(self, field: Text) -> None:
        """One number alone is no point."""
        if bool(field.data) != bool(self.latitude.data):
            raise ValidationError(_("Écrivez les deux nombres, ou aucun."))

    @property
    def point(self) -> Point | None:
        """The point that was written, if there is one."""
        latitude, longitude = degrees(self.latitude.data or ""), degrees(self.longitude.data or "")
        if latitude is None or longitude is None:
            return None
        return Point(latitude, longitude)
