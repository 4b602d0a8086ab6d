"""One process starts the others, revives who dies, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from board import run
from board.config import Settings
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
SUPERVISOR = """
import os, sys
from board import supervision
from board.supervision import Part, supervise
supervision.STOP_SECONDS = 1
supervision.PAUSES_S = tuple(map(int, sys.argv[3].split(",")))
web = [sys.executable, "-c", sys.argv[1]]
worker = [sys.executable, "-c", sys.argv[2]]
sys.exit(supervise([Part("web server", web, os.environ),
                    Part("worker", worker, os.environ, needed=False)]))
"""
STAYS = "import os, time; os.write(1, b'{} %d\\n' % os.getpid()); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAYS
ENDS = "import os, time; os.write(1, b'{} %d\\n' % os.getpid()); time.sleep(0.5)"
HAS_A_CHILD = (
    "import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time;"
    " time.sleep(600)']); os.write(1, b'child %d\\n' % child.pid); " + STAYS
)


@contextmanager
def supervised(
    web: str = STAYS, worker: str = STAYS, pauses: str = "1,2,5"
) -> Iterator[subprocess.Popen[str]]:
    """Run a supervisor over two programs; whatever it leaves is ended."""
    programs = web.format("web"), worker.format("worker")
    command = [sys.executable, "-c", SUPERVISOR, *programs, pauses]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def said(process: subprocess.Popen[str], *wanted: str) -> dict[str, int]:
    """Read lines until each of these names has told its process id."""
    assert process.stdout is not None
    found: dict[str, int] = {}
    while not set(wanted) <= set(found):
        line = process.stdout.readline()
        assert line, f"the supervisor ended before {wanted}: {found}"
        name, _, number = line.strip().partition(" ")
        if number.isdigit():
            found[name] = int(number)
    return found


def is_gone(pid: int) -> bool:
    """Whether a process ends within a while."""
    for _ in range(200):
        with suppress(ProcessLookupError, FileNotFoundError):
            if "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]:
                os.kill(pid, 0)
                time.sleep(0.05)
                continue
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("worker", [STAYS, STUBBORN])
def test_a_signal_stops_everything(number: signal.Signals, worker: str) -> None:
    with supervised(worker=worker) as process:
        pids = said(process, "web", "worker")
        process.send_signal(number)
        assert process.wait(20) == 0
        assert all(is_gone(pid) for pid in pids.values())


def test_a_dead_worker_is_revived(tmp_path: Path) -> None:
    with supervised() as process:
        first = said(process, "web", "worker")
        os.kill(first["worker"], signal.SIGKILL)
        second = said(process, "worker")
        assert second["worker"] != first["worker"]
        os.kill(first["web"], 0)
        process.terminate()
        assert process.wait(20) == 0
        assert is_gone(second["worker"])


def test_a_server_that_dies_young_is_revived_and_leaves_nothing_behind() -> None:
    with supervised(web=HAS_A_CHILD) as process:
        first = said(process, "child", "web", "worker")
        os.kill(first["web"], signal.SIGKILL)
        second = said(process, "child", "web")
        assert is_gone(first["child"])
        os.kill(first["worker"], 0)
        process.terminate()
        assert process.wait(20) == 0
        assert all(is_gone(pid) for pid in (second["child"], second["web"], first["worker"]))


def test_a_server_that_cannot_start_ends_the_board_and_says_so() -> None:
    with supervised(web="raise SystemExit('no {}')", pauses="0") as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
        assert process.wait(20) == 1
    assert lines.count("The web server died; it starts again in 0 s.") == 4
    assert "The web server died 5 times within 60 s: the board stops" in lines[-1]
    worker = next(line for line in lines if line.startswith("worker"))
    assert is_gone(int(worker.split()[1]))


def test_a_worker_that_dies_young_waits_longer_each_time() -> None:
    with supervised(worker=ENDS) as process:
        assert process.stdout is not None
        told: list[str] = []
        while len(told) < 3:
            line = process.stdout.readline()
            assert line
            told += [line.strip()] if "starts again" in line else []
    assert told == [f"The worker died; it starts again in {pause} s." for pause in (1, 2, 5)]


def test_what_to_open_is_said_once_the_server_answers_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port, gone = free_port(), Event()
    settings = Settings(base_url=f"http://127.0.0.1:{port}", secret_key="x" * 40)
    inviting = Thread(target=run.invite, args=(settings, port, gone))
    inviting.start()
    inviting.join(3 * run.ASK_AGAIN_S)
    assert capsys.readouterr().out == "", "nobody listens yet"
    with socket.create_server(("127.0.0.1", port)):
        inviting.join(10)
        assert f"{settings.base_url}/\n" in capsys.readouterr().out


def test_a_server_that_is_stopped_before_it_answers_invites_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = Event()
    gone.set()
    run.invite(Settings(), free_port(), gone)
    assert capsys.readouterr().out == ""
