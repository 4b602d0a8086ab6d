"""Counts are grouped as the reader groups them."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale, ngettext

from board.web.numbers import Count


def test_a_count_is_grouped_by_thousands_in_each_language(app: Flask) -> None:
    said = []
    for language in ("fr", "en", "es"):
        with app.test_request_context(), force_locale(language):
            said.append(ngettext("%(num)s annonce", "%(num)s annonces", Count(12_345)))
            assert str(Count(999)) == "999"
    assert said == ["12\u00a0345 annonces", "12,345 posts", "12.345 anuncios"]
