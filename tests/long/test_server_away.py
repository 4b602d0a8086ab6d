"""A running board writes posts while its search server is stopped, killed, slowed and wiped."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import Meilisearch, free_port

ROOT = Path(__file__).resolve().parents[2]
IN_STEP_WITHIN_S = 60
WRITER = """
import sys
from board import create_app, news
from board.config import read_settings
from board.database import writing
from tests.factories import make_organisation, make_post
app = create_app(read_settings())
with app.app_context(), writing():
    group = make_organisation(slug="tenaces")
    news.commit()
    for line in sys.stdin:
        word = line.strip()
        make_post(by=group, title="Chaise " + word)
        news.commit()
        print(word, flush=True)
"""

# One process for every question: each start of `flask` would be counted as the board's time.
ASKER = """
import json
import sys
from board import create_app
from board.config import read_settings
app = create_app(read_settings())
print("ready", flush=True)
for _line in sys.stdin:
    told = app.test_cli_runner().invoke(args=["search", "status"])
    print(json.dumps([told.exit_code, told.output]), flush=True)
"""


class Proxy:
    """Stands before the search server and lets each answer wait."""

    def __init__(self, port: int) -> None:
        self.behind, self.delay_s = port, 0.0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        """Carry both ways until either end has nothing more to say."""
        with near, contextlib.suppress(OSError):
            far = socket.create_connection(("127.0.0.1", self.behind), 5)
            with far, selectors.DefaultSelector() as either:
                either.register(near, selectors.EVENT_READ, far)
                either.register(far, selectors.EVENT_READ, near)
                while True:
                    for key, _events in either.select():
                        one: socket.socket = key.fileobj  # type: ignore[assignment]
                        data = one.recv(1 << 16)
                        if not data:
                            return
                        if one is far:
                            time.sleep(self.delay_s)
                        key.data.sendall(data)


@dataclass(slots=True)
class Running:
    """A board as `make run` runs it, its search server, and what was written."""

    machine: Meilisearch
    proxy: Proxy
    environment: dict[str, str]
    port: int
    run: subprocess.Popen[bytes]
    writer: subprocess.Popen[str]
    asker: subprocess.Popen[str]
    words: list[str] = field(default_factory=list)

    def write(self, count: int = 3) -> None:
        """Write posts with words of their own; each is found by its word at once."""
        for _ in range(count):
            word = "zx" + "".join(chr(97 + int(d)) for d in f"{len(self.words) * 7919 + 104729}")
            assert _said(self.writer, word) == word
            self.words.append(word)
            assert self.finds(word), word

    def finds(self, word: str) -> bool:
        """Whether the board shows the post when asked for its word."""
        url = f"http://127.0.0.1:{self.port}/fr/?q={word}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return f"Chaise <mark>{word}" in (page := answer.read().decode()) or (
                "Chaise" in page and f">{word}</mark>" in page
            )

    def is_in_step(self) -> None:
        """Wait until the server holds everything and the board asks it."""
        deadline = time.monotonic() + IN_STEP_WITHIN_S
        while (told := json.loads(_said(self.asker, "status")))[0] != 0:
            assert time.monotonic() < deadline, told[1]
            time.sleep(0.5)
        assert all(self.finds(word) for word in self.words)


def _said(process: subprocess.Popen[str], line: str) -> str:
    """Write a line to a process and return the one that it answers."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Run all of it on free ports until the test ends."""
    try:
        machine = Meilisearch(tmp_path / "meilisearch")
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    machine.start()
    proxy, port = Proxy(machine.port), free_port()
    environment = {
        **os.environ,
        "BABILLARD_DATA": str(tmp_path / "var"),
        "BABILLARD_BASE_URL": f"http://127.0.0.1:{port}",
        "BABILLARD_MEILISEARCH_URL": f"http://127.0.0.1:{proxy.port}",
        "BABILLARD_MEILISEARCH_KEY": machine.key,
    }
    run = subprocess.Popen(
        [sys.executable, "-m", "board.run", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    beside: list[subprocess.Popen[str]] = []
    try:
        _until(lambda: _answers(port), 60)
        for script in (WRITER, ASKER):
            beside.append(subprocess.Popen(
                [sys.executable, "-c", script], cwd=ROOT, env=environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            ))  # fmt: skip
        assert beside[1].stdout is not None
        assert beside[1].stdout.readline() == "ready\n"
        yield Running(machine, proxy, environment, port, run, beside[0], beside[1])
    finally:
        for process in beside:
            process.kill()
            process.communicate()
        os.killpg(run.pid, signal.SIGTERM)
        run.wait(20)
        if machine.process is not None:
            machine.process.send_signal(signal.SIGCONT)
        machine.kill()
        proxy.listener.close()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
            return True
    except OSError:
        return False


def _until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.long
def test_nothing_is_lost_whatever_happens_to_the_search_server(running: Running) -> None:
    machine = running.machine
    assert machine.process is not None
    running.write()
    machine.process.send_signal(signal.SIGSTOP)
    running.write()
    machine.process.send_signal(signal.SIGCONT)
    running.is_in_step()

    running.write(1)
    machine.kill()
    running.write()
    machine.start()
    running.is_in_step()

    running.proxy.delay_s = 0.6
    running.write()
    running.proxy.delay_s = 0.0
    running.is_in_step()

    machine.kill()
    machine.wipe()
    running.write()
    machine.start()
    running.is_in_step()


@pytest.mark.long
def test_the_web_processes_never_hold_the_admin_key(running: Running) -> None:
    named = b"BABILLARD_MEILISEARCH_KEY="
    web = [pid for pid in _below(running.run.pid) if b"granian" in _read(pid, "cmdline")]
    worker = [pid for pid in _below(running.run.pid) if b"\0worker" in _read(pid, "cmdline")]
    assert web
    assert not any(named in _read(pid, "environ") for pid in web)
    assert any(named in _read(pid, "environ") for pid in worker)


def _below(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in path.read_text().split()] if path.exists() else []
    return own + [one for child in own for one in _below(child)]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
