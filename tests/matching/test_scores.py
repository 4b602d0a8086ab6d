"""What a score may never do: gain by silence, rise with distance, differ by who is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from board.matching import rules, scores
from board.matching.pairs import Compared, Line, Reader
from board.matching.rules import Gate, LineFacts
from board.matching.scores import NAMES, NEUTRAL, Kinship, Parts
from board.matching.text import KEPT_TEXTS, MEASURES, Corpus, alike, count_words, words_of
from board.posts.rules import Attendance, Audience, Basis, Kind, Purpose
from board.taxonomy.places import Point

TITLES = [
    "Chaises pliantes",
    "Quarante chaises",
    "Perceuse",
    "Salle pour réunions",
    "Aide au jardin",
]
TITLES += ["Cours de guitare", "Perceusse sans fil", "Tables et chaises", ""]
FIRST_DAY = date(2027, 1, 1)
reader = Reader(
    {"fr": Corpus(count_words(TITLES * 4), len(TITLES) * 4, "fr")},
    Kinship({"chairs": ("furniture",), "tables": ("furniture",)}, {}),
)
parts = st.builds(
    Parts,
    **{n: st.none() | st.floats(0, 1) for n in NAMES if n != "text"},
    text=st.floats(0, 1),
)
days = st.none() | st.integers(0, 60).map(lambda n: FIRST_DAY + timedelta(days=n))
points = st.none() | st.builds(
    Point,
    st.floats(45, 49).map(lambda x: round(x, 2)),
    st.floats(-75, -64).map(lambda x: round(x, 2)),
)


@st.composite
def facts(draw: st.DrawFn, purpose: Purpose | None = None) -> LineFacts:
    first, last = draw(days), draw(days)
    if first and last and last < first:
        first, last = last, first
    return LineFacts(
        purpose=purpose or draw(st.sampled_from(Purpose)),
        kind=draw(st.sampled_from(Kind)),
        organisation_id=draw(st.none() | st.integers(1, 3)),
        audience=draw(st.sampled_from(Audience)),
        is_member=draw(st.booleans()),
        answerable=draw(st.booleans()),
        remaining=draw(st.none() | st.integers(0, 3)),
        needed_from=first,
        needed_until=last,
        attendance=draw(st.none() | st.sampled_from(Attendance)),
        reach_km=draw(st.none() | st.integers(0, 300)),
        basis=draw(st.none() | st.sampled_from(Basis)),
        blocks=draw(st.frozensets(st.integers(1, 3), max_size=2)),
    )


@st.composite
def lines(draw: st.DrawFn) -> Line:
    return Line(
        facts=draw(facts()),
        title=draw(st.sampled_from(TITLES)),
        tags=tuple(draw(st.lists(st.sampled_from(["fête", "jardin", "été"]), unique=True))),
        description=draw(st.sampled_from(TITLES)),
        concepts=draw(
            st.dictionaries(st.sampled_from(["chairs", "tables", "drill"]), st.just(1.0))
        ),
        point=draw(points),
    )


@settings(deadline=None)
@given(parts)
def test_a_score_is_between_nothing_and_one(p: Parts) -> None:
    assert 0 <= scores.score(p) <= 1


@given(parts, st.sampled_from(NAMES))
def test_a_stated_reason_that_becomes_unknown_lowers_the_score(p: Parts, name: str) -> None:
    if scores.is_reason(getattr(p, name)) and getattr(p, name) > NEUTRAL + 0.001:
        silent: Any = {name: 0.0 if name == "text" else None}
        without = replace(p, **silent)
        assert scores.score(without) < scores.score(p)


@given(parts)
def test_nobody_gains_by_saying_nothing(p: Parts) -> None:
    assert scores.score(Parts()) <= scores.score(p)


@given(lines(), lines())
def test_an_emptied_line_never_scores_higher(a: Line, b: Line) -> None:
    emptied = Line(facts=replace(b.facts, needed_from=None, needed_until=None), title="")
    assert reader.compare(a, emptied).score <= reader.compare(a, b).score


@given(parts, st.floats(0, 20_000), st.floats(0, 20_000))
def test_more_distance_never_raises_a_score(p: Parts, one: float, more: float) -> None:
    near, far = sorted((one, more))
    closer = replace(p, nearness=scores.nearness_part(near))
    farther = replace(p, nearness=scores.nearness_part(far))
    assert scores.score(farther) <= scores.score(closer)


@given(lines(), lines())
def test_a_pair_scores_the_same_from_both_sides_and_each_time(a: Line, b: Line) -> None:
    here, there = reader.compare(a, b), reader.compare(b, a)
    assert here.score == there.score
    assert reader.compare(a, b) == here


@given(lines(), lines())
def test_each_reason_told_is_worth_more_than_not_knowing(a: Line, b: Line) -> None:
    compared: Compared = reader.compare(a, b)
    for reason in compared.reasons:
        assert getattr(compared.parts, reason["part"]) > NEUTRAL
    assert not {r["part"] for r in compared.reasons} & set(compared.unknown)


@given(facts(), facts(), st.none() | st.floats(0, 1000))
def test_gates_are_symmetric(a: LineFacts, b: LineFacts, km: float | None) -> None:
    assert rules.contradiction(a, b, km) == rules.contradiction(b, a, km)


@given(facts(Purpose.NEED), facts(Purpose.OFFER), st.none() | st.floats(0, 1000))
def test_no_contradiction_passes_the_gates(a: LineFacts, b: LineFacts, km: float | None) -> None:
    if rules.contradiction(a, b, km) is not None:
        return
    assert a.kind is b.kind
    assert a.answerable and b.answerable
    assert 0 not in (a.remaining, b.remaining)
    if a.organisation_id is not None:
        assert a.organisation_id != b.organisation_id
        assert a.organisation_id not in b.blocks
    if b.needed_until is not None and a.needed_from is not None:
        assert a.needed_from <= b.needed_until
    if b.needed_from is not None and a.needed_until is not None:
        assert b.needed_from <= a.needed_until
    for line in (a, b):
        if km is not None and line.reach_km is not None:
            assert km <= line.reach_km or Attendance.ONLINE in (a.attendance, b.attendance)


@given(st.sampled_from(Kind), facts(Purpose.OFFER))
def test_what_is_unknown_never_excludes(kind: Kind, offer: LineFacts) -> None:
    need = LineFacts(purpose=Purpose.NEED, kind=kind)
    offer = replace(
        offer,
        kind=kind,
        answerable=True,
        audience=Audience.PUBLIC,
        remaining=None,
        blocks=frozenset(),
    )
    assert rules.contradiction(need, offer, None) is None


def test_each_gate_has_a_case_of_its_own() -> None:
    need = LineFacts(Purpose.NEED, Kind.TOOL, organisation_id=1, needed_until=FIRST_DAY)
    offer = LineFacts(Purpose.OFFER, Kind.TOOL, organisation_id=2, reach_km=10)
    cases = {
        Gate.PURPOSE: replace(offer, purpose=Purpose.NEED),
        Gate.KIND: replace(offer, kind=Kind.SPACE),
        Gate.CLOSED: replace(offer, answerable=False),
        Gate.ORGANISATION: replace(offer, blocks=frozenset({1})),
        Gate.AUDIENCE: replace(offer, audience=Audience.MEMBERS),
        Gate.NOTHING_LEFT: replace(offer, remaining=0),
        Gate.WINDOW: replace(offer, needed_from=FIRST_DAY + timedelta(days=1)),
    }
    for gate, line in cases.items():
        assert rules.contradiction(need, line, 5) is gate
    assert rules.contradiction(need, offer, 5) is None
    assert rules.contradiction(need, offer, 11) is Gate.RADIUS
    here = replace(need, attendance=Attendance.HERE)
    assert (
        rules.contradiction(here, replace(offer, attendance=Attendance.HERE), 5) is Gate.ATTENDANCE
    )


def test_a_typing_error_is_read_as_the_word_that_was_meant() -> None:
    need = Line(LineFacts(Purpose.NEED, Kind.TOOL), title="Perceusse")
    offer = Line(LineFacts(Purpose.OFFER, Kind.TOOL), title="Perceuse")
    corpus = Corpus(count_words(["Perceuse"] * 20 + ["Table"] * 30), 50, "fr")
    compared = Reader({"fr": corpus}, scores.NO_KIN).compare(need, offer)
    words = compared.reasons[0]["words"]
    assert words == [{"here": "perceusse", "there": "perceuse", "read": "perceuse"}]


def titles_compared(corpus: Corpus, one: str, other: str) -> Compared:
    """Two titles beside each other."""
    ends = [Line(LineFacts(purpose, Kind.TOOL), title=title)
            for purpose, title in ((Purpose.NEED, one), (Purpose.OFFER, other))]  # fmt: skip
    return Reader({"fr": corpus}, scores.NO_KIN).compare(ends[0], ends[1])


def words_told(corpus: Corpus, one: str, other: str) -> list[dict[str, str]]:
    """The words that are told of two titles."""
    reasons = titles_compared(corpus, one, other).reasons
    return next((reason["words"] for reason in reasons if reason["part"] == "text"), [])


def test_a_word_that_both_write_is_told_as_it_is_and_first() -> None:
    said = count_words(["Salle à louer"] * 30 + ["Perceuse"] * 20 + ["Bercer et jouer"])
    corpus = Corpus(said, 51, "fr", real={"perceuses"})
    here = {"here": "jouer", "there": "jouer"}
    assert here in words_told(corpus, "Jouer et bercer", "Bercer et jouer")
    assert corpus.read("jouer").read_as == {}, "a wrong first letter counts double"
    told = words_told(corpus, "Perceusse et mèches", "Mèches et perceuse")
    assert [word.get("read") for word in told] == [None, "perceuse"]
    assert len({word["here"] for word in told}) == len(told)
    assert Corpus(said, 51, "fr", real={"perceusse"}).read("perceusse").read_as == {}


def test_the_same_use_makes_no_likeness() -> None:
    corpus = Corpus(count_words(["Grelinette pour le jardin", "Hostas pour le jardin"]), 2, "fr")
    told = words_told(corpus, "Grelinette pour le jardin", "Hostas pour votre jardin")
    assert told == []
    somebody = titles_compared(corpus, "Quelqu’un pour le jardin", "Aide au jardin")
    assert somebody.parts.text > 0.1, "who asks for somebody names the task after « pour »"
    guide = words_told(corpus, "Translate a guide into English", "Lessons in English")
    assert guide == []


def test_volunteers_are_no_paid_service_and_on_line_nothing_is_far() -> None:
    point, far = Point(45.5, -73.6), Point(14.7, -17.4)
    need = Line(LineFacts(Purpose.NEED, Kind.VOLUNTEER), title="", concepts={"a": 1.0}, point=point)
    facts = LineFacts(Purpose.OFFER, Kind.VOLUNTEER, basis=Basis.SHARED_COST)
    paid = replace(need, facts=facts, point=far)
    assert not scores.is_convincing(reader.compare(need, paid).parts)
    assert scores.is_convincing(reader.compare(need, replace(need, facts=replace(
        facts, basis=None))).parts)  # fmt: skip
    on_line = replace(paid, facts=replace(facts, attendance=Attendance.ONLINE))
    assert reader.compare(need, on_line).parts.nearness == 1.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    corpus = Corpus(count_words([one, other]), 2, "fr")
    a, b = corpus.read(one), corpus.read(other)
    assert 0 <= alike(a, b) <= 1
    assert alike(a, b) == alike(b, a)
    if a.stems and not any(word in MEASURES or word.isdigit() for word in words_of(one)):
        assert alike(a, a) > 0.999


def test_what_is_kept_of_many_texts_is_small() -> None:
    corpus = Corpus(count_words(["chaises pliantes", "tables pliantes", "vaisselle"]), 3, "fr")
    texts = [
        corpus.read(f"des tables et des chaises pliantes {word}") for word in ("", "vaisselle")
    ]
    weights = [weight for text in texts for weight in text.runs.values()]
    assert len(weights) > 80
    assert len({id(weight) for weight in weights}) < len(weights) / 4
    assert abs(alike(texts[0], texts[0]) - 1) < 1e-9
    assert corpus.read.cache_parameters()["maxsize"] == KEPT_TEXTS <= 500


def test_how_much_and_when_are_no_likeness() -> None:
    titles = ["Bocaux d’un litre", "Presse à cidre de 40 litres", "Formation d’une journée"]
    corpus = Corpus(count_words(titles), len(titles), "fr")
    jars, press, training = map(corpus.read, titles)
    assert alike(jars, press) < 0.1
    assert 0.5 < alike(training, corpus.read("formation")) < 0.95


def test_only_the_same_concept_convinces_without_words() -> None:
    assert scores.is_convincing(Parts(concepts=scores.LINKED_FROM**2))
    assert not scores.is_convincing(Parts(concepts=0.7, text=0.1))
    assert scores.is_convincing(Parts(concepts=0.7, text=0.3))
    assert not scores.is_convincing(Parts(concepts=0.4, text=0.35)), "all teams are teams"
