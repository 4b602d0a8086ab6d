"""What an editor says of one photo."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from board.photos.rules import ALT_MAX, alt_said
from board.web.forms import Form, LongText, MaxLength

UNSAID, SAID = "?", "="


def mark_of(alt: str | None) -> str:
    """Return what the form remembers of the words that its editor saw."""
    return UNSAID if alt is None else SAID + alt


class PhotoForm(Form):
    """What a photo shows, or that it shows nothing; and what was said when the page was opened."""

    alt = LongText(_l("Que voit-on ?"), [MaxLength(ALT_MAX)])
    decorative = BooleanField(_l("Décorative : elle n’apprend rien de plus que le texte"))
    seen = HiddenField(default=UNSAID)

    def validate_decorative(self, field: BooleanField) -> None:
        """A photo is described or decorative, not both."""
        if field.data and self.alt.data:
            raise ValidationError(
                _("Cette photo a une description : effacez-la, ou décochez « décorative ».")
            )

    @property
    def said(self) -> str | None:
        """What the photo says now."""
        text = " ".join((self.alt.data or "").split())
        return alt_said(text, decorative=bool(self.decorative.data))

    @property
    def was(self) -> str | None:
        """What it said when the page was opened."""
        seen = " ".join((self.seen.data or UNSAID).split())
        return seen.removeprefix(SAID) if seen.startswith(SAID) else None
