"""Times that native ids hold: X, TikTok and Instagram number by the clock what is published.

The id of a post says when the post was made, which is another time than that of an act on it: of an act only its own
id counts.
"""

import re
from collections import Counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.common.notes import Note
from graphwatch.model.acts import FINEST_MS, STATES
from graphwatch.platforms.shortcodes import OF_META, media_id
from graphwatch.settings import CLOCK_SKEW_SECONDS

Longs = npt.NDArray[np.int64]

# X counts milliseconds from 2010-11-04T01:42:54.657Z in all but the last 22 bits; ids before were consecutive numbers.
_X_BITS, _X_BEGAN_MS, _X_SINCE_MS = 22, 1_288_834_974_657, 1_293_840_000_000
# TikTok counts seconds of the epoch in all but the last 32 bits; it began in 2016.
_TIKTOK_BITS, _TIKTOK_SINCE_MS = 32, 1_451_606_400_000
# Instagram and Threads count milliseconds from 2011-08-24 in all but the last 23 bits. What they number otherwise, as
# comments, would have been made in the first months, so that these count as none.
_INSTAGRAM_BITS, _INSTAGRAM_BEGAN_MS, _INSTAGRAM_SINCE_MS = 23, 1_314_220_021_721, 1_325_376_000_000
_X: Final = ("x", "twitter")
_ID_AND_OWNER: Final = re.compile(r"(\d{15,19})_\d+", re.ASCII)
_DIGITS: Final = r"^[1-9]\d{14,18}$"
_LARGEST: Final = str(2**63 - 1)
# What an export may cut off or round beyond its precision.
_SLACK_MS: Final = 5_000
_QUARTER_MS: Final = 900_000
_MANY: Final = 0.9
_OF_TIMES: Final = (("at_ms", pa.int64()), ("basis", pa.string()), ("precision_ms", pa.int64()))


def times_of_ids(platform: Any, ids: Any, now_ms: int, *, of_posts: bool = False) -> Longs:
    """The time of each id in UTC epoch milliseconds; 0 where it holds none.

    Args:
        platform, ids: Arrow texts, ids null where there are none.
        now_ms: the present; an id of the future is no time.
        of_posts: whether those of Instagram may be shortcodes too; any word of eleven letters looks like one.

    >>> times_of_ids(pa.array(["x", "tiktok"]), pa.array(["1840000000000000001", "7419000000000000001"]), 1 << 50)
    array([1727525160203, 1727370545000])
    >>> media = pa.array(["3472585458436161536", "DAxGhNuRkAA"])
    >>> times_of_ids(pa.array(["instagram"] * 2), media, 1 << 50, of_posts=True)
    array([1728184467125, 1728184467125])
    """
    found: Longs = np.zeros(len(ids), np.int64)
    of_x, of_tiktok, of_instagram = (
        np.asarray(pc.fill_null(c, False))
        for c in (pc.is_in(platform, pa.array(_X)), pc.equal(platform, "tiktok"), pc.is_in(platform, pa.array(OF_META)))
    )
    if not (of_x.any() or of_tiktok.any() or of_instagram.any()):
        return found
    if of_instagram.any() and of_posts:
        ids = _media_ids(ids, of_instagram)
    fits = np.asarray(pc.fill_null(pc.match_substring_regex(ids, _DIGITS), False)) & (of_x | of_tiktok | of_instagram)
    long = pc.and_(pc.equal(pc.utf8_length(ids), len(_LARGEST)), pc.greater(ids, _LARGEST))
    fits &= ~np.asarray(pc.fill_null(long, False))
    at = np.flatnonzero(fits)
    number = np.asarray(ids.take(pa.array(at)).cast(pa.int64()))
    x, instagram = of_x[at], of_instagram[at]
    ms = np.select(
        [x, instagram],
        [(number >> _X_BITS) + _X_BEGAN_MS, (number >> _INSTAGRAM_BITS) + _INSTAGRAM_BEGAN_MS],
        (number >> _TIKTOK_BITS) * 1000,
    )
    since = np.select([x, instagram], [_X_SINCE_MS, _INSTAGRAM_SINCE_MS], _TIKTOK_SINCE_MS)
    found[at] = np.where((ms >= since) & (ms <= now_ms + CLOCK_SKEW_SECONDS * 1000), ms, 0)
    return found


