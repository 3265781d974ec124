"""Times in what is handed on under pseudonyms: so coarse that nobody finds an act by them in the public records.

Whoever holds the same records knows every second in them, so a pseudonym beside an exact time is none. Moving all times
by the same amount hides nothing, since the pattern of hundreds of times fits in one place only; and the seconds between
the acts of one burst fit few posts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any, Final

from graphwatch.common.clock import beginning_ms, day_of, local

_MINUTE_MS: Final = 60_000


class Times:
    """Times as they are handed on: when the election phase began, which many acts have in common.

    Outside the calendar, or without one, the beginning of the month in WIB stands for the time.

    Args:
        phases: of the calendar, each with `from_ms` and `to_ms`.
        minutes: a step of so many minutes instead of the phase, which lets acts be found again; None for the phase.

    >>> times = Times([{"from_ms": 1_727_197_200_000, "to_ms": 1_732_381_200_000}])
    >>> times.told(1_727_197_201_234), times.told(None)
    (1727197200000, None)
    """

    def __init__(self, phases: Iterable[Mapping[str, Any]] = (), minutes: int | None = None) -> None:
        self._phases = [p for p in phases if p.get("from_ms") is not None and p.get("to_ms") is not None]
        self._bounds = sorted({int(p[end]) for p in self._phases for end in ("from_ms", "to_ms")})
        self._minutes = minutes

    @property
    def minutes(self) -> int | None:
        """The step in minutes; None where times are told by phase."""
        return self._minutes

    def told(self, at_ms: int | None) -> int | None:
        """What is told of an instant, UTC epoch milliseconds; None stays None."""
        if at_ms is None:
            return None
        if self._minutes is not None:
            return at_ms - at_ms % (self._minutes * _MINUTE_MS)
        place = bisect_right(self._bounds, at_ms)
        before = self._bounds[place - 1] if place else None
        if before is not None and place < len(self._bounds):
            return before
        month = beginning_ms(day_of(at_ms).replace(day=1))
        return month if before is None else max(before, month)

    def said(self, at_ms: int | None) -> str | None:
        """What is told of an instant in words: the phase, else the month.

        >>> Times().said(1_727_197_201_234)
        '2024-09'
        """
        told = self.told(at_ms)
        if told is None:
            return None
        return f"{local(told):%Y-%m-%d %H:%M}" if self._minutes is not None else self._phase(told)

    def _phase(self, told_ms: int) -> str:
        """The name of the shortest phase at that instant; else the month."""
        covering = [p for p in self._phases if p["from_ms"] <= told_ms < p["to_ms"]]
        shortest = min(covering, key=lambda p: (p["to_ms"] - p["from_ms"], p["from_ms"]), default=None)
        return str(shortest["name"]).replace("_", " ") if shortest else f"{local(told_ms):%Y-%m}"
