"""What stands around the posts of a page, kept as long as it says the same.

Most public changes (a post confirmed, its words mended) move posts and no number: then only they
are put anew into the page of before. What a frame says is in its key, its reader never.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from flask import Response
from markupsafe import Markup

from board import news

MOST_BYTES = 2 * 1024 * 1024
HOLE = Markup(f"[posts-{secrets.token_hex(8)}]")  # noqa: S704 - ours
Make = Callable[[Sequence[Markup]], Response]


@dataclass(frozen=True, slots=True)
class Frame:
    """A page in two pieces, its headers, and what must live as long as it does."""

    before: bytes
    after: bytes
    headers: list[tuple[str, str]]
    holds: object

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return len(self.before) + len(self.after)

    def around(self, posts: Sequence[Markup]) -> Response:
        """Return the page with these posts."""
        body = self.before + "".join(posts).encode() + self.after
        return Response(body, headers=self.headers)


class Frames:
    """The frames of one sort of pages in this process, the last used last."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[Hashable, Frame] = OrderedDict()
        self._bytes, self._most = 0, most_bytes
        news.keeps(self.forget)

    def forget(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self._bytes = 0

    def page(
        self, key: Hashable, posts: Sequence[Markup], make: Make, holds: object = None
    ) -> Response:
        """Return the page that `make` makes with these posts, from a frame where there is one.

        What `holds` names by its identity in the key lives as long as the frame.
        """
        frame = self._find(key)
        if frame is None:
            frame = _cut(make([HOLE]), holds)
            if frame is None:
                return make(posts)
            self._keep(key, frame)
        return frame.around(posts)

    def _find(self, key: Hashable) -> Frame | None:
        frame = self._kept.get(key)
        if frame is not None:
            self._kept.move_to_end(key)
        return frame

    def _keep(self, key: Hashable, frame: Frame) -> None:
        self._kept[key] = frame
        self._bytes += frame.size
        while self._bytes > self._most:
            self._bytes -= self._kept.popitem(last=False)[1].size


def _cut(response: Response, holds: object) -> Frame | None:
    pieces = response.get_data().split(HOLE.encode())
    if response.status_code != 200 or len(pieces) != 2:
        return None
    headers = [each for each in response.headers if each[0] != "Content-Length"]
    return Frame(pieces[0], pieces[1], headers, holds)
