"""Sets of posts as whole numbers (bit n: the post at place n), one for each value of a field."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import chain
from typing import Generic, TypeVar

V = TypeVar("V", bound=Hashable)
FEW = 64
ONE_IN = 512
WINDOW = 128
FEW_ENOUGH = 8
MOST_MOVED = 64
MOST_COUNTED = 4
_ONES = bytes.maketrans(b"01", b"\x00\x01")


class Kept:
    """A set of posts, ready to be asked about one after the other."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._flags: bytes | None = None
        self._ones = b""

    @property
    def flags(self) -> bytes:
        """The same set as bytes."""
        if self._flags is None:
            self._flags = self.bits.to_bytes((self.bits.bit_length() + 7) // 8, "little")
        return self._flags

    def __contains__(self, place: int) -> bool:
        flags = self.flags
        return place >> 3 < len(flags) and bool(flags[place >> 3] >> (place & 7) & 1)

    def ones(self, size: int) -> bytes:
        """The same set as a byte for each of the first `size` places at least: 1 or 0."""
        if len(self._ones) < size:
            written = f"{self.bits:0{size}b}".encode()
            self._ones = written.translate(_ONES)[::-1]
        return self._ones

    def falling(self) -> Iterator[int]:
        """Every place, the last first."""
        flags = self.flags
        for start in range((len(flags) - 1) // WINDOW * WINDOW, -1, -WINDOW):
            window = int.from_bytes(flags[start : start + WINDOW], "little")
            while window:
                last = window.bit_length() - 1
                yield (start << 3) + last
                window ^= 1 << last

    def rising(self) -> Iterator[int]:
        """Every place, the first first."""
        flags = self.flags
        for start in range(0, len(flags), WINDOW):
            window = int.from_bytes(flags[start : start + WINDOW], "little")
            while window:
                first = window & -window
                yield (start << 3) + first.bit_length() - 1
                window ^= first


def bits_of(places: Iterable[int], size: int) -> int:
    """Return the set of these places, each below `size`."""
    held = bytearray((size >> 3) + 1)
    for place in places:
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


class Postings(Generic[V]):
    """Which posts carry each value: a number where many do, a list of places where few do.

    A list becomes a number when it would be as large as one, so that rare values (tags,
    organisations) cost a few bytes a post and not a set of the whole board each.
    """

    def __init__(self) -> None:
        self._dense: dict[V, int] = {}
        self._sparse: dict[V, array[int]] = {}
        self._grown: set[V] = set()
        self.size = 0

    def add(self, value: V, place: int) -> None:
        """Say that the post at `place` carries `value`."""
        self.size = max(self.size, place + 1)
        if value in self._dense:
            self._dense[value] |= 1 << place
            return
        self._grown.add(value)
        if (places := self._sparse.get(value)) is not None:
            places.append(place)
        else:
            self._sparse[value] = array("I", (place,))

    def put(self, value: V, places: int) -> None:
        """Say that these posts carry `value`, which nobody did before."""
        self.size = max(self.size, places.bit_length())
        self._dense[value] = places
        if places.bit_count() <= FEW:
            self._sparse[value] = array("I", Kept(self._dense.pop(value)).rising())

    def settle(self) -> None:
        """Turn long lists into numbers; after many were added."""
        for value in self._grown:
            places = self._sparse[value]
            if len(places) > FEW and len(places) * ONE_IN > self.size:
                self._dense[value] = bits_of(self._sparse.pop(value), self.size)
        self._grown.clear()

    def values(self) -> Iterator[V]:
        """Every value that some post ever carried."""
        yield from self._dense
        yield from self._sparse

    def any_of(self, values: Iterable[V]) -> int:
        """Return the posts that carry one of these values at least."""
        found, few = 0, array("I")
        for value in values:
            found |= self._dense.get(value, 0)
            few.extend(self._sparse.get(value, ()))
        return found | bits_of(few, self.size) if few else found

    def among(self, kept: Kept) -> Iterator[tuple[V, int]]:
        """Give each value with how many of these posts carry it."""
        for value, bits in self._dense.items():
            if number := (bits & kept.bits).bit_count():
                yield value, number
        if self._sparse:
            carried = kept.ones(self.size).__getitem__
            for value, places in self._sparse.items():
                if number := sum(map(carried, places)):
                    yield value, number

    def sets_among(self, kept: Kept) -> Iterator[tuple[V, int]]:
        """Give each value with the set of these posts that carry it."""
        for value, bits in self._dense.items():
            if found := bits & kept.bits:
                yield value, found
        ones = kept.ones(self.size) if self._sparse else b""
        for value, places in self._sparse.items():
            if some := [place for place in places if ones[place]]:
                yield value, bits_of(some, self.size)


class BothWays(Postings[V]):
    """Postings that are also read the other way: what a post carries, for when few are asked about.

    The same values together are kept once, so that a post costs a reference.
    """

    def __init__(self) -> None:
        super().__init__()
        self._carried: list[tuple[V, ...]] = []
        self._together: dict[tuple[V, ...], tuple[V, ...]] = {}
        self._counted: list[tuple[int, dict[V, int]]] = []

    def add(self, value: V, place: int) -> None:
        """Say that the post at `place` carries `value`."""
        super().add(value, place)
        self._carry(value, place)

    def put(self, value: V, places: int) -> None:
        """Say that these posts carry `value`, which nobody did before."""
        super().put(value, places)
        for place in Kept(places).rising():
            self._carry(value, place)

    def _carry(self, value: V, place: int) -> None:
        self._carried.extend([()] * (place + 1 - len(self._carried)))
        together = (*self._carried[place], value)
        self._carried[place] = self._together.setdefault(together, together)

    def at(self, place: int) -> tuple[V, ...]:
        """Return what the post at a place carries."""
        return self._carried[place] if place < len(self._carried) else ()

    def among(self, kept: Kept) -> Iterator[tuple[V, int]]:
        """Give each value with how many of these posts carry it.

        What was counted of almost the same posts is mended: a change moves one place or two, and
        what a place carries never changes.
        """
        if is_few(kept.bits, self.size):
            yield from Counter(chain.from_iterable(map(self.at, kept.rising()))).items()
            return
        numbers = self._mended(kept) or dict(super().among(kept))
        self._counted = [(kept.bits, numbers), *self._counted][:MOST_COUNTED]
        yield from numbers.items()

    def _mended(self, kept: Kept) -> dict[V, int] | None:
        for known in self._counted:
            moved = known[0] ^ kept.bits
            if moved.bit_count() <= MOST_MOVED:
                self._counted.remove(known)
                numbers = Counter(known[1])
                for place in Kept(moved).rising():
                    step = 1 if place in kept else -1
                    numbers.update(dict.fromkeys(self.at(place), step))
                return {value: number for value, number in numbers.items() if number}
        return None


def is_few(bits: int, size: int) -> bool:
    """Whether to go from post to post costs less than to go from value to value."""
    return bits.bit_count() * FEW_ENOUGH < size


class Wave:
    """Which posts an instant of theirs has passed: it moves over the board as time goes on."""

    NEVER = 253_370_764_800_000_000  # the year 9999, in microseconds

    def __init__(self) -> None:
        self._instants: array[int] = array("q")
        self._moment = -1
        self.passed = 0
        self.next = self.NEVER

    def append(self, instant: int | None) -> None:
        """Add the instant of the next post (None: it has none)."""
        place, instant = len(self._instants), self.NEVER if instant is None else instant
        self._instants.append(instant)
        if instant <= self._moment:
            self.passed |= 1 << place
        else:
            self.next = min(self.next, instant)

    def move(self, moment: int) -> None:
        """Let it be `moment`; also backwards."""
        if moment < self._moment:
            self._moment, self.passed, self.next = -1, 0, 0
        if moment >= self.next:
            newly = [i for i, at in enumerate(self._instants) if self._moment < at <= moment]
            self.passed |= bits_of(newly, len(self._instants))
            self.next = min((at for at in self._instants if at > moment), default=self.NEVER)
        self._moment = moment
