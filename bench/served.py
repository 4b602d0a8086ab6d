"""Servers under measure: granian as `make run` starts it, and what its workers cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import once
from board.run import LIGHT
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens and its processes."""

    port: int
    pid: int

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == self.pid and "resource_tracker" not in _command(status.parent):
                found.append(int(status.parent.name))
        return found

    def cpu_seconds(self) -> float:
        """The processor time that its workers used so far."""
        total = 0
        for pid in self.workers:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mb(self, *kinds: str) -> float:
        """The memory of the largest worker: what the system counts as these kinds together."""
        sizes = []
        for pid in self.workers:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            fields = [line.split() for line in text.splitlines()[1:]]
            sizes.append(sum(int(kb) / 1024 for name, kb, _unit in fields if name[:-1] in kinds))
        return max(sizes)


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


@contextmanager
def served(target: str, environment: dict[str, str], path: str) -> Iterator[Server]:
    """Run `target` on a free port until the block ends; `path` tells when it is up."""
    port = free_port()
    base = {"BABILLARD_BASE_URL": f"http://127.0.0.1:{port}", "BABILLARD_WORKERS": str(WORKERS)}
    process = subprocess.Popen(
        [*(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
         *("--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "1"),
         *("--log-level", "warning", target)],
        cwd=ROOT,
        env={**os.environ, **LIGHT, **base, **environment}, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(port, path, process)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        try:
            if once(port, (path, {}))[1].status == 200:
                return
        except OSError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    sys.exit(f"the server on port {port} did not start")
