"""What the answers of the tests mean together, and which innocent explanations the evidence suggests."""

import math
from collections.abc import Iterator, Sequence
from statistics import median, quantiles
from typing import Final

from graphwatch.common.clock import day_of, local
from graphwatch.explain.model import Burst, Innocent, OnRoster, Reading, Ties

# Minutes after publication notifications are still fresh.
_FRESH_S: Final = 30 * 60
# Hours of an Indonesian office, Monday to Friday.
_OFFICE_MINUTES: Final = (7 * 60 + 30, 16 * 60)
# A trait that so many bursts have is a trait of the whole.
_MOST: Final = 0.5
_NEARLY_ALL: Final = 0.8
# So many bursts at one age of their posts are a trait, and how alike the ages of the middle half then are.
_LOCKED_FROM: Final = 5
_LOCKED: Final = 0.1
_OF_FAMILY: Final = {
    "text": "explain.innocent.text",
    "link": "explain.innocent.link",
    "untimed": "explain.innocent.untimed",
}


def reading(ties: Ties, *, whole: bool = False) -> Reading:
    """What the test against chance and the test of shared interest say together.

    A pair stands for itself; of a cluster, half of the pairs that tie it must share an interest.

    Args:
        whole: these are the ties of a cluster, whose members the group test finds with it, though no pair may.

    >>> alone = Ties(1, 5, 3.0, 9, coordinated=0, interested=0)
    >>> reading(alone), reading(alone, whole=True)
    ('neither', 'together')
    """
    if ties.coordinated is None or ties.interested is None:
        return "untested"
    interested = ties.interested > 0 and ties.interested >= ties.pairs * _MOST
    if ties.coordinated or whole:
        return "both" if interested else "together"
    return "interest" if interested else "neither"


def innocent(bursts: Sequence[Burst], roster: OnRoster | None, fdr: float | None) -> tuple[Innocent, ...]:
    """The explanations without coordination that these bursts and members suggest, what speaks loudest first."""
    return (*_of_people(roster, fdr), *_of_bursts(bursts))


def _of_people(roster: OnRoster | None, fdr: float | None) -> Iterator[Innocent]:
    if roster is None:
        return
    for agency in roster.agencies:
        if agency.n > 1 and (fdr is None or agency.q is None or agency.q <= fdr):
            yield Innocent("explain.innocent.pressure", {"n": agency.n, "agency": agency.name or agency.id})
    if roster.duty:
        yield Innocent("explain.innocent.duty", {"n": roster.duty})


def _of_bursts(bursts: Sequence[Burst]) -> Iterator[Innocent]:
    total = len(bursts)
    if not total:
        return
    ages = [burst.age_s for burst in bursts if burst.age_s is not None]
    fresh = sum(age <= _FRESH_S for age in ages)
    if fresh >= total * _MOST:
        yield Innocent("explain.innocent.notifications", {"n": fresh, "total": total})
    if len(ages) == total and _locked(ages):
        yield Innocent("explain.innocent.age_locked", {"total": total, "minutes": max(1, round(median(ages) / 60))})
    office = sum(in_office_hours(burst.first_ms) for burst in bursts)
    if office >= total * _MOST:
        yield Innocent("explain.innocent.office", {"n": office, "total": total})
    days = {day_of(burst.first_ms) for burst in bursts}
    if len(days) == 1 and total > 1:
        yield Innocent("explain.innocent.event", {"n": total, "day": days.pop().isoformat()})
    pages = [burst.page for burst in bursts if burst.page]
    page = max(sorted(set(pages)), key=pages.count, default=None)
    if page is not None and total > 1 and pages.count(page) >= total * _NEARLY_ALL:
        yield Innocent("explain.innocent.page", {"n": pages.count(page), "total": total, "page": page})
    # Old posts are found through someone: a chat, a search, an algorithm.
    old = len(ages) - fresh
    if old >= total * _MOST:
        yield Innocent("explain.innocent.chat", {"n": old, "total": total})
    elif len(ages) < total * _MOST:
        yield Innocent("explain.innocent.unknown", {"n": total - len(ages), "total": total})


def _locked(ages: Sequence[float]) -> bool:
    """Whether bursts, five or more, come at one age of their posts: the middle half within a tenth of the median.

    >>> _locked([7_200, 7_230, 7_190, 7_260, 7_205]), _locked([600, 7_200, 9_000, 40_000, 90_000])
    (True, False)
    """
    if len(ages) < _LOCKED_FROM:
        return False
    lower, middle, upper = quantiles(ages, n=4)
    return upper - lower < _LOCKED * middle


def together(log10_p: Sequence[float]) -> float:
    """At most this is the chance that all families together show so much by accident, of one pair; log10.

    The harmonic mean of their p (Wilson 2019), times what makes it hold however they hang together: 2 for two, e·ln K
    for K (Vovk and Wang 2020). A family that shows nothing has p = 1.

    >>> round(together([-8.0, 0.0, 0.0, 0.0]), 2), together([0.0, 0.0]), together([-3.0])
    (-6.82, 0.0, -3.0)
    """
    number = len(log10_p)
    factor = 1.0 if number < 2 else max(2.0, math.e * math.log(number))
    least = min(log10_p)
    mean = math.log10(number) + least - math.log10(sum(10.0 ** (least - p) for p in log10_p))
    return min(0.0, mean + math.log10(factor))


def of_family(family: str | None) -> tuple[Innocent, ...]:
    """What may be behind the same texts, links or likes without anything wrong.

    >>> [reason.text for reason in of_family("text")], of_family(None)
    (['explain.innocent.text'], ())
    """
    return (Innocent(_OF_FAMILY[family], {}),) if family else ()


def of_lag(pages: Sequence[str | None]) -> tuple[Innocent, ...]:
    """What may be behind a regular lag without anything wrong, by the pages on whose posts the account acted so.

    >>> [reason.text.rpartition(".")[2] for reason in of_lag(["Maju", "Maju"])]
    ['lag_page', 'lag_tool', 'lag_device']
    """
    page = max(sorted({page for page in pages if page}), key=list(pages).count, default=None)
    tools = (Innocent("explain.innocent.lag_tool", {}), Innocent("explain.innocent.lag_device", {}))
    if page is None or pages.count(page) < len(pages) * _NEARLY_ALL:
        return tools
    return (Innocent("explain.innocent.lag_page", {"n": pages.count(page), "total": len(pages), "page": page}), *tools)


def in_office_hours(at_ms: int) -> bool:
    """Whether a time lies between 7.30 and 16.00 WIB, Monday to Friday.

    >>> in_office_hours(0), in_office_hours(1_800_000)  # Thursday 7.00 and 7.30
    (False, True)
    """
    at = local(at_ms)
    return at.weekday() < 5 and _OFFICE_MINUTES[0] <= at.hour * 60 + at.minute < _OFFICE_MINUTES[1]
