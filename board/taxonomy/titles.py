"""From a person’s sentence to a title: « Nous cherchons » goes, nothing else is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_TITLE = 120
LONGEST_LINE_TITLE = 80
_APOSTROPHE = "['’ʼ]"

_GREETING = re.compile(
    r"^(?:bonjour|salut|allô|bonsoir|hello|hi|hola|buenos días|buenas)"
    r"(?: (?:à tous|à toutes|tout le monde|everyone|all|there|a todos|a todas))*(?: et à toutes)?"
    r"\s*[,!.:;–—-]+\s*",
    re.IGNORECASE,
)
_MANNER = r"(?:(?:aussi|vraiment|urgemment|toujours|actuellement|présentement|grandement|encore) )*"
_FRENCH = (
    rf"(?:(?:nous|on|je) (?:re)?cherch(?:ons|e) {_MANNER}(?:à (?:trouver|avoir) )?"
    rf"|(?:nous sommes|on est|je suis) {_MANNER}à la recherche d(?:e |{_APOSTROPHE})"
    rf"|(?:nous avons|on a|j{_APOSTROPHE}ai|nous aurions|on aurait|j{_APOSTROPHE}aurais|avons)"
    rf" {_MANNER}(?:grand )?besoin d(?:e |{_APOSTROPHE})"
    rf"|aidez-nous à trouver |il nous (?:faut|faudrait|manque) {_MANNER}"
    rf"|(?:nous|on|je) (?:vous )?(?:offr(?:ons|e)|propos(?:ons|e)) (?:aussi )?(?:de (?=\w+r\b))?"
    r"|(?:nous|on|je) (?:aim|voud|souhait)(?:erions|erait|erais|rions|rait|rais|ons|e) "
    r"(?:bien )?(?:trouver |avoir |obtenir )?"
    rf"|quelqu{_APOSTROPHE}une? (?:aurait-il|aurait-elle|a-t-il|a-t-elle|aurait|a|peut|pourrait) "
    rf"|(?:avez|auriez)-vous |(?:pouvez|pourriez)-vous (?:nous )?(?:prêter |donner |fournir )"
    rf"|^(?:re)?cherch(?:ons|e) |^recherchée?s? ?: ?|cherchons "
    rf"|offrons |besoin d(?:e |{_APOSTROPHE})"
    rf"|(?:nous avons|on a|j{_APOSTROPHE}ai) "
    rf"|(?:nous )?(?:prêt|donn|partage)(?:ons|e) (?:aussi )?)"
)
_ENGLISH = (
    r"(?:(?:we are|we['’]re|i am|i['’]m|currently)? ?(?:still |now )?(?:looking|searching) for "
    r"|(?:we|i) (?:also |urgently |really )?(?:need|seek|require|want|could use) (?:to )?"
    r"|(?:we|i) (?:can |could )?(?:also )?(?:offer|share|lend|provide|propose) "
    r"|we would (?:like|love) (?:to (?:find|borrow|have|get) )?|(?:we are|we['’]re) in need of "
    r"|(?:does|would) (?:anyone|anybody|someone) have |could (?:anyone|someone) lend us "
    r"|(?:we are|we['’]re) offering |in need of |we have "
    r"|^(?:wanted|needed|seeking|offering) ?:? ?)"
)
_SPANISH = (
    r"(?:(?:nosotros )?(?:estamos buscando|buscamos|necesitamos|requerimos|ofrecemos|tenemos"
    r"|compartimos|prestamos|quisiéramos|querríamos|nos gustaría) (?:encontrar |conseguir |tener )?"
    r"|(?:busco|necesito|ofrezco|tengo) |nos (?:hace falta|hacen falta|falta|faltan) "
    r"|¿?(?:alguien tiene|alguien tendría|tienen|alguien puede) )"
)
# What stands before a colon, as on a paper card: « À prêter : 40 chaises ».
_HEADING_FR = (
    r"(?:[àa] (?:prêter|donner|partager|offrir|échanger)|prêts?|dons?|(?:nous |on )?offr(?:ons|e)s?"
    r"|(?:nous (?:avons|aurions) )?besoins?|(?:nous |on )?(?:re)?cherch(?:ons|e)|recherchée?s?"
    r"|(?:il )?(?:nous )?manque|disponibles?)\s?:\s*"
)
_HEADING_EN = (
    r"(?:(?:to|for) (?:lend|loan|give(?: away)?|share)|free"
    r"|(?:we )?(?:offer|need|share)s?(?:ed|ing)?"
    r"|wanted|(?:we are |we['’]re )?looking for|available)\s?:\s*"
)
_HEADING_ES = (
    r"(?:se (?:prestan?|donan?|regalan?|compart(?:e|en)|ofrecen?|buscan?|necesitan?)"
    r"|para (?:prestar|donar|compartir)|(?:ofrec|busc|necesit)(?:emos|amos|o))\s?:\s*"
)
_KEPT_VERBS = re.compile(r"(?:prêt|donn|partage|lend|share|prestamos|compartimos)", re.IGNORECASE)
_HEADING = re.compile(
    rf"^(?:(?P<fr>{_HEADING_FR})|(?P<en>{_HEADING_EN})|(?P<es>{_HEADING_ES}))", re.IGNORECASE
)
_LEAD = re.compile(
    rf"(?<!\w)(?:(?P<fr>{_FRENCH})|(?P<en>{_ENGLISH})|(?P<es>{_SPANISH}))", re.IGNORECASE
)
_PARTITIVE = re.compile(
    rf"^(?:des |de la |de l{_APOSTROPHE}|du |d{_APOSTROPHE}|some |any |unos |unas "
    r"|a (?=alguien|persona|voluntari))",
    re.IGNORECASE,
)
# « Besoin de chaises et de tables »: without its lead, the second « de » goes too.
_NEED_OF = re.compile(rf"besoin d(?:e |{_APOSTROPHE})$", re.IGNORECASE)
_AND_OF = re.compile(rf"(,| et| ou) d(?:e |{_APOSTROPHE})", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?:une? (?:ou une? )?|une?\W{1,2}e?s?\)? |an? |una? |l[ea] |les |the |el |los |las "
    r"|notre |nos |our |nuestr[oa]s? )",
    re.IGNORECASE,
)
_OF = re.compile(rf"^(?:de |d{_APOSTROPHE}|of )", re.IGNORECASE)
_POLITE = re.compile(
    r"[\s,;]*(?:s[’']il vous pla[iî]t|svp|s\.v\.p\.?|merci(?: d[’']avance| beaucoup)?|please"
    r"|thank you|thanks(?: in advance)?|por favor|gracias(?: de antemano)?)[\s.!]*$",
    re.IGNORECASE,
)
_PREPOSITION = r"(?:à|au|aux|dans|en|près d[eu]|in|at|near|around|cerca de|por)(?: l[ea]s?)?"
_PLACE_BEFORE = rf"[\s,;]*(?:{_PREPOSITION}|@|[,;–—-])\s*"
_CUTS = re.compile(r"[.;:!?] | [–—-] |, | (?=(?:pour|afin|for|so|para|avec|with|con|qui|who|que) )")


@dataclass(frozen=True, slots=True)
class Lead:
    """« Nous cherchons » in a sentence: where it stands, and in which language."""

    start: int = 0
    end: int = 0
    language: str | None = None


def find_lead(text: str) -> Lead:
    """Where « nous cherchons » stands in the sentence; at 0 and empty when it does not."""
    match = _HEADING.match(text) or _LEAD.search(text)
    return Lead(match.start(), match.end(), match.lastgroup) if match else Lead()


def title_of(text: str, place_words: str | None = None) -> str:
    """Return the sentence as a title; the place is left out where it ends the sentence."""
    text = _GREETING.sub("", text)
    lead = find_lead(text)
    goes = ":" in text[: lead.end] or not _KEPT_VERBS.search(text[: lead.end])
    if lead.start == 0 and lead.end < len(text) and goes:
        is_of = _NEED_OF.search(text[: lead.end])
        text = _PARTITIVE.sub("", text[lead.end :].lstrip(" :")).rstrip("?¿ \u00a0\u202f")
        things, purpose, what_for = text.partition(" pour ")
        text = _AND_OF.sub(r"\1 ", things) + purpose + what_for if is_of else text
    text = _POLITE.sub("", text)
    if place_words:
        text = _without_place(text, place_words)
    return _capital(shorten(_bare(text), LONGEST_TITLE))


def line_title_of(text: str, start: int, end: int) -> str:
    """Return the name of the thing alone: text[start:end] without its article or « de »."""
    piece = _ARTICLE.sub("", _PARTITIVE.sub("", text[start:end].strip(" )")))
    piece = _OF.sub("", piece)
    return _capital(shorten(_bare(piece), LONGEST_LINE_TITLE))


def shorten(text: str, longest: int) -> str:
    """Cut a long text where a clause ends, else between two words with an ellipsis."""
    if len(text) <= longest:
        return text
    cuts = [m.start() for m in _CUTS.finditer(text) if longest // 3 <= m.start() <= longest]
    if cuts:
        return _bare(text[: cuts[-1]])
    head = text[: longest - 1]
    kept = head.rsplit(" ", 1)[0] if " " in head else head
    return kept.rstrip(" ,;:") + "…"


def _without_place(text: str, place_words: str) -> str:
    shorter = re.sub(rf"{_PLACE_BEFORE}{re.escape(place_words)}[\s.!]*$", "", text, flags=re.I)
    return shorter or text


def _bare(text: str) -> str:
    text = text.strip().strip(",;:–—- ")
    return text if text.endswith(("...", "etc.", "…")) else text.rstrip(" .!")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
