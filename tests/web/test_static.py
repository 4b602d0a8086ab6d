"""Static files: an edition is kept for ever, anything else is asked about, text comes packed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask

from board.web.context import asset
from tests.pages import CheckedClient

FONT = (
    "/static/vendor/atkinson-hyperlegible-next-5.3.0/"
    "atkinson-hyperlegible-next-latin-wght-normal.woff2"
)


def address(app: Flask, path: str) -> str:
    """The address that pages give."""
    with app.test_request_context():
        return asset(path)


def test_an_edition_is_kept_for_ever(app: Flask, client: CheckedClient) -> None:
    for path in (address(app, "css/base.css"), FONT):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in answer.headers["Vary"]
        same = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (same.status_code, same.get_data()) == (304, b"")


@pytest.mark.parametrize("path", ["/static/css/base.css", "/static/css/base.css?v=other"])
def test_another_address_is_asked_about_each_time(client: CheckedClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" in answer.headers


def test_text_comes_packed_and_letters_as_they_are(app: Flask, client: CheckedClient) -> None:
    path, takes = address(app, "css/base.css"), {"Accept-Encoding": "gzip"}
    packed, plain = client.get(path, headers=takes), client.get(path)
    file = Path(app.static_folder or "") / "css" / "base.css"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data() == file.read_bytes()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in client.get(FONT, headers=takes).headers


@pytest.mark.parametrize(
    "path", ["../wsgi.py", "%2e%2e/wsgi.py", "css", "nothing.css", "css/../../wsgi.py"]
)
def test_nothing_else_of_the_disk_is_sent(client: CheckedClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404
