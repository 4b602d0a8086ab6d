"""The base of every form: wtforms in the reader's language, text cleaned once, errors kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import Form as WTForm
from wtforms.fields import Field, StringField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import ValidationError

from board.errors import Invalid
from board.web.numbers import Count

# Blank or turning characters that hide words, or part them from whoever looks for contacts. What
# joins letters (U+200C, U+200D) stays: some languages are written with it.
INVISIBLE = {
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180e", "\u200b",
    "\u200e", "\u200f", "\u2800", "\u3164", "\ufeff", "\uffa0",
    *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2060, 0x2070)),
}  # fmt: skip
UNREADABLE = {chr(c) for c in range(32)} - {"\n", "\t"} | {"\x7f", "\ufffd"}
_CONTROLS = re.compile(
    f"[{re.escape(''.join(sorted(UNREADABLE | INVISIBLE)))}\x80-\x9f\ud800-\udfff]"
)
# Word processors put these where a line or a page ends.
LINE_ENDS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n"})


def clean(text: str | None) -> str:
    """Return text in NFC without control characters, one kind of line end, trimmed."""
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(LINE_ENDS))
    return _CONTROLS.sub("", text).strip()


def has_unreadable(text: str) -> bool:
    """Whether a text holds what no keyboard writes: it was broken on its way."""
    return not UNREADABLE.isdisjoint(text.replace("\r\n", "\n").translate(LINE_ENDS))


class _Cleaned:
    """A field whose text is cleaned; what had to be taken out of it is said, not passed over."""

    raw_data: list[str] | None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse what came broken; the rest stays in the field, to be read again."""
        if self.raw_data and has_unreadable(self.raw_data[0]):
            raise ValidationError(
                _(
                    "Des caractères illisibles étaient dans ce texte : nous les avons enlevés."
                    " Relisez-le, puis envoyez de nouveau."
                )
            )


class Text(_Cleaned, StringField):
    """One line of text, cleaned."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean what came in; line ends become spaces."""
        self.data = " ".join(clean(valuelist[0]).split()) if valuelist else self.data


class LongText(_Cleaned, TextAreaField):
    """Several lines of text, cleaned."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Clean what came in."""
        self.data = clean(valuelist[0]) if valuelist else self.data


class _Sentences:
    """What wtforms says by itself, in our words where it says too little."""

    def __init__(self, theirs: Any) -> None:
        self._theirs = theirs

    def gettext(self, string: str) -> str:
        """Say of a choice that is on no list what to do."""
        if string == "Not a valid choice.":
            return _("Ce choix n’est pas dans la liste. Choisissez-en un de la liste.")
        said: str = self._theirs.gettext(string)
        return said

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Leave counted messages as they are."""
        said: str = self._theirs.ngettext(singular, plural, n)
        return said


class Form(WTForm):
    """A form that speaks the reader's language and takes the domain's refusals."""

    class Meta(DefaultMeta):
        """wtforms' own messages come in the page's language."""

        @property
        def locales(self) -> list[str]:  # type: ignore[override]
            """The page's language."""
            return [str(get_locale() or "fr")]

        def get_translations(self, form: Any) -> Any:
            """Our own sentences first."""
            return _Sentences(super().get_translations(form))

    def refuse(self, error: Invalid) -> None:
        """Put a refusal of the domain beside the field that it names, or on top."""
        field: Field | None = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every (field id, message) in the order of the page, for the summary on top."""
        found = [("", message) for message in self.form_errors]
        for field in self:
            for message in field.errors:
                found.append((field.id, str(message)))
        return found


def submitted() -> bool:
    """Whether the request sends a form."""
    return request.method == "POST"


class MaxLength:
    """Refuse text longer than `limit` characters, and keep it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, _form: Any, field: Field) -> None:
        """Say how long it is and how long it may be."""
        if field.data and len(field.data) > self.limit:
            raise ValidationError(
                _(
                    "C’est trop long : %(count)s\u00a0caractères. Le maximum est de %(limit)s.",
                    count=Count(len(field.data)),
                    limit=Count(self.limit),
                )
            )


class Needed:
    """Refuse an empty field, with a sentence that says what to write."""

    def __init__(self, message: Any) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, _form: Any, field: Field) -> None:
        """Say what is missing."""
        if not field.data:
            raise ValidationError(str(self.message))
