"""Every route names its authority, and no GET writes."""

from __future__ import annotations

from flask import Flask

from board.web.access import Authority


def test_every_route_names_its_authority(app: Flask) -> None:
    nameless = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not isinstance(getattr(app.view_functions[rule.endpoint], "authority", None), Authority)
    ]
    assert not nameless, f"say who may call {nameless}: see board/web/access.py"


def test_a_route_either_reads_or_acts(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert rule.methods is not None
        assert not rule.methods & {"PUT", "DELETE", "PATCH"}, rule.endpoint
