"""A small bounded load client: a few kept connections, one process, no request queued.

It shares the machine with the servers, so its own work is in every figure, the hello's too; the
processor time of the servers, read beside it, is free of it.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

CONNECTIONS = 4
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
Ask = tuple[str, dict[str, str]]


@dataclass(slots=True)
class Answer:
    """What came back: status, head, and how many bytes of body are still to come."""

    head: bytes = b""
    left: int | None = None

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.head[9:12])

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        found = re.search(rf"\r\n{name}: *([^\r]*)".encode(), self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else None

    def take(self, data: bytes) -> bool:
        """Take more bytes; says whether the answer is whole."""
        if self.left is None:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.head, body = self.head[: end + 4], self.head[end + 4 :]
            length = _LENGTH.search(self.head)
            self.left = (int(length[1]) if length else 0) - len(body)
        else:
            self.left -= len(data)
        return self.left <= 0


@dataclass(slots=True)
class Load:
    """What a slice of load came to."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many answers there were."""
        return sum(self.statuses.values())


def written(port: int, ask: Ask) -> bytes:
    """Write a request."""
    path, headers = ask
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def once(port: int, ask: Ask) -> tuple[float, Answer]:
    """Ask once on a connection of its own; return the seconds from asking to the last byte."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        answer, begun = Answer(), time.perf_counter()
        connection.sendall(written(port, ask))
        while not answer.take(connection.recv(1 << 18)):
            pass
        return time.perf_counter() - begun, answer


def load(port: int, asks: Iterator[Ask], seconds: float) -> Load:
    """Ask as fast as answers come, for that long and until one has come."""
    out, waiting = Load(), {}
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port), 30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ)
        waiting[connection] = Answer()
        connection.sendall(written(port, next(asks)))
    begun = time.perf_counter()
    while (now := time.perf_counter()) - begun < seconds or not out.statuses:
        for key, _events in selector.select(1):
            connection = key.fileobj  # type: ignore[assignment]
            if waiting[connection].take(connection.recv(1 << 18)):
                status = waiting[connection].status
                out.statuses[status] = out.statuses.get(status, 0) + 1
                waiting[connection] = Answer()
                connection.sendall(written(port, next(asks)))
    out.seconds = now - begun
    for connection in waiting:
        connection.close()
    selector.close()
    return out
