"""The footer leads to the source that runs, packed by the board when no other place is named."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace

import pytest
from flask import Flask

from board.commons import source


def test_the_running_source_is_handed_out_and_nothing_of_the_instance(app: Flask) -> None:
    client, data = app.test_client(), app.config["BOARD"].data
    assert 'href="/source.tar.gz"' in client.get("/fr/about").get_data(as_text=True)
    answer = client.get("/source.tar.gz")
    content = answer.data
    answer.close()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/gzip"
    assert "Set-Cookie" not in answer.headers
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        held = {member.name: member for member in tar.getmembers()}
        file = tar.extractfile("babillard/board/commons/source.py")
        assert file is not None
        assert file.read() == (source.ROOT / "board/commons/source.py").read_bytes()
    for name in ("wsgi.py", "LICENSE", "Makefile", "templates/base.html", "static/css/pages.css"):
        assert f"babillard/{name}" in held
    assert not [name for name in held if "__pycache__" in name or name.startswith(("/", ".."))]
    assert {member.uname for member in held.values()} == {""}
    assert not [name for name in held if "/var/" in name or "secret" in name.rsplit("/")[-1]]
    again = client.get("/source.tar.gz", headers={"If-None-Match": answer.headers["ETag"]})
    again.close()
    assert again.status_code == 304
    assert len(list((data / "run").glob("babillard-*.tar.gz"))) == 1


@pytest.mark.parametrize(
    "name",
    ["docs/deploy/babillard.env", "board/.env", "static/var/babillard.sqlite3",
     "docs/.git/config.md", "templates/secret.key"],
)  # fmt: skip
def test_what_an_operator_left_among_the_files_is_not_the_projects(name: str) -> None:
    assert not source._is_written(source.ROOT / name)


def test_an_instance_that_keeps_its_source_elsewhere_leads_there(app: Flask) -> None:
    before = app.config["BOARD"]
    app.config["BOARD"] = replace(before, source_url="https://code.example.org/board")
    try:
        answer = app.test_client().get("/source.tar.gz")
        assert answer.status_code == 302
        assert answer.headers["Location"] == "https://code.example.org/board"
    finally:
        app.config["BOARD"] = before
