"""A real board in its own process, and a real browser (Debian's chromium)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """A running board: its address, its folder, and what it printed."""

    url: str
    data: Path
    said: str

    @property
    def accounts(self) -> list[tuple[str, str]]:
        """The sample accounts that it told: (e-mail, password)."""
        return re.findall(r"(\S+@\S+)  /  (\S+)", self.said)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """What `make run` serves, with sample data, until the last journey."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    log = folder / "log"
    environment = {**os.environ, "BABILLARD_DATA": str(folder / "var"), "PYTHONUNBUFFERED": "1"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "board.run", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, log)
            yield Served(url, folder / "var", log.read_text())
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2) as answer:
                if answer.status == 200 and "Ctrl-C" in log.read_text():
                    return
        except OSError:
            time.sleep(0.25)
        assert process.poll() is None, log.read_text()
    raise AssertionError("the board did not start: " + log.read_text())


@pytest.fixture(params=[360, 1280])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A fresh browser at a phone's width, then at a desk's; console errors fail the test."""
    context = chromium.new_context(locale="fr-CA", viewport={"width": request.param, "height": 800})
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda asked: _same_site(asked.url, wrong))
    yield tab
    context.close()
    assert not [w for w in wrong if "the server responded with a status of 4" not in w], wrong


def _same_site(url: str, wrong: list[str]) -> None:
    if not url.startswith("http://127.0.0.1:"):
        wrong.append(f"a request to a third party: {url}")
