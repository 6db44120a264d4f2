"""Find where a sequence of rows repeats itself. Knows rows as small numbers, no layers.

Row `i` is compared with row `i + period` for all rows at once, on integers of 32 bits per row: a sequence of 100,000
rows takes about a second for all periods, where a loop over rows and periods would take a minute.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

__all__ = ["MAX_PERIOD", "Repeats"]

MAX_PERIOD = 400
"""Rows in a block that can be found to repeat; NASNet's cells, the longest known, have about 60."""
_BYTES = 4
_TOP = b"\x80"


class Repeats:
    """Rows whose features are numbers below 2**31.

    A row repeats another one `period` rows later if `tokens` are equal, in each pair of `choices` at least one of the
    two features is equal, and the row is used for fewer than two periods: `reach` says how many rows later the last use
    is. Beyond that, it is used by neither the same nor the next copy.
    """

    def __init__(
        self, tokens: Sequence[int], choices: Sequence[tuple[Sequence[int], Sequence[int]]], reach: Sequence[int]
    ) -> None:
        self._count = len(tokens)
        self._tokens = _packed(tokens)
        self._choices = [(_packed(one), _packed(other)) for one, other in choices]
        self._reach = _packed(reach)
        self._ones = int.from_bytes(b"\1\0\0\0" * self._count, "little")
        self._low = int.from_bytes(b"\xff\xff\xff\x7f" * self._count, "little")
        self._top = int.from_bytes(b"\x00\x00\x00\x80" * self._count, "little")

    def runs(self, period: int) -> Iterator[tuple[int, int]]:
        """Yield each longest stretch `(start, end)`, at least `period` long, of rows that repeat one period later."""
        needed = b"\0" * (_BYTES * period)
        size = _BYTES * (self._count - period)
        raw = self._tokens ^ (self._tokens >> (8 * _BYTES * period))
        if self._bytes(raw).find(needed, 0, size) < 0:
            return
        # Adding 2**31 - limit carries into the top bit from the limit on.
        differs = self._differs(raw) | ((self._reach + self._ones * (2**31 - 2 * period)) & self._top)
        for one, other in self._choices:
            differs |= self._changed(one, period) & self._changed(other, period)
        data = self._bytes(differs)
        # Only the top byte of a row is ever set, so a stretch of zeros starts on a row.
        start = data.find(needed, 0, size)
        while start >= 0:
            end = data.find(_TOP, start, size)
            end = size if end < 0 else end
            yield start // _BYTES, end // _BYTES
            start = data.find(needed, end, size)

    def _changed(self, feature: int, period: int) -> int:
        return self._differs(feature ^ (feature >> (8 * _BYTES * period)))

    def _differs(self, difference: int) -> int:
        """Set the top bit of each row that is not zero, and nothing else: adding 2**31 - 1 carries into it."""
        return (difference + self._low) & self._top

    def _bytes(self, number: int) -> bytes:
        return number.to_bytes(_BYTES * self._count, "little")


def _packed(values: Sequence[int]) -> int:
    return int.from_bytes(struct.pack(f"<{len(values)}I", *values), "little")
