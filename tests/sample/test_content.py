"""What the sample data says, before any database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from board.contacts import find_contacts
from board.sample import content
from board.sample.content import SampleLine, SamplePost

POSTS = content.posts()
ORGANISATIONS = content.organisations()


def texts(post: SamplePost) -> Iterator[str]:
    """Every word of a post that readers see."""
    yield post.title
    yield post.body or ""
    yield from post.tags
    for line in post.lines:
        yield from (line.title, line.unit or "", line.effort or "", line.conditions or "")


def test_there_are_three_hundred_posts_and_no_two_are_called_alike() -> None:
    assert len(POSTS) == 300
    assert len({post.title for post in POSTS}) == 300


def test_every_post_is_of_an_invented_organisation_and_each_of_them_posts() -> None:
    assert {post.organisation for post in POSTS} == {one.slug for one in ORGANISATIONS}
    assert 15 <= sum(one.verified for one in ORGANISATIONS) < len(ORGANISATIONS)


def test_no_contact_is_in_any_text() -> None:
    spoken = [text for post in POSTS for text in texts(post)]
    spoken += [one.description for one in ORGANISATIONS]
    assert [text for text in spoken if find_contacts(text)] == []


def test_websites_are_on_a_name_that_nobody_can_own() -> None:
    assert all((one.website or "x.example.org").endswith(".example.org") for one in ORGANISATIONS)


@pytest.mark.parametrize(
    ("of", "least"),
    [
        ("purpose", {"need": 120, "offer": 150}),
        ("language", {"fr": 230, "en": 30, "es": 15}),
        ("audience", {"public": 280, "members": 5}),
        ("state", {None: 270, "draft": 2, "paused": 3, "met": 3, "withdrawn": 2}),
    ],
)
def test_posts_are_of_all_sorts(of: str, least: dict[str | None, int]) -> None:
    found = Counter(getattr(post, of) for post in POSTS)
    assert {key: found[key] >= n for key, n in least.items()} == dict.fromkeys(least, True)


def test_lines_are_of_every_kind_basis_and_attendance() -> None:
    lines = [line for post in POSTS for line in post.lines]
    assert {line.kind for line in lines} == {"tool", "space", "knowledge", "volunteer"}
    assert {line.basis for line in lines} >= {"loan", "gift", "sharing", "exchange", "shared_cost"}
    assert {line.attendance for line in lines} >= {"here", "there", "online", "carried"}


def test_words_are_set_with_the_marks_of_their_language() -> None:
    for post in POSTS:
        for text in texts(post):
            assert "'" not in text
            if post.language == "fr":
                assert not re.search(r" [:;?!»]|« ", text), text


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 9, 15), date(2026, 5, 1), date(2026, 10, 30)),
        (date(2026, 11, 2), date(2027, 5, 1), date(2027, 10, 30)),
        (date(2027, 1, 3), date(2027, 5, 1), date(2027, 10, 30)),
    ],
)
def test_a_season_is_the_one_under_way_or_the_next(today: date, first: date, last: date) -> None:
    line = SampleLine("Chaises", "tool", "chairs", "loan", season=("05-01", "10-30"))
    assert line.window(today) == (first, last)


def test_a_winter_season_ends_in_the_next_year() -> None:
    line = SampleLine("Souffleuse", "tool", "snow_blower", "loan", season=("12-01", "03-31"))
    assert line.window(date(2027, 2, 1)) == (date(2026, 12, 1), date(2027, 3, 31))
