"""A page with every piece on it, rendered without the application."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from tests.design.samples import CARDS, ROOT, bare_environment

ALTERNATES = [
    {"language": code, "label": label, "url": f"/{code}/", "current": code == "fr",
     "full_url": f"https://exemple.org/{code}/"}
    for code, label in (("fr", "Français"), ("en", "English"), ("es", "Español"))
]  # fmt: skip


class SampleForm(Form):
    """One field of each type."""

    purpose = RadioField(
        "C’est…",
        choices=[SelectChoice("need", "Besoin"), SelectChoice("offer", "Offre")],
        default="need",
    )
    sentence = TextAreaField("En une phrase, de quoi s’agit-il\u00a0?")
    organisation = SelectField("Au nom de", choices=[SelectChoice("1", "Carrefour Mille Accents")])
    quantity = IntegerField("Combien")
    since = DateField("Du")
    until = DateField("Au")
    languages = SelectMultipleField(
        "Langues",
        choices=[SelectChoice("fr", "français"), SelectChoice("en", "anglais")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    basis = RadioField(
        "Manière",
        choices=[SelectChoice("loan", "Prêt"), SelectChoice("gift", "Don")],
        default="loan",
    )
    logo = FileField("Logo")
    terms = BooleanField(
        "J’accepte les conditions", [DataRequired("Cochez la case pour continuer.")]
    )
    what = StringField("Quoi", default="Tableau blanc")
    how_many = IntegerField("Combien", default=1)
    manner = SelectField("Manière", choices=[SelectChoice("loan", "Prêt")])
    email = EmailField("Courriel")


def filled_form() -> SampleForm:
    """The sample form, sent with two mistakes."""
    form = SampleForm(
        MultiDict(
            {
                "purpose": "need",
                "sentence": "Nous cherchons une salle accessible",
                "organisation": "1",
                "quantity": "une douzaine",
                "since": "2026-09-05",
                "until": "2026-09-07",
                "languages": "fr",
                "basis": "loan",
                "what": "Tableau blanc",
                "how_many": "1",
                "manner": "loan",
            }
        )
    )
    form.validate()
    form.quantity.errors = ["Écrivez un nombre, par exemple 12."]
    return form


def render_styleguide() -> str:
    """The whole page as HTML."""
    template = bare_environment().get_template("styleguide.html")
    return template.render(
        language="fr",
        alternates=ALTERNATES,
        viewer=None,
        messages=[],
        source_url="/source",
        cards=CARDS,
        form=filled_form(),
    )


class _Handler(SimpleHTTPRequestHandler):
    pages: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        if page is None:
            super().do_GET()
            return
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'self'"
        )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def serve(pages: dict[str, str]) -> ThreadingHTTPServer:
    """Serve these pages and the static files on a free port, in a thread."""
    _Handler.pages = pages
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(ROOT)))
    Thread(target=server.serve_forever, daemon=True).start()
    return server
