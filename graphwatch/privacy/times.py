"""Times in what is handed on under pseudonyms: so coarse that nobody finds an act by them in the public records.

Whoever holds the same records knows every second in them, so a pseudonym beside an exact time is none. Moving all times
by the same amount hides nothing, since the pattern of hundreds of times fits in one place only; and the seconds between
the acts of one burst fit few posts. A short phase holds few acts, and whoever acted in it in a way of their own is
found by that: what few others have in common with them is told of the longest phase instead.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final

from graphwatch.common.clock import beginning_ms, day_of, local

_MINUTE_MS: Final = 60_000

# An account, a kind of act, and when, UTC epoch milliseconds.
Acted = tuple[str, str, int]
# How many acts of each kind an account has in each short phase, by where that begins.
Profile = Mapping[tuple[int, str], int]


def told_in_common(profiles: Mapping[str, Profile], asked: Iterable[str], alike: int) -> dict[str, Profile]:
    """How many acts in short phases may be told of each account: as many as that `alike` accounts of its platform have.

    Of what is too much, the kind that fewest have goes first.

    Args:
        profiles: of all accounts that acted in short phases.
        asked: which accounts.
        alike: accounts, with itself, among which one is not found.

    >>> own = {"x:1": {(0, "LIKED"): 1}, "x:2": {(0, "LIKED"): 1}, "x:3": {(0, "LIKED"): 2, (0, "SHARED"): 1}}
    >>> told_in_common(own, ["x:3"], 3)
    {'x:3': {(0, 'LIKED'): 1}}
    """
    same: dict[str, Counter[frozenset[tuple[tuple[int, str], int]]]] = {}
    for account, profile in profiles.items():
        same.setdefault(account.partition(":")[0], Counter())[frozenset(profile.items())] += 1

    @cache
    def sharing(platform: str, wanted: frozenset[tuple[tuple[int, str], int]]) -> int:
        own = ((dict(profile), n) for profile, n in same[platform].items())
        return sum(n for profile, n in own if all(profile.get(act, 0) >= least for act, least in wanted))

    @cache
    def common(platform: str, whole: frozenset[tuple[tuple[int, str], int]]) -> Profile:
        left = dict(whole)
        while left and sharing(platform, frozenset(left.items())) < alike:
            rarest = min(left, key=lambda act: (sharing(platform, frozenset({(act, left[act])})), act))
            left[rarest] -= 1
            left = {act: n for act, n in left.items() if n}
        return left

    return {a: common(a.partition(":")[0], frozenset(profiles[a].items())) for a in asked if a in profiles}


class Times:
    """Times as they are handed on: when the election phase began, which many acts have in common.

    Outside the calendar, or without one, the beginning of the month in WIB stands for the time.

    Args:
        phases: of the calendar, each with `from_ms` and `to_ms`.
        minutes: a step of so many minutes instead of the phase, which lets acts be found again; None for the phase.
        moved: account, kind and time of acts that are told of the longest phase, whichever they lie in.
        unlisted: ids of acts of which no burst may say that they are in it.

    >>> times = Times([{"from_ms": 1_727_197_200_000, "to_ms": 1_732_381_200_000}])
    >>> times.told(1_727_197_201_234), times.told(None)
    (1727197200000, None)
    """

    def __init__(
        self,
        phases: Iterable[Mapping[str, Any]] = (),
        minutes: int | None = None,
        moved: Collection[Acted] = frozenset(),
        unlisted: Collection[str] = frozenset(),
    ) -> None:
        self.phases = [p for p in phases if p.get("from_ms") is not None and p.get("to_ms") is not None]
        self._bounds = sorted({int(p[end]) for p in self.phases for end in ("from_ms", "to_ms")})
        self._minutes = minutes
        between = zip(self._bounds, self._bounds[1:], strict=False)
        covered = [s for s in between if any(p["from_ms"] <= s[0] < p["to_ms"] for p in self.phases)]
        self._longest = max(covered, key=lambda s: s[1] - s[0], default=None)
        self.moved = frozenset(moved) if minutes is None else frozenset()
        self.unlisted = frozenset(unlisted)
        self._who = {account for account, _, _ in self.moved}
        self.short = tuple(s for s in covered if s != self._longest) if minutes is None else ()

    @property
    def minutes(self) -> int | None:
        """The step in minutes; None where times are told by phase."""
        return self._minutes

    def told(self, at_ms: int | None, account: str | None = None, kind: str | None = None) -> int | None:
        """What is told of an instant, UTC epoch milliseconds, at which that account did that; None stays None.

        Where the kind of act is not known, all acts of an account in short phases are told as some of them are.
        """
        if at_ms is None:
            return None
        if self._longest is not None and self._is_moved(at_ms, account, kind):
            return self._longest[0]
        if self._minutes is not None:
            return at_ms - at_ms % (self._minutes * _MINUTE_MS)
        place = bisect_right(self._bounds, at_ms)
        before = self._bounds[place - 1] if place else None
        if before is not None and place < len(self._bounds):
            return before
        month = beginning_ms(day_of(at_ms).replace(day=1))
        return month if before is None else max(before, month)

    def said(self, at_ms: int | None, account: str | None = None, kind: str | None = None) -> str | None:
        """What is told of an instant in words: the phase, else the month.

        >>> Times().said(1_727_197_201_234)
        '2024-09'
        """
        told = self.told(at_ms, account, kind)
        if told is None:
            return None
        return f"{local(told):%Y-%m-%d %H:%M}" if self._minutes is not None else self._phase(told)

    def _is_moved(self, at_ms: int, account: str | None, kind: str | None) -> bool:
        if kind is not None or account not in self._who:
            return (account, kind, at_ms) in self.moved
        return any(begin <= at_ms < end for begin, end in self.short)

    def _phase(self, told_ms: int) -> str:
        """The name of the shortest phase at that instant; else the month."""
        covering = [p for p in self.phases if p["from_ms"] <= told_ms < p["to_ms"]]
        shortest = min(covering, key=lambda p: (p["to_ms"] - p["from_ms"], p["from_ms"]), default=None)
        return str(shortest["name"]).replace("_", " ") if shortest else f"{local(told_ms):%Y-%m}"
