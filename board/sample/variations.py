"""More posts than anyone would write: the same life, told again with other things and places."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from board.posts.rules import Attendance, Basis, Kind, Purpose
from board.sample.content import FOLDER, SampleLine, SamplePost

T = TypeVar("T")
SEED = 20_260_901
_LANGUAGES = (("fr", 82), ("en", 12), ("es", 6))
_KINDS = ((Kind.TOOL, 38), (Kind.VOLUNTEER, 32), (Kind.SPACE, 15), (Kind.KNOWLEDGE, 15))
_BASES: Mapping[Kind, tuple[tuple[Basis | None, int], ...]] = {
    Kind.TOOL: ((Basis.LOAN, 55), (Basis.GIFT, 33), (Basis.EXCHANGE, 4), (Basis.SHARED_COST, 8)),
    Kind.SPACE: ((Basis.SHARING, 70), (Basis.SHARED_COST, 20), (Basis.LOAN, 10)),
    Kind.KNOWLEDGE: ((Basis.SHARING, 45), (Basis.EXCHANGE, 35), (Basis.GIFT, 20)),
    Kind.VOLUNTEER: ((None, 85), (Basis.EXCHANGE, 15)),
}
_ATTENDANCES = {
    Kind.TOOL: (Attendance.CARRIED, Attendance.CARRIED, Attendance.HERE),
    Kind.SPACE: (Attendance.HERE,),
    Kind.KNOWLEDGE: (Attendance.HERE, Attendance.THERE, Attendance.ONLINE),
    Kind.VOLUNTEER: (Attendance.HERE, Attendance.THERE),
}
_QUANTITIES = (1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40)
_STATES = ((None, 95), ("paused", 1), ("met", 2), ("withdrawn", 1), ("draft", 1))
_WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    (FOLDER / "variations.toml").read_text(encoding="utf-8")
)
# Newer than this are the written posts, so that a large board opens on them too.
YOUNGEST_DAYS = 4.0


@dataclass(frozen=True, slots=True)
class World:
    """What variations draw from: (key, words) of each kind and language, places, organisations."""

    things: Mapping[tuple[str, str], Sequence[tuple[str, str]]]
    near: Sequence[int]
    far: Sequence[int]
    organisations: Sequence[str]


def vary(number: int, world: World) -> SamplePost:
    """Return the post of that number, the same each time."""
    rng = Random(f"{SEED}:{number}")  # noqa: S311 - not a secret, only variety
    language = _pick(rng, _LANGUAGES)
    purpose = Purpose.NEED if rng.random() < 0.45 else Purpose.OFFER
    kind = _pick(rng, _KINDS)
    words = _WORDS[language]
    basis = _pick(rng, _BASES[kind])
    category, thing = rng.choice(world.things[language, kind])
    confirmed, published, expires, state = _life(rng)
    return SamplePost(
        organisation=rng.choice(world.organisations),
        purpose=purpose,
        language=language,
        title=_title(rng, words, words[purpose][basis or "none"], thing),
        lines=(_line(rng, words, kind=kind, basis=basis, category=category, thing=thing),),
        body=_body(rng, words["body"]),
        place=rng.choice(world.near if rng.random() < 0.8 else world.far),
        audience="members" if rng.random() < 0.02 else "public",
        tags=rng.sample(words["tags"], rng.choice((0, 1, 1, 2, 3))),
        confirmed_days_ago=confirmed,
        published_days_ago=published,
        expires_days=expires,
        state=state,
    )


def _title(rng: Random, words: dict[str, Any], patterns: Sequence[str], thing: str) -> str:
    pattern = rng.choice(patterns)
    return pattern.format(
        item=thing[0].upper() + thing[1:],
        thing=thing[0].lower() + thing[1:],
        when=rng.choice(words["when"]),
        occasion=rng.choice(words["occasion"]),
    )


def _body(rng: Random, sentences: Sequence[str]) -> str | None:
    if rng.random() < 0.4:
        return None
    return " ".join(rng.sample(sentences, rng.randint(1, 3)))


def _line(
    rng: Random,
    words: dict[str, Any],
    *,
    kind: Kind,
    basis: Basis | None,
    category: str,
    thing: str,
) -> SampleLine:
    quantity = None if kind is Kind.KNOWLEDGE and rng.random() < 0.5 else rng.choice(_QUANTITIES)
    first, last = _window(rng)
    lent = kind is Kind.TOOL and basis is Basis.LOAN
    return SampleLine(
        title=thing[0].upper() + thing[1:],
        kind=kind,
        category=category,
        basis=basis,
        quantity=quantity,
        committed=rng.randint(0, quantity - 1) if quantity and rng.random() < 0.4 else 0,
        from_days=first,
        until_days=last,
        attendance=rng.choice(_ATTENDANCES[kind]),
        reach_km=rng.choice((None, 3, 5, 8, 10, 15, 25, 40)),
        effort=rng.choice(words["effort"]) if kind is Kind.VOLUNTEER else None,
        conditions=rng.choice(words["conditions"]) if lent and rng.random() < 0.5 else None,
    )


def _window(rng: Random) -> tuple[int | None, int | None]:
    chance = rng.random()
    if chance < 0.5:
        return None, None
    first = rng.randint(1, 120)
    if chance < 0.6:
        return first, None
    if chance < 0.7:
        return None, first
    return first, first + rng.choice((0, 0, 1, 2, 7, 30, 60))


def _life(rng: Random) -> tuple[float, float, int | None, str | None]:
    """Draw the ages of the last confirmation and of the publication, the end, and the state."""
    chance = rng.random()
    if chance < 0.04:
        confirmed = rng.uniform(121, 200)
    elif chance < 0.12:
        confirmed = rng.uniform(91, 119)
    else:
        confirmed = rng.uniform(YOUNGEST_DAYS, 89)
    published = confirmed + (0 if rng.random() < 0.5 else rng.uniform(3, 300))
    expires = None
    if 0.12 <= chance < 0.40:
        expires = rng.randint(2, 120)
    elif chance > 0.99:
        expires = -rng.randint(2, 28)
        confirmed, published = max(confirmed, 40.0), max(published, 40.0)
    return confirmed, published, expires, _pick(rng, _STATES)


def _pick(rng: Random, weighted: Sequence[tuple[T, int]]) -> T:
    return rng.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