def _media_ids(ids: Any, of_instagram: Any) -> Any:
    """The ids, those of Instagram as numbers; each different text is looked at once."""
    coded = pc.dictionary_encode(pc.if_else(pa.array(of_instagram), ids, None))
    texts = coded.dictionary
    if pc.all(pc.ascii_is_decimal(texts)).as_py() is not False:
        return ids
    plain = (_ID_AND_OWNER.fullmatch(text) or text for text in texts.to_pylist())
    numbers = [
        text[1] if isinstance(text, re.Match) else text if text.isdecimal() else media_id(text) for text in plain
    ]
    return pc.if_else(pa.array(of_instagram), pa.array(numbers, pa.string()).take(coded.indices), ids)


class IdTimes:
    """Gives events the times of their ids where they have none, and compares where they have one."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        self.derived = 0
        self._after: list[Longs] = []

    def filled(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Columns `at_ms`, `basis` and `precision_ms` of these rows; nothing where no id holds a time.

        A time that was counted back from when a row was seen, or is only a day, is known less well than that of an id,
        which replaces it.

        Args:
            columns: `platform`, `kind`, `content_id`, and `at_ms`, `basis` and `precision_ms` as far as they are known.
        """
        ids = columns.get("content_id")
        if ids is None or ids.null_count == len(ids):
            return {}
        held = times_of_ids(columns["platform"], ids, self._now_ms)
        held[np.asarray(pc.fill_null(pc.is_in(columns["kind"], pa.array(STATES)), True))] = 0
        known = [columns.get(name, pa.nulls(len(ids), type)) for name, type in _OF_TIMES]
        gains = self._compared(known[0], held, np.asarray(pc.or_(known[1].is_valid(), known[2].is_valid())))
        if gains is None:
            return {}
        given = (pa.array(held), "derived", pa.scalar(None, pa.int64()))
        return {name: pc.if_else(gains, new, old) for (name, _), new, old in zip(_OF_TIMES, given, known, strict=True)}

    def published(self, platform: Any, posts: Any, at_ms: Any, basis: Any) -> Any:
        """The times at which posts were published, those of which nothing tells it by their ids.

        Args:
            platform, posts: Arrow texts.
            at_ms: as the file has them, null where it has none.
            basis: null but where they were counted back from when a row was seen; these are known less well than ids.
        """
        held = times_of_ids(platform, posts, self._now_ms, of_posts=True)
        gains = self._compared(at_ms, held, np.asarray(basis.is_valid()))
        return at_ms if gains is None else pc.if_else(gains, pa.array(held), at_ms)

    def _compared(self, at_ms: Any, held: Longs, coarse: Any) -> Any:
        """Where ids give the time, as an Arrow mask; None where they do nowhere."""
        if not held.any():
            return None
        timed = np.asarray(at_ms.is_valid()) & ~coarse
        both = timed & (held > 0)
        self._after.append(held[both] - np.asarray(pc.fill_null(at_ms, 0))[both])
        gains = ~timed & (held > 0)
        self.derived += int(gains.sum())
        return pa.array(gains) if gains.any() else None

    def remarks(self, precision_ms: int | None, what: str = "acts") -> list[str]:
        """What is to be told.

        Args:
            precision_ms: how precisely the file's own times are known; None where to the second.
            what: whose times these are, acts or posts.
        """
        told: list[str] = []
        if self.derived:
            told.append(Note(f"load.derived_{what}", n=self.derived))
        after = np.concatenate([np.empty(0, np.int64), *self._after])
        agree = (after >= -_SLACK_MS) & (after < (precision_ms or FINEST_MS) + _SLACK_MS)
        apart = int((~agree).sum())
        if apart:
            counts = {"share": f"{agree.mean():.0%}", "n": apart}
            hours = _zone(after[~agree])
            if not hours:
                told.append(Note("load.agreeing_ids", **counts))
            elif hours > 0:
                told.append(Note("load.early_zone", **counts, hours=f"{hours:g}"))
            else:
                told.append(Note("load.late_zone", **counts, hours=f"{-hours:g}"))
        return told


def _zone(after: Longs) -> float:
    """By how many hours all times are too early, as they are where a time zone is wrong; 0 where they differ."""
    shift, acts = Counter(np.round(after / _QUARTER_MS).astype(int).tolist()).most_common(1)[0]
    if abs(shift) * _QUARTER_MS > DAY_MS or acts < _MANY * len(after):
        return 0
    return float(shift / 4)
