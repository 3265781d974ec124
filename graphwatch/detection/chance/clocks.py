"""Clocks that show less than the window: accounts and kinds of act whose times say too little of who acted together.

A file says how precisely a column of times is known, and the store keeps it. But files are put together from several
tools, and one of them may have rounded: whoever it noted down is then at the full hour, with all others that it noted.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np

from graphwatch.common.compiled import compiled
from graphwatch.common.large_arrays import kept, taken
from graphwatch.detection.counting.pairs import Longs, Mask
from graphwatch.model.tables import InteractionColumns

# A minute, five, an hour. Whole days are whole hours.
_UNITS_MS: Final = (60_000, 300_000, 3_600_000)
# Nine in ten of ten times or more are whole minutes by no accident; of fewer, all of three are not where many show it.
_SHARE: Final = 0.9
_LEAST: Final = 10
_FEW: Final = 3
_MANY: Final = 20


def coarse_clocks(columns: InteractionColumns, window_ms: int) -> Mask:
    """Which interactions are of an account, or a kind, whose clock shows less than half of the window.

    Only where the others show more: a clock that all share makes nobody stand out. A clock shows the coarsest unit of
    which nine in ten of its times are whole.

    >>> import pyarrow as pa
    >>> from graphwatch.model.tables import LeftOut
    >>> at, account = np.arange(200) * 3_600_000, np.arange(200) // 100
    >>> ids, posts = pa.array(["x:1", "x:2"]), pa.array(["x:p"])
    >>> rows = account, np.zeros(200, int), np.zeros(200, np.int8), at + account * at // 7
    >>> columns = InteractionColumns(*rows, ids, posts, ("LIKED",), np.array([-1]), (LeftOut(),))
    >>> np.flatnonzero(np.diff(coarse_clocks(columns, 60_000))).tolist(), coarse_clocks(columns, 7_200_000).any()
    ([99], np.False_)
    """
    accounts, kinds = np.zeros(len(columns.accounts), np.bool_), np.zeros(len(columns.kinds), np.bool_)
    for unit in _UNITS_MS:
        if 2 * unit > window_ms:
            _find(columns.account, columns.at_ms, unit, accounts, few=True)
            _find(columns.kind, columns.at_ms, unit, kinds, few=False)
    if not accounts.any() and not kinds.any():
        return np.zeros(len(columns.at_ms), np.bool_)
    left_out: Mask = taken(accounts, columns.account) | taken(kinds, columns.kind)
    return left_out


def _find(group: Any, at_ms: Longs, unit: int, shown: Mask, *, few: bool) -> None:
    """Mark the groups, accounts or kinds, whose times are whole, where not all are."""
    number, fits = _tally(group, at_ms, unit, len(shown))
    if fits.sum() >= _SHARE * len(at_ms):
        return
    shown |= (number >= _LEAST) & (fits >= _SHARE * number)
    seeming = (number >= _FEW) & (fits == number)
    if few and np.count_nonzero(seeming) >= _MANY:
        shown |= seeming


@compiled
def _tally(group, at_ms, unit, groups):  # type: ignore[no-untyped-def]
    """For each group how many times there are, and how many of them are whole."""
    number, fits = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
    for r in range(len(group)):
        number[group[r]] += 1
        fits[group[r]] += int(at_ms[r] % unit == 0)
    return number, fits


def with_fine_clocks(columns: InteractionColumns, window_ms: int) -> InteractionColumns:
    """The interactions without those of coarse clocks, which count as known less precisely than the window."""
    coarse = coarse_clocks(columns, window_ms)
    if not coarse.any():
        return columns
    number = np.bincount(columns.kind[coarse], minlength=len(columns.kinds))
    if len(columns.left_out_of) == len(columns.kinds):
        told = tuple(
            replace(left_out, coarse=left_out.coarse + n)
            for left_out, n in zip(columns.left_out_of, number.tolist(), strict=True)
        )
    else:  # of one kind alone
        told = (replace(columns.left_out_of[0], coarse=columns.left_out_of[0].coarse + int(number.sum())),)
    rows = ~coarse
    return replace(
        columns,
        account=kept(columns.account, rows),
        object=kept(columns.object, rows),
        kind=kept(columns.kind, rows),
        at_ms=kept(columns.at_ms, rows),
        left_out_of=told,
        post=None if columns.post is None else kept(columns.post, rows),
    )
