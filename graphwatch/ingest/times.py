"""Times as files write them, to UTC epoch milliseconds; whole columns at once."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import beginning_ms, day_of, parse_day
from graphwatch.common.notes import Note
from graphwatch.common.written_times import DayOrderError, NotATimeError, parse_time
from graphwatch.ingest.day_order import DayOrder, could_change_places, orders_shown, with_iso_days
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.worded_times import (
    DAY_ORDER,
    NO_HOUR,
    NO_OFFSET,
    NO_SUCH_HOUR,
    NO_TIME,
    SERIAL,
    WRONG_FORMAT,
    Reading,
    read_days,
    read_formatted,
    read_worded,
)
from graphwatch.settings import CLOCK_SKEW_SECONDS, EARLIEST

if TYPE_CHECKING:
    import pandas as pd

_SECONDS: Final = r"^\d{10}(\.\d{0,9})?$"
_MILLISECONDS: Final = r"^\d{13}(\.\d{0,6})?$"
_MICROSECONDS: Final = r"^\d{16}(\.0*)?$"
# 24:00, the end of a day, is left to what reads words.
_TO_MINUTES: Final = r"^\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d"
_ISO: Final = _TO_MINUTES + r"(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?$"
_OFFSET: Final = r"[T ].*(Z|[+-]\d\d(:?\d\d)?)$"
# The same with a blank before the offset, or with a word for it: many rows are like that in what programs write.
_ISO_WORDED: Final = (
    r"^\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)? ?(Z|UTC|GMT|WIB|WITA|WIT|[+-]\d\d:?\d\d)$"
)
_OFFSETS: Final = (("UTC|GMT|Z", "+00:00"), ("WIB", "+07:00"), ("WITA", "+08:00"), ("WIT", "+09:00"))
_DATE: Final = r"^\d{4}-\d\d-\d\d$"
_LAST_YEAR: Final = 9998
_EARLIEST_MS: Final = int(EARLIEST.timestamp() * 1000)

_TOO_EARLY: Final = problem("too_early", year=str(EARLIEST.year))
TOO_LATE: Final = problem("too_late")

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]


class TimeForm(Protocol):
    """How the times of a file are written; a mapping says so."""

    @property
    def timezone(self) -> str | None: ...

    @property
    def time_format(self) -> str | None: ...

    @property
    def day_order(self) -> DayOrder | None: ...


class _Clock:
    """One column on its way to milliseconds: what is read, what is still open, what went wrong."""

    def __init__(self, written: Any) -> None:
        self.written = written
        self.open: Mask = written.is_valid().to_numpy(zero_copy_only=False)
        self.ms: Numbers = np.zeros(len(written), np.int64)
        self.problems: list[tuple[Mask, Problem]] = []

    def matching(self, pattern: str) -> Mask:
        """Open rows whose text fits the pattern."""
        if not self.open.any():
            return self.open
        return mask_of(pc.match_substring_regex(self.written, pattern)) & self.open

    def texts(self, rows: Mask) -> Any:
        return self.written.filter(pa.array(rows))

    def settle(self, rows: Mask, ms: Numbers) -> None:
        """Rows are read."""
        self.ms[rows] = ms
        self.open &= ~rows

    def settle_parsed(self, rows: Mask, parsed: "pd.Series[Any]", problem: Problem) -> None:
        """Rows are read by pandas; those it could not read have the problem."""
        failed = parsed.isna().to_numpy()
        at = np.flatnonzero(rows)
        self.refuse(_mask_at(at[failed], len(rows)), problem)
        kept = parsed[~failed].dt.tz_convert("UTC").dt.as_unit("ms")
        self.settle(_mask_at(at[~failed], len(rows)), kept.astype("int64").to_numpy())

    def refuse(self, rows: Mask, problem: Problem) -> None:
        """Rows have the problem."""
        if rows.any():
            self.problems.append((rows, problem))
            self.open &= ~rows

    def refuse_impossible(self, others: Mask, now_ms: int) -> None:
        """Rows that were read, beside others, have the problem that there was nothing yet, or is not yet."""
        wrong = np.logical_or.reduce([others, *(rows for rows, _ in self.problems)])
        self.refuse((self.ms < _EARLIEST_MS) & ~wrong, _TOO_EARLY)
        self.refuse((self.ms > now_ms + CLOCK_SKEW_SECONDS * 1000) & ~wrong, TOO_LATE)


def mask_of(condition: Any) -> Mask:
    """An Arrow condition as a mask; null counts as false."""
    mask: Mask = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask


def to_milliseconds(
    written: Any,
    timezone: str | None,
    time_format: str | None,
    now_ms: int,
    told: Counter[str] | None = None,
    day_order: DayOrder | None = None,
) -> tuple[Any, list[tuple[Mask, Problem]]]:
    """Read a column of times.

    Args:
        written: Arrow text, trimmed, null where there is no time.
        timezone: zone of times without offset.
        time_format: strptime format; where given, all times have it.
        now_ms: the present, UTC epoch milliseconds.
        told: counts cells that were read in a way that is worth telling.
        day_order: whether day or month comes first where both are numbers; None where that is not known.

    Returns:
        Arrow int64, null where `written` is, and for each problem the mask of its rows.

    >>> times = pa.array(["2024-09-21T17:00:00Z", "1726938000", None])
    >>> to_milliseconds(times, None, None, 1 << 50)[0].to_pylist()
    [1726938000000, 1726938000000, None]
    """
    clock = _Clock(with_iso_days(written, day_order if time_format is None else None))
    untimed = ~clock.open
    if time_format is not None:
        _read_formatted(clock, timezone, time_format)
    else:
        _read_epochs(clock)
        _read_iso(clock, timezone)
        clock.refuse(clock.matching(_DATE), NO_HOUR)
        serial = clock.matching(SERIAL)
        _read_each(clock, partial(read_worded, timezone=timezone))
        serial &= ~np.logical_or.reduce([rows for rows, _ in clock.problems]) if clock.problems else serial
        if told is not None and serial.any():
            told[Note("load.serial")] += int(serial.sum())
    clock.refuse_impossible(untimed, now_ms)
    return pa.array(clock.ms, mask=untimed), clock.problems


def beginnings_of_days(
    written: Any, rows: Mask, timezone: str | None, now_ms: int, day_order: DayOrder | None
) -> tuple[Numbers, list[tuple[Mask, Problem]]]:
    """When the days begin that some rows of a column of times write without a time of day; as `to_milliseconds`.

    >>> days = pa.array(["8 Okt 2024", "13.05"])
    >>> beginnings_of_days(days, np.array([True, False]), "Asia/Jakarta", 1 << 50, None)[0].tolist()
    [1728320400000, 0]
    """
    clock = _Clock(with_iso_days(written, day_order))
    clock.open &= rows
    _read_each(clock, partial(read_days, timezone=timezone))
    clock.refuse_impossible(~rows, now_ms)
    return clock.ms, clock.problems


def _read_epochs(clock: _Clock) -> None:
    rows = clock.matching(_SECONDS)
    if rows.any():
        texts = clock.texts(rows)
        seconds = pc.utf8_slice_codeunits(texts, 0, 10).cast(pa.int64())
        # Cut, not rounded, as text: a float would move some fractions by a millisecond.
        thousandths = pc.utf8_rpad(pc.utf8_slice_codeunits(texts, 11, 14), 3, "0").cast(pa.int64())
        clock.settle(rows, seconds.to_numpy() * 1000 + thousandths.to_numpy())
    rows = clock.matching(_MILLISECONDS)
    if rows.any():
        clock.settle(rows, pc.utf8_slice_codeunits(clock.texts(rows), 0, 13).cast(pa.int64()).to_numpy())
    rows = clock.matching(_MICROSECONDS)
    if rows.any():
        clock.settle(rows, pc.utf8_slice_codeunits(clock.texts(rows), 0, 13).cast(pa.int64()).to_numpy())


def _read_iso(clock: _Clock, timezone: str | None) -> None:
    iso = clock.matching(_ISO)
    if iso.any():
        with_offset = clock.matching(_OFFSET) & iso
        _settle_with_offset(clock, with_offset, clock.texts(with_offset))
        naive = iso & ~with_offset
        if timezone is None:
            clock.refuse(naive, NO_OFFSET)
        elif naive.any():
            local = _parsed(clock.texts(naive), "ISO8601", utc=False)
            fits = local.notna()
            at = np.flatnonzero(naive)
            clock.refuse(_mask_at(at[~fits.to_numpy()], len(naive)), NO_TIME)
            _settle_local(clock, _mask_at(at[fits.to_numpy()], len(naive)), local[fits], timezone)
    worded = clock.matching(_ISO_WORDED)
    if worded.any():
        texts = clock.texts(worded)
        for words, offset in _OFFSETS:
            texts = pc.replace_substring_regex(texts, f"({words})$", offset)
        _settle_with_offset(clock, worded, pc.replace_substring_regex(texts, r" ([+-]\d\d:?\d\d)$", r"\1"))


def _settle_with_offset(clock: _Clock, rows: Mask, texts: Any) -> None:
    if rows.any():
        clock.settle_parsed(rows, _parsed(texts, "ISO8601", utc=True), NO_TIME)


def _read_formatted(clock: _Clock, timezone: str | None, time_format: str) -> None:
    """Whole columns at once; what does not fit that way may have Indonesian words or a zone behind it."""
    rows = clock.open.copy()
    offset, word = "%z" in time_format, "%Z" in time_format
    if rows.any() and not word:
        parsed = _parsed(clock.texts(rows), time_format, utc=offset)
        read = parsed.notna()
        fits = _mask_at(np.flatnonzero(rows)[read.to_numpy()], len(rows))
        if offset:
            clock.settle_parsed(fits, parsed[read], WRONG_FORMAT)
        else:
            _settle_local(clock, fits, parsed[read], timezone)
    _read_each(clock, partial(read_formatted, timezone=timezone, time_format=time_format))


def _read_each(clock: _Clock, read: Callable[[list[str]], list[Reading]]) -> None:
    """What is still open, each different text once."""
    if not clock.open.any():
        return
    rows = clock.open.copy()
    coded = pc.dictionary_encode(clock.texts(rows))
    readings = read(coded.dictionary.to_pylist())
    of_row, at = coded.indices.to_numpy(), np.flatnonzero(rows)
    read_ms = np.array([0 if isinstance(reading, Problem) else reading for reading in readings], np.int64)[of_row]
    problems = [reading for reading in readings if isinstance(reading, Problem)]
    for found in dict.fromkeys(problems):
        has_it = np.array([reading == found for reading in readings])[of_row]
        clock.refuse(_mask_at(at[has_it], len(rows)), found)
    good = np.array([not isinstance(reading, Problem) for reading in readings])[of_row]
    clock.settle(_mask_at(at[good], len(rows)), read_ms[good])


def _settle_local(clock: _Clock, rows: Mask, local: "pd.Series[Any]", timezone: str | None) -> None:
    if timezone is None:
        clock.refuse(rows, NO_OFFSET)
        return
    # On their way to UTC the last hours of 9999 would leave the years that Python counts.
    years, at = local.dt.year.to_numpy(), np.flatnonzero(rows)
    early, late = years < EARLIEST.year - 1, years > _LAST_YEAR
    clock.refuse(_mask_at(at[early], len(rows)), _TOO_EARLY)
    clock.refuse(_mask_at(at[late], len(rows)), TOO_LATE)
    rows, local = _mask_at(at[~(early | late)], len(rows)), local[~(early | late)]
    zoned = local.dt.tz_localize(ZoneInfo(timezone), ambiguous="NaT", nonexistent="NaT")
    clock.settle_parsed(rows, zoned, NO_SUCH_HOUR)


def _parsed(texts: Any, format: str, *, utc: bool) -> "pd.Series[Any]":
    import pandas as pd  # takes longer to import than all the rest of a command

    series: pd.Series[Any] = pd.to_datetime(texts.to_pandas(), format=format, utc=utc, errors="coerce")
    return series


def _mask_at(at: Numbers, length: int) -> Mask:
    mask = np.zeros(length, np.bool_)
    mask[at] = True
    return mask


NOT_A_DAY: Final = problem("not_a_day")


_Days = tuple[Any, Any, list[tuple[Mask, Problem]]]


def to_shown_days(written: Any, order: DayOrder | None) -> _Days:
    """`to_days` of a column that may show itself whether day or month comes first; times of day are left out.

    Where it shows both, nobody knows which of them the cells have that could be read either way.

    Args:
        written: Arrow text, trimmed, null where there is no day.
        order: which comes first where the column does not show it; the day if None.

    >>> to_shown_days(pa.array(["10/13/2024 8:05:00", "10/7/2024 9:00:00"]), None)[0].to_pylist()
    ['2024-10-13', '2024-10-07']
    >>> to_shown_days(pa.array(["10/13/2024", "13/10/2024", "7/10/2024"]), None)[0].to_pylist()
    [None, '2024-10-13', None]
    """
    different = pc.unique(written.drop_null())
    shown = orders_shown(different.to_pylist())
    if len(shown) < 2:
        return to_days(written, next(iter(shown), order), of_times=True)
    either = [text for text in different.to_pylist() if could_change_places(text)]
    unsaid = pc.is_in(written, value_set=pa.array(either, pa.string()))
    days, ms, problems = to_days(pc.if_else(unsaid, None, written), None, of_times=True)
    return days, ms, [*problems, (mask_of(unsaid), DAY_ORDER)]


def to_days(written: Any, order: DayOrder | None = None, *, of_times: bool = False) -> _Days:
    """Read a column of days; each different text is read once.

    Args:
        written: Arrow text, trimmed, null where there is no day.
        order: whether day or month comes first; the day if None.
        of_times: a time of day behind the day is left out, as a form writes it; else such a cell is no day.

    Returns:
        ISO dates, the beginning of each day in Asia/Jakarta as UTC epoch milliseconds, and the mask of cells
        that are no day.

    >>> days, ms, _ = to_days(pa.array(["2024-09-01", "01/09/2024", "1 September 2024", None]))
    >>> days.to_pylist(), ms[0].as_py() == ms[1].as_py() == ms[2].as_py() == 1725123600000
    (['2024-09-01', '2024-09-01', '2024-09-01', None], True)
    """
    coded = pc.dictionary_encode(written)
    found = [_day(text, of_times=of_times) for text in with_iso_days(coded.dictionary, order).to_pylist()]
    iso = pa.array([day and day.isoformat() for day in found], pa.string())
    ms = pa.array([day and beginning_ms(day) for day in found], pa.int64())
    days = iso.take(coded.indices)
    wrong = np.asarray(pc.and_(days.is_null(), written.is_valid()))
    return days, ms.take(coded.indices), [(wrong, NOT_A_DAY)]


def _day(text: str, *, of_times: bool) -> date | None:
    try:
        return parse_day(text)
    except ValueError:
        pass
    if not of_times:
        return None
    try:
        written = parse_time(text)
    except DayOrderError:
        return _day(text.split()[0], of_times=False)
    except NotATimeError:
        return None
    return written.day if written.zone is None else day_of(written.at_ms(written.zone))
