"""What a reviewer would have to weigh: provisions, and on which side of the day of determination acts lie."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, Literal

from graphwatch.api.calendars import determination
from graphwatch.api.project import Project
from graphwatch.calendar import Weighed, provisions_for
from graphwatch.calendar.provisions import STANDINGS

Side = Literal["before", "on", "after"]
SIDES: Final[tuple[Side, ...]] = ("before", "on", "after")
_DAY_MS: Final = 86_400_000


def side_of(at_ms: int, determined_ms: int) -> Side:
    """Whether an act lies before, on or after the day that begins at that instant.

    >>> [side_of(at_ms, 86_400_000) for at_ms in (86_399_999, 86_400_000, 172_800_000)]
    ['before', 'on', 'after']
    """
    return SIDES[(at_ms >= determined_ms) + (at_ms >= determined_ms + _DAY_MS)]


def weighed(project: Project, acts: Iterable[tuple[str, int | None]], calendar: str | None) -> dict[str, Any]:
    """Provisions that come into question for these acts, and on which side of determination the acts lie.

    Args:
        project: whose calendar counts where none is named.
        acts: kind and time (UTC epoch milliseconds) of each.
        calendar: see `determination`.

    Returns:
        `provisions`, `determined`, `determined_ms` and `sides`, as a Case has them.
    """
    phase = determination(project, calendar)
    sides: Counter[Side] = Counter()
    # An act of each kind on each side stands for all of them: only the side decides.
    standing_for: dict[tuple[str, Side | None], int | None] = {}
    for kind, at_ms in acts:
        side = None if at_ms is None else side_of(at_ms, phase.from_ms)
        if side is not None:
            sides[side] += 1
        standing_for.setdefault((kind, side), at_ms)
    found = (p for (kind, _), at_ms in standing_for.items() for p in provisions_for(kind, at_ms, phase.first_day))
    return {
        "provisions": tuple(map(_told, _surest(found))),
        "determined": phase.first_day.isoformat(),
        "determined_ms": phase.from_ms,
        "sides": tuple(sides[side] for side in SIDES),
    }


def _surest(found: Iterable[Weighed]) -> list[Weighed]:
    """Each provision once, as sure as it comes; the surest first."""
    surest: dict[str, Weighed] = {}
    for one in found:
        known = surest.setdefault(one.provision.id, one)
        if _rank(one) < _rank(known):
            surest[one.provision.id] = one
    return sorted(surest.values(), key=lambda one: (_rank(one), one.provision.id))


def _rank(weighed: Weighed) -> int:
    return STANDINGS.index(weighed.standing)


def _told(weighed: Weighed) -> dict[str, str]:
    of = weighed.provision
    return {
        "id": of.id,
        "category": of.category,
        "wording": of.wording,
        "meaning": of.meaning,
        "standing": weighed.standing,
        "citation": of.citation,
    }
