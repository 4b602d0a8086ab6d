"""The words of the language under way, found once for a page and not for each word."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, g, has_app_context
from flask.globals import app_ctx
from flask_babel import Domain, get_locale

FOUND, BABEL = "words_found", "_flask_babel"


class Words(Domain):
    """What Flask-Babel asks; the catalogue is kept beside the language that it was found for."""

    def get_translations(self) -> Any:
        """Return the catalogue of the language under way."""
        if not has_app_context():
            return super().get_translations()
        # A page asks hundreds of times: Flask-Babel's own way to its language is long.
        kept = cast(Any, app_ctx)._get_current_object().g.__dict__
        found, babel = kept.get(FOUND), kept.get(BABEL)
        if found and babel and found[0] is babel.__dict__.get("babel_locale"):
            return found[1]
        return self._find()

    def _find(self) -> Any:
        locale, found = get_locale(), g.get(FOUND)
        if found is None or found[0] is not locale:
            found = (locale, super().get_translations())
            setattr(g, FOUND, found)
        return found[1]


def register(app: Flask, babel: Any) -> None:
    """Give them to Flask-Babel and to the templates."""
    words = Words()
    babel.__dict__["domain_instance"] = words

    def found() -> Any:
        return words.get_translations()

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda s: found().gettext(s),
        ngettext=lambda s, p, n: found().ngettext(s, p, n),
        pgettext=lambda c, s: found().pgettext(c, s),
        npgettext=lambda c, s, p, n: found().npgettext(c, s, p, n),
        newstyle=True,
    )
