"""One process looks after the others: starts them, revives who dies, stops every one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

STOP_SECONDS = 10
PAUSES_S = (1, 2, 5, 15, 60)
LIVED_LONG_S = 120
MOST_DEATHS, WITHIN_S = 5, 60


@dataclass(slots=True)
class Part:
    """A process of the board; one that cannot start ends the others, unless `needed` is off."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    needed: bool = True
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = 0
    pause_until: float = 0.0
    lately: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a group of its own: the terminal's Ctrl-C reaches the supervisor alone."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=dict(self.environment), start_new_session=True
        )

    def has_ended(self) -> bool:
        """Whether it was started and is gone."""
        return self.process is not None and self.process.poll() is not None

    def ends_all(self) -> bool:
        """Whether it died so often in a minute that reviving it would only hide why."""
        return self.needed and len(self.lately) >= MOST_DEATHS

    def mourn(self) -> None:
        """Clear what a dead process left, and wait longer each time that it dies young."""
        assert self.process is not None
        self.end_group()
        self.process, at = None, time.monotonic()
        lived_long = at - self.began > LIVED_LONG_S
        pause = PAUSES_S[0 if lived_long else min(self.deaths, len(PAUSES_S) - 1)]
        self.deaths = 1 if lived_long else self.deaths + 1
        self.pause_until = at + pause
        self.lately = [*(died for died in self.lately if at - died < WITHIN_S), at]
        if self.ends_all():
            often = f"The {self.name} died {MOST_DEATHS} times within {WITHIN_S} s"
            print(f"{often}: the board stops. The lines above say why.", file=sys.stderr)
        else:
            print(f"The {self.name} died; it starts again in {pause} s.", flush=True)

    def stop_by(self, deadline: float) -> None:
        """Wait for it until then, whatever is left of it after that is killed."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self.end_group()
        self.process.wait()

    def end_group(self) -> None:
        """Kill what is left of its group: a killed server leaves its own workers behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def supervise(parts: Sequence[Part]) -> int:
    """Run the parts until a signal, or until one dies again and again; then stop them all."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    for part in parts:
        part.start()
    while not stopping and not any(p.ends_all() for p in parts):
        for part in parts:
            if part.has_ended():
                part.mourn()
            elif part.process is None and time.monotonic() >= part.pause_until:
                part.start()
        time.sleep(0.2)
    for part in parts:
        if part.process is not None and not part.has_ended():
            part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        part.stop_by(deadline)
    return 0 if stopping else 1
