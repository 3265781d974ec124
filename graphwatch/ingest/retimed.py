"""What a load says of acts that were known with another time before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from graphwatch.common.clock import DAY_MS
from graphwatch.model.acts import Retimed
from graphwatch.store.base import Written

_NOUNS: Final = {
    "LIKED": "like",
    "COMMENTED": "comment",
    "SHARED": "share",
    "MENTIONED": "mention",
    "FOLLOWED": "follow",
}
_UNITS: Final = (("day", DAY_MS), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))
# Zones of the world differ from each other by quarters of an hour, and by no more than this.
_QUARTER_MS: Final = 900_000
_FARTHEST_ZONES_MS: Final = 26 * 3_600_000


def remarks_on_times(within: Mapping[str, Retimed], written: Iterable[Written]) -> Iterator[str]:
    """A sentence for each kind of act and what became of a second time.

    Args:
        within: by kind, the acts to which rows of the file itself give different times.
        written: what the tables did to the store.

    >>> times = Written("COMMENTED", 0, 6, 0, Counter({("corrected", 25_200_000): 6}))
    >>> [*remarks_on_times({}, [times])][0]
    '6 times corrected: 6 comments have another time than before, by 7 hours: one of the two zones is wrong'
    """
    for kind, retimed in within.items():
        apart: Counter[int] = Counter()
        for (_, shift), acts in retimed.items():
            apart[shift] += acts
        if apart:
            yield f"{_acts(kind, apart)} rows with different times, {_by(apart)}: {_ONE_STAYS}"
    before: dict[tuple[str, str], Counter[int]] = {}
    for table in written:
        for (outcome, shift), acts in table.retimed.items():
            before.setdefault((table.element, outcome), Counter())[shift] += acts
    for (kind, what), shifts in sorted(before.items()):
        another = f"{_acts(kind, shifts)} another time than before, {_by(shifts)}"
        zones = ": one of the two zones is wrong" if _is_zone(shifts) else ""
        if what == "corrected":
            times = "1 time" if shifts.total() == 1 else f"{shifts.total():,} times"
            yield f"{times} corrected: {another}{zones}"
        elif what == "kept":
            yield f"{another}{zones}; the known one stays, since it is the act's own or is known more precisely"
        else:
            yield f"{another}{zones}; each is when somebody looked, and the earlier stays"


_ONE_STAYS: Final = "the last row counts, or the more precise one; of times when somebody looked the earliest"


def _acts(kind: str, shifts: Counter[int]) -> str:
    number = shifts.total()
    return f"{number:,} {_NOUNS[kind]} has" if number == 1 else f"{number:,} {_NOUNS[kind]}s have"


def _by(shifts: Counter[int]) -> str:
    low, high = _duration(min(shifts)), _duration(max(shifts))
    return f"by {low}" if low == high else f"by {low} to {high}"


def _is_zone(shifts: Counter[int]) -> bool:
    """Whether all times differ by the same, as they do where a file was read in another zone."""
    [(shift, acts), *others] = shifts.items()
    return not others and acts > 1 and shift % _QUARTER_MS == 0 and shift <= _FARTHEST_ZONES_MS


def _duration(ms: int) -> str:
    """A duration in the largest unit that it has one of.

    >>> _duration(25_200_000), _duration(90_000), _duration(86_400_000)
    ('7 hours', '1.5 minutes', '1 day')
    """
    name, unit = next(((name, unit) for name, unit in _UNITS if ms >= unit), _UNITS[-1])
    number = f"{ms / unit:.1f}".removesuffix(".0")
    return f"{number} {name}{'' if number == '1' else 's'}"
