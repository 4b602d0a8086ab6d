"""Sample cards, and a bare Jinja environment that knows nothing of the application."""

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from board.web.context import drawn_once
from board.web.filter_rows import checked_words, filter_rows

ROOT = Path(__file__).resolve().parents[2]
NB = "\u00a0"


@dataclass(frozen=True)
class Line:
    """One line of a card, its words ready."""

    title: str
    words: str
    gauge: list[bool] = field(default_factory=list)


@dataclass(frozen=True)
class Card:
    """The attributes that the card macros read."""

    purpose: str
    title_html: Markup
    lines: list[Line]
    kind_label: str
    organisation_name: str
    place_label: str
    uuid: str = "0"
    url: str = "/fr/p/0"
    language: str = "fr"
    basis_label: str = ""
    freshness: str = "fresh"
    freshness_label: str = "confirmé il y a 6 jours"
    more_lines_label: str = ""
    distance_label: str = ""
    dates_label: str = ""
    rhythm: str = ""
    state_label: str | None = None
    heading_level: int = 2

    @property
    def purpose_label(self) -> str:
        """The word of the mark."""
        return "Besoin" if self.purpose == "need" else "Offre"


def pieces(solid: int, total: int) -> list[bool]:
    """A gauge of so many solid pieces."""
    return [index < solid for index in range(total)]


CARDS = [
    Card(
        "offer",
        Markup("<mark>Chaises</mark> pliantes et tables pour vos fêtes de quartier"),
        [
            Line("Chaises pliantes", "reste 12 sur 40", pieces(3, 10)),
            Line("Tables de six pieds", "reste 4 sur 6", pieces(4, 6)),
        ],
        "Outil ou équipement",
        "Maison des voisins du Canal",
        "Saint-Henri, Montréal",
        uuid="1",
        basis_label="prêt",
        distance_label=f"à 3{NB}km",
        dates_label="du 1ᵉʳ mai au 30 octobre",
    ),
    Card(
        "need",
        Markup("Deux personnes pour la soupe du jeudi midi"),
        [Line("Service et vaisselle", "2 à trouver sur 5", pieces(3, 5))],
        "Bénévolat",
        "Cuisine collective La Cuillère de bois",
        "Rosemont, Montréal",
        uuid="2",
        distance_label=f"à 2{NB}km",
        freshness_label="confirmé hier",
        dates_label=f"les jeudis, de 10{NB}h à 14{NB}h",
    ),
    Card(
        "need",
        Markup("Une salle pour nos ateliers de francisation, accessible en fauteuil roulant"),
        [Line(f"Salle pour 20{NB}personnes", "1 à trouver")],
        "Espace",
        "Carrefour Mille Accents",
        "Parc-Extension, Montréal",
        uuid="3",
        basis_label="prêt ou coût partagé",
        distance_label=f"à 4{NB}km",
        freshness_label="confirmé il y a 12 jours",
        dates_label="à partir du 14 septembre",
    ),
    Card(
        "offer",
        Markup("Perceuse à percussion et coffre de mèches"),
        [Line("Perceuse à percussion", "1 disponible")],
        "Outil ou équipement",
        "Outilthèque des Quatre Vents",
        "Rosemont, Montréal",
        uuid="4",
        basis_label="prêt",
        freshness="to_confirm",
        freshness_label=f"à confirmer{NB}: dernière fois il y a 84{NB}jours",
        distance_label=f"à 2{NB}km",
    ),
    Card(
        "need",
        Markup("Conductrices et conducteurs pour livrer des repas aux aînés"),
        [
            Line("Tournées du midi", "7 à trouver sur 10", pieces(3, 10)),
            Line("Tournées du soir", "2 à trouver sur 2", pieces(0, 2)),
            Line("Anticonstitutionnellement très longue ligne", "1 à trouver"),
        ],
        "Bénévolat",
        "Popote des Trois Clochers",
        "Lachine, Montréal",
        uuid="5",
        more_lines_label="et 2 autres éléments",
        freshness="stale",
        freshness_label=f"pas confirmé depuis 5{NB}mois",
        distance_label=f"à 9{NB}km",
    ),
    Card(
        "offer",
        Markup("Bacs de jardin en bois, à venir chercher"),
        [Line("Bacs de 1 m sur 60 cm", "reste 0 sur 15", pieces(0, 10))],
        "Outil ou équipement",
        "Jardin communautaire des Cheminots",
        "Pointe-Saint-Charles, Montréal",
        uuid="6",
        basis_label="don",
        state_label="Complet, merci",
    ),
]


def bare_environment() -> Environment:
    """Jinja as the application sets it up, with stand-ins for its globals."""
    env = Environment(
        loader=FileSystemLoader([ROOT / "templates", ROOT / "tests" / "design"]),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals["asset"] = lambda path: f"/static/{path}"
    env.globals["url_for"] = lambda endpoint, filename="", **_: (
        f"/static/{filename}" if filename else f"/fr/#{endpoint}"
    )
    env.globals |= {"drawn_once": drawn_once, "filter_rows": filter_rows}
    env.globals["checked_words"] = checked_words
    env.globals["csrf_token"] = lambda: "token"
    return env
