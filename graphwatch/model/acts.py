"""An act: what makes two rows speak of the same one, and which of two times that are given for it is kept.

A like or a follow is a state: one for each account and post or page. A comment, a share or a mention is an event: known
by its native content id; without one by its wording, and without words by its time.
"""

from collections import Counter
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.model import INTERACTIONS, key_hash

STATES: Final = ("LIKED", "FOLLOWED")
Basis = Literal["acted", "observed", "derived"]
# What is known of the time of an act; these go together, since half of one time and half of another is neither.
TIME: Final = ("at_ms", "at", "precision_ms", "basis")
# No time is taken to be finer; a precision of this or less is not written down.
FINEST_MS: Final = 1000
# Putting the marks of one letter in order takes the square of their number: of longer texts thirty in a row are kept,
# which no letter of any script has (Unicode's stream-safe text format, UAX 15). Two marks are letters before that.
_LONG: Final = 1_000
_MANY_MARKS: Final = r"([\p{M}\x{FF9E}\x{FF9F}]{30})[\p{M}\x{FF9E}\x{FF9F}]+"

# What became of a time that a row gives, and by how many milliseconds it differs from the other one, to number of acts.
Retimed = Counter[tuple[Literal["corrected", "kept", "seen"], int]]
_Mask = npt.NDArray[np.bool_]
_Longs = npt.NDArray[np.int64]


def act_id(
    platform: str,
    account: str,
    kind: str,
    object: str,
    content_id: str | None,
    wording: str | None,
    at_ms: int | None,
    *,
    of_account: bool = False,
) -> str:
    """The id of an act; `graphwatch.ingest.sql` says the same to its engine.

    Args:
        platform, account, kind, object: native ids of account and object, without the platform before them.
        content_id: native id of the comment, share or mention.
        wording: its text as `wordings` gives it.
        at_ms: its time, UTC epoch milliseconds.
        of_account: whether the object is an account; a page may have the same id.

    >>> act_id("x", "a", "LIKED", "p", None, None, 5) == act_id("x", "a", "LIKED", "p", "l1", "well", None)
    True
    >>> act_id("x", "a", "SHARED", "p", None, None, 5) == act_id("x", "a", "SHARED", "p", None, None, 6)
    False
    """
    whom = (platform, account, kind, object)
    if kind in STATES:
        return key_hash(*whom, *(["account"] if of_account else []))
    if content_id is not None:
        return key_hash(*whom, "content", content_id)
    if wording is not None:
        return key_hash(*whom, "text", wording)
    return key_hash(*whom, "at", at_ms)


def wordings(texts: Any) -> Any:
    """Texts as they are compared: one form of each letter, no capitals, one blank between words; null where empty.

    >>> wordings(pa.array(["Hai  DUNIA ", " ", None])).to_pylist()
    ['hai dunia', None, None]
    """
    long = pc.fill_null(pc.greater(pc.binary_length(texts), _LONG), False)
    if pc.any(long).as_py():
        texts = pc.replace_with_mask(texts, long, pc.replace_substring_regex(texts.filter(long), _MANY_MARKS, r"\1"))
    plain = pc.replace_substring_regex(pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC")), r"\p{Cf}+", "")
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"[\s\p{Z}]+", " "))
    return pc.if_else(pc.equal(plain, ""), None, plain)


def is_act(name: str) -> bool:
    """Whether a node or relation of that name is an act that has a time of its own."""
    return name in INTERACTIONS


class Standing(NamedTuple):
    """How good a time is: of two, the one with the smaller `looked`, `extent` and `derived`, in this order, is kept.

    Attributes:
        known: whether there is a time.
        at_ms: the time; 0 where there is none.
        looked: whether it is the time when somebody looked, so that the act was not later.
        extent: of the time of an act its precision; of a look its end, since an earlier look says more.
        derived: whether it follows from a native id.
        precision_ms: of either, milliseconds.
    """

    known: _Mask
    at_ms: _Longs
    looked: _Mask
    extent: _Longs
    derived: _Mask
    precision_ms: _Longs

    def at(self, rows: Any) -> "Standing":
        """Those of some rows."""
        return Standing(*(column[rows] for column in self))


def standing(rows: pa.Table | pa.RecordBatch) -> Standing:
    """How good the times of these acts are; null stands for an act's own time, known to the second."""
    at_ms = rows.column("at_ms")
    ms = _longs(at_ms, 0)
    precision = np.maximum(_longs(rows.column("precision_ms"), FINEST_MS), FINEST_MS)
    looked, derived = (_mask(pc.equal(rows.column("basis"), basis)) for basis in ("observed", "derived"))
    return Standing(
        _mask(at_ms.is_valid()), ms, looked, np.where(looked, ms + precision, precision), derived, precision
    )


def takes_over(old: Standing, new: Standing) -> _Mask:
    """Where a later row's time takes the place of the one that is known.

    A known time beats none, that of an act beats a look, a finer one beats a coarser, a written one beats a derived
    one; of two that are equally good the later row corrects the earlier. Of two looks the earlier says more.
    """
    better, alike = np.zeros(len(old.known), np.bool_), np.ones(len(old.known), np.bool_)
    for before, after in ((old.looked, new.looked), (old.extent, new.extent), (old.derived, new.derived)):
        better |= alike & (after < before)
        alike &= after == before
    corrects = alike & ~new.looked & (new.at_ms != old.at_ms)
    outcome: _Mask = new.known & (~old.known | better | corrects)
    return outcome


def retimed(old: Standing, new: Standing, taken: _Mask) -> Retimed:
    """Which times contradict each other, what became of the later one, and by how much they differ.

    Two times of an act do where they differ by more than they are known; a look does where it came before the act.
    """
    shift = np.abs(new.at_ms - old.at_ms)
    extent = np.maximum(old.precision_ms, new.precision_ms)
    apart = shift >= extent
    before = np.where(new.looked, new.extent <= old.at_ms, old.extent <= new.at_ms)
    both = old.known & new.known & np.where(old.looked != new.looked, before, apart)
    found: Retimed = Counter()
    for rows, what in (
        (both & old.looked & new.looked, "seen"),
        (both & ~(old.looked & new.looked) & taken, "corrected"),
        (both & ~(old.looked & new.looked) & ~taken, "kept"),
    ):
        for ms, acts in zip(*np.unique(shift[rows], return_counts=True), strict=True):
            found[what, int(ms)] += int(acts)  # type: ignore[index]
    return found


def best(group: _Longs, times: Standing) -> _Longs:
    """Of each group of rows the place of the one whose time is kept.

    Args:
        group: number of each row's group, from 0, ascending.
        times: of the rows, in the order in which they came.
    """
    place = np.arange(len(group))
    later = np.where(times.looked, place, -place)
    order = np.lexsort((later, times.derived, times.extent, times.looked, ~times.known, group))
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    winners: _Longs = order[first]
    return winners


def _longs(column: Any, absent: int) -> _Longs:
    return np.asarray(pc.fill_null(column, absent)).astype(np.int64, copy=False)


def _mask(condition: Any) -> _Mask:
    return np.asarray(pc.fill_null(condition, False)).astype(np.bool_, copy=False)
