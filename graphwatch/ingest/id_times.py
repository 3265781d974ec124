"""Times that native ids hold: comments, shares and mentions of X and TikTok are numbered by the clock.

The id of a post says when the post was made, which is another time; only the act's own id counts here.
"""

from collections import Counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.model.acts import FINEST_MS, STATES
from graphwatch.settings import CLOCK_SKEW_SECONDS

Longs = npt.NDArray[np.int64]

# X counts milliseconds from 2010-11-04T01:42:54.657Z in all but the last 22 bits; ids before were consecutive numbers.
_X_BITS, _X_BEGAN_MS, _X_SINCE_MS = 22, 1_288_834_974_657, 1_293_840_000_000
# TikTok counts seconds of the epoch in all but the last 32 bits; it began in 2016.
_TIKTOK_BITS, _TIKTOK_SINCE_MS = 32, 1_451_606_400_000
_X: Final = ("x", "twitter")
_DIGITS: Final = r"^[1-9]\d{14,18}$"
_LARGEST: Final = str(2**63 - 1)
# What an export may cut off or round beyond its precision.
_SLACK_MS: Final = 5_000
_QUARTER_MS: Final = 900_000
_MANY: Final = 0.9


def times_of_ids(platform: Any, ids: Any, now_ms: int) -> Longs:
    """The time of each id in UTC epoch milliseconds; 0 where it holds none.

    Args:
        platform, ids: Arrow texts, ids null where there are none.
        now_ms: the present; an id of the future is no time.

    >>> times_of_ids(pa.array(["x", "tiktok"]), pa.array(["1840000000000000001", "7419000000000000001"]), 1 << 50)
    array([1727525160203, 1727370545000])
    """
    found: Longs = np.zeros(len(ids), np.int64)
    of_x, of_tiktok = (
        np.asarray(pc.fill_null(c, False)) for c in (pc.is_in(platform, pa.array(_X)), pc.equal(platform, "tiktok"))
    )
    if not (of_x.any() or of_tiktok.any()):
        return found
    fits = np.asarray(pc.fill_null(pc.match_substring_regex(ids, _DIGITS), False)) & (of_x | of_tiktok)
    long = pc.and_(pc.equal(pc.utf8_length(ids), len(_LARGEST)), pc.greater(ids, _LARGEST))
    fits &= ~np.asarray(pc.fill_null(long, False))
    at = np.flatnonzero(fits)
    number = np.asarray(ids.take(pa.array(at)).cast(pa.int64()))
    ms = np.where(of_x[at], (number >> _X_BITS) + _X_BEGAN_MS, (number >> _TIKTOK_BITS) * 1000)
    since = np.where(of_x[at], _X_SINCE_MS, _TIKTOK_SINCE_MS)
    found[at] = np.where((ms >= since) & (ms <= now_ms + CLOCK_SKEW_SECONDS * 1000), ms, 0)
    return found


class IdTimes:
    """Gives events the times of their ids where they have none, and compares where they have one."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self.derived = 0
        self._after: list[Longs] = []

    def filled(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Columns `at_ms` and `basis` of these rows; nothing where no id holds a time.

        Args:
            columns: `platform`, `kind`, `content_id`, and `at_ms` where the file has times.
        """
        ids = columns.get("content_id")
        if ids is None or ids.null_count == len(ids):
            return {}
        held = times_of_ids(columns["platform"], ids, self._now_ms)
        held[np.asarray(pc.fill_null(pc.is_in(columns["kind"], pa.array(STATES)), True))] = 0
        if not held.any():
            return {}
        at_ms = columns.get("at_ms", pa.nulls(len(ids), pa.int64()))
        timed = np.asarray(at_ms.is_valid())
        both = timed & (held > 0)
        self._after.append(held[both] - np.asarray(pc.fill_null(at_ms, 0))[both])
        gains = ~timed & (held > 0)
        self.derived += int(gains.sum())
        if not gains.any():
            return {}
        mask = pa.array(gains)
        basis = pc.if_else(mask, "derived", pa.scalar(None, pa.string()))
        return {"at_ms": pc.if_else(mask, pa.array(held), at_ms), "basis": basis}

    def remarks(self, precision_ms: int | None) -> list[str]:
        """What is to be told.

        Args:
            precision_ms: how precisely the file's own times are known; None where to the second.
        """
        told = []
        if self.derived:
            told.append(f"{self.derived:,} acts without a time have that of their native id")
        after = np.concatenate([np.empty(0, np.int64), *self._after])
        agree = (after >= -_SLACK_MS) & (after < (precision_ms or FINEST_MS) + _SLACK_MS)
        apart = int((~agree).sum())
        if apart:
            told.append(f"{agree.mean():.0%} of ids agree with their times; {apart:,} do not{_zone(after[~agree])}")
        return told


def _zone(after: Longs) -> str:
    """That all differ by the same quarter hours, as they do where a time zone is wrong."""
    shift, acts = Counter(np.round(after / _QUARTER_MS).astype(int).tolist()).most_common(1)[0]
    if not shift or abs(shift) * _QUARTER_MS > DAY_MS or acts < _MANY * len(after):
        return ""
    return (
        f": their times are {abs(shift) / 4:g} hours too {'early' if shift > 0 else 'late'}, so the time zone is wrong"
    )
