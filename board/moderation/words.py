"""Rules and decisions in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from board.moderation.rules import Cause, Rule, Verdict, Waiting

TITLES = {
    Rule.TRUE: _l("Dire vrai"),
    Rule.OWN_NAME: _l("Parler en son propre nom"),
    Rule.NOT_FOR_SALE: _l("Ne rien vendre"),
    Rule.RESPECT: _l("Respecter les personnes"),
    Rule.PRIVACY: _l("Protéger la vie privée"),
    Rule.SAFETY: _l("Ne mettre personne en danger"),
    Rule.IN_PLACE: _l("Rester dans le sujet"),
}
TEXTS = {
    Rule.TRUE: _l(
        "Ce qui est annoncé existe, et se passe comme c’est dit. On ne trompe pas sur qui on est, "
        "ni sur ce qu’on cherche ou offre. Ce qui n’est plus vrai est retiré ou marqué complet."
    ),
    Rule.OWN_NAME: _l(
        "On publie pour une organisation qui est d’accord. On n’en nomme pas une autre sans son "
        "oui, et on ne prend pas un nom qui fait croire qu’on est elle."
    ),
    Rule.NOT_FOR_SALE: _l(
        "Ici on prête, on donne, on partage, on échange, ou on se répartit un coût. Pas de prix "
        "de marché, pas de publicité, pas de sollicitation de dons en argent déguisée."
    ),
    Rule.RESPECT: _l(
        "Pas de haine, de menace, de harcèlement ni de moquerie. Personne n’est écarté pour son "
        "origine, sa langue, son genre, son handicap, son âge ou ses croyances."
    ),
    Rule.PRIVACY: _l(
        "Aucun renseignement sur une autre personne sans son accord. Pas de coordonnées dans le "
        "texte : le contact passe par le babillard."
    ),
    Rule.SAFETY: _l(
        "Rien d’illégal, rien de dangereux, aucune fraude. Le bénévolat n’est pas un travail "
        "caché ; une activité avec des enfants dit qui en répond."
    ),
    Rule.IN_PLACE: _l(
        "Une annonce est un besoin ou une offre d’une organisation communautaire. Pas de doublons, "
        "pas d’envois en nombre, pas de propagande."
    ),
}
DECIDE = {
    Verdict.HIDE: _l("Masquer"),
    Verdict.RESTORE: _l("Remettre"),
    Verdict.DECLINE: _l("Refuser"),
    Verdict.RELEASE: _l("Publier"),
    Verdict.KEEP: _l("Laisser comme c’est"),
    Verdict.VERIFY: _l("Vérifier"),
    Verdict.UNVERIFY: _l("Retirer la vérification"),
}
WHAT_FOLLOWS = {
    Verdict.HIDE: _l("Plus personne ne la voit, sauf les siens et la modération."),
    Verdict.RESTORE: _l("Elle revient là où elle était."),
    Verdict.DECLINE: _l("Elle n’est pas publiée ; son organisation peut la corriger."),
    Verdict.RELEASE: _l("Elle est sur le babillard tout de suite."),
    Verdict.KEEP: _l("Rien ne change."),
    Verdict.VERIFY: _l("Elle porte « vérifiée » ; un autre nom lui retire ce mot."),
    Verdict.UNVERIFY: _l("Elle porte « non vérifiée »."),
}
DECIDED = {
    Verdict.HIDE: _l("Masquée"),
    Verdict.RESTORE: _l("Remise"),
    Verdict.DECLINE: _l("Refusée"),
    Verdict.RELEASE: _l("Publiée"),
    Verdict.KEEP: _l("Laissée comme c’était"),
    Verdict.VERIFY: _l("Vérifiée"),
    Verdict.UNVERIFY: _l("Vérification retirée"),
}
WAITING = {
    Waiting.APPEAL: _l("Appels"),
    Waiting.REPORT: _l("Signalements"),
    Waiting.HELD: _l("Premières annonces"),
    Waiting.NAMING: _l("Noms sans réponse"),
    Waiting.LOOK_ALIKE: _l("Noms qui se ressemblent"),
    Waiting.UNVERIFIED: _l("Organisations à vérifier"),
}
HELD = {
    Cause.NEWCOMER: _l("première annonce d’une organisation pas encore vérifiée"),
    Cause.NAMING: _l("nomme une autre organisation"),
}


@dataclass(frozen=True, slots=True)
class CitedRule:
    """A rule as it is cited: its number, title, text, and where it is on its page."""

    key: str
    number: int
    title: str
    text: str

    @property
    def anchor(self) -> str:
        """Its place on the page of the rules."""
        return f"rule-{self.number}"


def cited(rule: Rule) -> CitedRule:
    """Return a rule in the reader's words."""
    return CitedRule(rule.value, rule.number, str(TITLES[rule]), str(TEXTS[rule]))


def all_rules() -> list[CitedRule]:
    """Return every rule, in order."""
    return [cited(rule) for rule in Rule]


def rule_line(rule: Rule | None) -> str:
    """Cite a rule in one line: « Règle 2 : Parler en son propre nom »."""
    if rule is None:
        return ""
    return _("Règle %(n)s : %(title)s", n=rule.number, title=TITLES[rule])


def named_warning(names: list[str]) -> str:
    """Tell an author which organisations are named, and what happens with a post that does."""
    if not names:
        return ""
    said = ", ".join(_("« %(word)s »", word=name) for name in names)
    return ngettext(
        "Vous nommez %(names)s. Son oui est nécessaire : si vous continuez ainsi, nous le lui "
        "demandons, et l’annonce attend sa réponse. Sinon, retirez son nom.",
        "Vous nommez %(names)s. Leur oui est nécessaire : si vous continuez ainsi, nous le leur "
        "demandons, et l’annonce attend leurs réponses. Sinon, retirez leurs noms.",
        len(names),
        names=said,
    )
