"""While a sentence is written: the opposite lines that fit it, by the same score as later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import g
from markupsafe import Markup

from board.extensions import db
from board.matching import knowledge, meaning, pairing, reading, wording
from board.matching.knowledge import Knowledge
from board.matching.pairs import Compared, Reason
from board.matching.pairs import Line as ReadLine
from board.matching.reading import BY_RULE, OWN, Known
from board.matching.rules import LineFacts
from board.matching.scores import AKIN, CONVINCES_ALONE
from board.organisations.models import Organisation
from board.posts.rules import Kind, Purpose
from board.posts.similar import Written
from board.search import current_engine
from board.taxonomy.places import Point

UNPUBLISHED = 0


@dataclass(frozen=True, slots=True)
class Opposite:
    """A post that a sentence would be matched with, and why; without words, it is only akin."""

    post_id: int
    reason: Markup
    shares_words: bool


def find(written: Written, limit: int) -> Sequence[Opposite]:
    """Return the posts that fit best what is being written, best first."""
    known = knowledge.current()
    found: list[tuple[Known, Compared]] = []
    for kind in [Kind(written.kind)] if written.kind else Kind:
        if found:  # words that say no kind make a thing of it, as the form does
            break
        line = _line(written, kind, known)
        ids = set(current_engine().candidates(pairing.sought(line, known)))
        others = reading.lines(ids, known).values()
        pairs = [(other, pairing.compare(line, other, known)) for other in others]
        found += [(other, c) for other, c in pairs if c is not None and pairing.is_kept(c)]
    found.sort(key=lambda pair: (-pair[1].score, pairing.waiting(pair[0]), pair[0].id))
    out: dict[int, Opposite] = {}
    for other, compared in found:
        out.setdefault(other.post_id, _told(written, other, compared))
    return list(out.values())[:limit]


def _told(written: Written, other: Known, compared: Compared) -> Opposite:
    shares = _is_the_same(other, compared)
    said = [_as_written(written, reason) for reason in compared.reasons
            if reason["part"] != "nearness"]  # fmt: skip
    parts = {**compared.stored(), "nearness": None}  # the card says how far it is
    return Opposite(other.post_id, wording.why(said, parts), shares)


def _is_the_same(other: Known, compared: Compared) -> bool:
    """« Folding tables » share a word with folding chairs, and are a sister of them at most.

    In another language the same category says it: hardly a word can be shared.
    """
    concepts = compared.parts.concepts or 0.0
    if other.line.language != g.language and concepts >= CONVINCES_ALONE:
        reason = next(one for one in compared.reasons if one["part"] == "concepts")
        return bool(reason["here"] == reason["there"])
    words = any(reason["part"] == "text" for reason in compared.reasons)
    return words and not 0 < concepts < AKIN


def _as_written(written: Written, reason: Reason) -> Reason:
    """Quote the words as they are being written, in that order; pairs are told from needs."""
    if reason["part"] != "text":
        return reason
    mine, theirs = ("here", "there") if written.purpose is Purpose.NEED else ("there", "here")
    text = f"{written.line_title} {written.title}".lower()
    words = [{**word, "here": word[mine], "there": word[theirs]} for word in reason["words"]]
    return {**reason, "words": sorted(words, key=lambda word: text.find(word["here"]))}


def _line(written: Written, kind: Kind, known: Knowledge) -> Known:
    """Return the line that the sentence would become."""
    titles = [text for text in dict.fromkeys((written.line_title, written.title)) if text]
    concepts = {written.category: OWN} if written.category else {}
    meant = meaning.read(
        titles, language=g.language, kind=kind.value, category=written.category, known=known
    )
    concepts |= {key: BY_RULE for key, one in meant.items() if one.is_sure}
    line = ReadLine(
        facts=_facts(written, kind),
        title=titles[0] if titles else "",
        language=g.language,
        further_titles=tuple(titles[1:]),
        concepts=concepts,
        point=Point(*written.near) if written.near else None,
    )
    return Known(UNPUBLISHED, UNPUBLISHED, line, None)


def _facts(written: Written, kind: Kind) -> LineFacts:
    facts = LineFacts(purpose=Purpose(written.purpose), kind=kind)
    if written.organisation_id is None:
        return facts
    ours = db.session.get_one(Organisation, written.organisation_id)
    return replace(
        facts,
        organisation_id=ours.id,
        is_member=ours.verified_at is not None,
        blocks=reading.blocks({ours.id}).get(ours.id, frozenset()),
    )
