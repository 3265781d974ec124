"""When something is in force: from its first instant until before its last one, either of which may be open.

The roster's links and employments are valid so: a last day belongs to the span, and the link ends where the next day
begins (`docs/roster.md`).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Longs = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

# What stands for an open beginning and an open end where columns have no nulls.
EARLIEST_MS: Final = -(1 << 62)
LATEST_MS: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Validity:
    """A span of time in UTC epoch milliseconds, the end exclusive; None where it is open.

    >>> until_5, from_5 = Validity(None, 5), Validity(5, None)
    >>> until_5.covers(4), until_5.covers(5), from_5.covers(5)
    (True, False, True)
    >>> until_5.overlaps(from_5), Validity(4, 6).overlaps(from_5), Validity().is_always
    (False, True, True)
    """

    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def is_always(self) -> bool:
        """Whether both ends are open."""
        return self.from_ms is None and self.to_ms is None

    @property
    def bounds(self) -> tuple[int, int]:
        """Both ends as numbers, open ones far away, for columns without nulls."""
        return (
            EARLIEST_MS if self.from_ms is None else self.from_ms,
            LATEST_MS if self.to_ms is None else self.to_ms,
        )

    def covers(self, at_ms: int) -> bool:
        """Whether an instant lies in it."""
        from_ms, to_ms = self.bounds
        return from_ms <= at_ms < to_ms

    def overlaps(self, other: "Validity") -> bool:
        """Whether both are in force at some time."""
        (from_ms, to_ms), (other_from_ms, other_to_ms) = self.bounds, other.bounds
        return from_ms < other_to_ms and other_from_ms < to_ms

    def __and__(self, other: "Validity") -> "Validity":
        """The time at which both are in force; it may be empty.

        >>> Validity(None, 9) & Validity(5, None)
        Validity(from_ms=5, to_ms=9)
        """
        begins = [of.from_ms for of in (self, other) if of.from_ms is not None]
        ends = [of.to_ms for of in (self, other) if of.to_ms is not None]
        return Validity(max(begins, default=None), min(ends, default=None))


def covers(from_ms: "Longs", to_ms: "Longs", at_ms: "Longs") -> "Mask":
    """The same of many spans and instants of equal length; ends as `Validity.bounds` has them.

    >>> import numpy as np
    >>> covers(np.array([0, 0]), np.array([5, 5]), np.array([4, 5])).tolist()
    [True, False]
    """
    return (from_ms <= at_ms) & (at_ms < to_ms)
