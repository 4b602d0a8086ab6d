"""Which other organisations a text names: whole words of their names, in order, no false alarm."""

from __future__ import annotations

import re

from board.organisations.rules import SMALL_WORDS, plain_name, words_of

LONGEST_READ = 20_000
SHORTEST_ALONE = 6
_SENTENCE_END = re.compile(r"(?:^|[.!?:;»”\"\n(–—-])\s*(?:[«“\"]\s*)?$")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What so many groups are called that these words alone name nobody.
COMMON = _set(
    """accueil action actions adultes aide aine aines alimentaire alliance ami amigos amis
    animation art artistes arts asociacion asso association associations atelier ateliers
    banco banque benevole benevoles biblioteca bibliotheque bureau cafe carrefour casa
    center centre centres centro cercle chantier choeur citoyen citoyenne citoyennes
    citoyens club cocina coin colectivo collectif collective college comite comites
    committee communautaire communautaires communaute community comunidad comunitaria
    comunitario conseil coop cooperation cooperativa cooperative coordination corporation
    creation cuisine cuisines culture culturel culturelle cultures depannage developpement
    droit droits durable ecole ecoles economie education emploi employment enfance enfants
    ensemble entraide environnement equipe escuela espace espaces est familiale famille
    familles femme femmes ferme fondation fonds food formation forum foyer friends friperie
    garden grand group groupe groupes grupo habitation help hommes house housing huerto
    immigrant immigrants initiative insertion intervention jardin jardins jeune jeunes
    jeunesse jovenes kitchen la library ligue local locale locataires logement loisir
    loisirs lutte maison maisons marche mouvement mujeres mutuelle nature neighborhood
    neighbourhood network nord nouveaux nouvelle office ouest ouvert ouverte paix parents
    partage pauvrete petit petite place popote populaire populaires projet projets promotion
    quartier quartiers radio red regie regional regionale regroupement rencontre repair
    repas reseau rural sante secours senior seniors service services shelter social sociale
    society solidaire solidaires solidarite solidarites soupe sport sports sud support table
    team theater theatre together tool troupe union vecinos vert verte vie village ville
    vivienda voisin voisinage voisins volontaire volontaires women youth"""
)


def names_in(text: str, names: dict[int, str], known: frozenset[str] = frozenset()) -> list[int]:
    """Return which of these organisations (id: name) the text names.

    A name counts by its own words (no articles, no accents) in a row. One word alone counts only
    when it is long, nobody's common word (`known`: those of categories and places), and written
    with its capital inside a sentence; two or more count when they are not all common words, and
    three always.
    """
    text = text[:LONGEST_READ]
    row = f" {' '.join(_own(words_of(text)))} "
    found = []
    for organisation_id, name in names.items():
        words = _own(words_of(name))
        if not words or f" {' '.join(words)} " not in row:
            continue
        if len(words) == 1:
            if _stands_out(words[0], known) and _is_written(words[0], name, text):
                found.append(organisation_id)
        elif len(words) > 2 or any(word not in COMMON and word not in known for word in words):
            found.append(organisation_id)
    return found


def _own(words: list[str]) -> list[str]:
    return [word for word in words if word not in SMALL_WORDS]


def _stands_out(word: str, known: frozenset[str]) -> bool:
    return len(word) >= SHORTEST_ALONE and word not in COMMON and word not in known


def _is_written(word: str, name: str, text: str) -> bool:
    """Whether the word stands in the text as in the name, not only because a sentence begins."""
    parts = re.findall(r"[^\W_]+", plain_name(name))
    written = next((part for part in parts if words_of(part) == [word]), "")
    if not written or written.islower():
        return False
    whole = re.compile(rf"(?<!\w){re.escape(written)}(?!\w)")
    return any(not _SENTENCE_END.search(text[: hit.start()]) for hit in whole.finditer(text))
