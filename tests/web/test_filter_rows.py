"""The boxes of filters are written by hand: nothing in them is believed."""

from __future__ import annotations

from markupsafe import Markup

from board.web.filter_rows import checked_words, filter_rows


def test_every_part_of_a_box_is_escaped() -> None:
    hostile = '"><script>'
    rows = filter_rows("tag", [
        {"value": hostile, "label": hostile, "count": 3, "checked": True},
        {"value": "a|b", "label": Markup("<b>x</b>"), "count": None, "checked": False},
    ])  # fmt: skip
    assert "<script>" not in rows
    assert "<b>" not in rows
    assert rows.count("&#34;&gt;&lt;script&gt;") == 4
    assert 'value="a|b">' in rows
    assert rows.count(" checked>") == 1
    assert rows.count("filter-count") == 1


def test_what_is_checked_is_named() -> None:
    options = [{"label": "Prêt", "checked": True}, {"label": "Don", "checked": False}]
    assert checked_words(options) == "Prêt"
