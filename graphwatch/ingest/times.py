"""Times as files write them, to UTC epoch milliseconds; whole columns at once."""

from datetime import date
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import beginning_ms, parse_day
from graphwatch.ingest.quarantine import Problem
from graphwatch.settings import CLOCK_SKEW_SECONDS, EARLIEST

_SECONDS: Final = r"^\d{10}(\.\d{0,9})?$"
_MILLISECONDS: Final = r"^\d{13}$"
_ISO: Final = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?$"
_OFFSET: Final = r"[T ].*(Z|[+-]\d\d(:?\d\d)?)$"
_DATE: Final = r"^\d{4}-\d\d-\d\d$"
_EARLIEST_MS: Final = int(EARLIEST.timestamp() * 1000)

_NO_TIME: Final = Problem(
    "not a time",
    "Write ISO 8601 with an offset or epoch seconds, or give a time format and a time zone.",
)
_NO_OFFSET: Final = Problem("a time without offset", "Name the time zone of the file, for example Asia/Jakarta.")
_NO_HOUR: Final = Problem(
    "a date without a time of day",
    "Give the time of day, or leave the column unmapped: rows at a made-up midnight would look simultaneous.",
)
_NO_SUCH_HOUR: Final = Problem("a local time that its time zone has twice or never", "Write the time with its offset.")
_WRONG_FORMAT: Final = Problem("a time that does not fit the given format", "Change the time format, or the cell.")
_TOO_EARLY: Final = Problem(
    f"a time before {EARLIEST.year}", "Check the unit (seconds or milliseconds) and the column."
)
_TOO_LATE: Final = Problem("a time in the future", "Check the time zone and the column.")

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]


class TimeForm(Protocol):
    """How the times of a file are written; a mapping says so."""

    @property
    def timezone(self) -> str | None: ...

    @property
    def time_format(self) -> str | None: ...


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


def mask_of(condition: Any) -> Mask:
    """An Arrow condition as a mask; null counts as false."""
    mask: Mask = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask


def to_milliseconds(
    written: Any, timezone: str | None, time_format: str | None, now_ms: int
) -> tuple[Any, list[tuple[Mask, Problem]]]:
    """Read a column of times.

    Args:
        written: Arrow text, trimmed, null where there is no time.
        timezone: zone of times without offset.
        time_format: strptime format; where given, all times have it.
        now_ms: the present, UTC epoch milliseconds.

    Returns:
        Arrow int64, null where `written` is, and for each problem the mask of its rows.

    >>> times = pa.array(["2024-09-21T17:00:00Z", "1726938000", None])
    >>> to_milliseconds(times, None, None, 1 << 50)[0].to_pylist()
    [1726938000000, 1726938000000, None]
    """
    clock = _Clock(written)
    untimed = ~clock.open
    if time_format is not None:
        _read_formatted(clock, timezone, time_format)
    else:
        _read_epochs(clock)
        _read_iso(clock, timezone)
        clock.refuse(clock.matching(_DATE), _NO_HOUR)
        clock.refuse(clock.open.copy(), _NO_TIME)
    wrong = np.logical_or.reduce([untimed, *(rows for rows, _ in clock.problems)])
    clock.refuse((clock.ms < _EARLIEST_MS) & ~wrong, _TOO_EARLY)
    clock.refuse((clock.ms > now_ms + CLOCK_SKEW_SECONDS * 1000) & ~wrong, _TOO_LATE)
    return pa.array(clock.ms, mask=untimed), clock.problems


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
        clock.settle(rows, clock.texts(rows).cast(pa.int64()).to_numpy())


def _read_iso(clock: _Clock, timezone: str | None) -> None:
    iso = clock.matching(_ISO)
    if not iso.any():
        return
    with_offset = clock.matching(_OFFSET) & iso
    if with_offset.any():
        parsed = _parsed(clock.texts(with_offset), "ISO8601", utc=True)
        clock.settle_parsed(with_offset, parsed, _NO_TIME)
    naive = iso & ~with_offset
    if naive.any() and timezone is None:
        clock.refuse(naive, _NO_OFFSET)
    elif naive.any():
        _read_local(clock, naive, "ISO8601", timezone, _NO_TIME)


def _read_formatted(clock: _Clock, timezone: str | None, time_format: str) -> None:
    rows = clock.open.copy()
    if "%z" in time_format:
        clock.settle_parsed(rows, _parsed(clock.texts(rows), time_format, utc=True), _WRONG_FORMAT)
    else:
        _read_local(clock, rows, time_format, timezone, _WRONG_FORMAT)


def _read_local(clock: _Clock, rows: Mask, format: str, timezone: str | None, problem: Problem) -> None:
    local = _parsed(clock.texts(rows), format, utc=False)
    at = np.flatnonzero(rows)
    failed = local.isna().to_numpy()
    clock.refuse(_mask_at(at[failed], len(rows)), problem)
    assert timezone is not None
    zoned = local[~failed].dt.tz_localize(ZoneInfo(timezone), ambiguous="NaT", nonexistent="NaT")
    clock.settle_parsed(_mask_at(at[~failed], len(rows)), zoned, _NO_SUCH_HOUR)


def _parsed(texts: Any, format: str, *, utc: bool) -> "pd.Series[Any]":
    series: pd.Series[Any] = pd.to_datetime(texts.to_pandas(), format=format, utc=utc, errors="coerce")
    return series


def _mask_at(at: Numbers, length: int) -> Mask:
    mask = np.zeros(length, np.bool_)
    mask[at] = True
    return mask


NOT_A_DAY: Final = Problem("not a day", "Write 2024-09-01, 01/09/2024 (day, month, year) or 1 September 2024.")


def to_days(written: Any) -> tuple[Any, Any, list[tuple[Mask, Problem]]]:
    """Read a column of days; each different text is read once.

    Args:
        written: Arrow text, trimmed, null where there is no day.

    Returns:
        ISO dates, the beginning of each day in Asia/Jakarta as UTC epoch milliseconds, and the mask of cells
        that are no day.

    >>> days, ms, _ = to_days(pa.array(["2024-09-01", "01/09/2024", "1 September 2024", None]))
    >>> days.to_pylist(), ms[0].as_py() == ms[1].as_py() == ms[2].as_py() == 1725123600000
    (['2024-09-01', '2024-09-01', '2024-09-01', None], True)
    """
    coded = pc.dictionary_encode(written)
    found = [_day(text) for text in coded.dictionary.to_pylist()]
    iso = pa.array([day and day.isoformat() for day in found], pa.string())
    ms = pa.array([day and beginning_ms(day) for day in found], pa.int64())
    days = iso.take(coded.indices)
    wrong = np.asarray(pc.and_(days.is_null(), written.is_valid()))
    return days, ms.take(coded.indices), [(wrong, NOT_A_DAY)]


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except ValueError:
        return None
