"""A range of time between two days or two instants."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from graphwatch.common.clock import DAY_MS, ZONE, beginning_ms, parse_day
from graphwatch.errors import UsageError

# A day, or a day with a time; as ISO 8601 text or as Python has them. Without an offset it is of Asia/Jakarta.
Moment = str | date | datetime

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXAMPLE: Final = "Write a day, as 2024-09-25, or a time, as 2024-09-25T08:00 or 2024-09-25T08:00+08:00."


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `begin_ms` to before `end_ms`, UTC epoch milliseconds; open where None.

    >>> TimeRange.between("2024-09-25", "2024-09-25").end_ms - TimeRange.between("2024-09-25", None).begin_ms
    86400000
    >>> str(TimeRange.between("2024-09-25", "2024-11-23T18:00"))
    'from 2024-09-25T00:00:00+07:00 to 2024-11-23T18:00:00+07:00'
    """

    begin_ms: int | None = None
    end_ms: int | None = None

    @classmethod
    def between(cls, begin: Moment | None, end: Moment | None) -> "TimeRange":
        """From the one to the other, both included: a day is included as a whole.

        Raises:
            UsageError: one is neither a day nor a time, or they are the wrong way round.
        """
        begin_ms = None if begin is None else _read(begin, "from")[0]
        end_ms = None if end is None else _read(end, "to")[1]
        if begin_ms is not None and end_ms is not None and begin_ms >= end_ms:
            raise UsageError(
                f"the time range ends ({end}) before it begins ({begin})", remedy="Exchange --from and --to."
            )
        return cls(begin_ms, end_ms)

    def __contains__(self, at_ms: int) -> bool:
        return (self.begin_ms is None or at_ms >= self.begin_ms) and (self.end_ms is None or at_ms < self.end_ms)

    def __and__(self, other: "TimeRange") -> "TimeRange":
        """What the two have in common; it may be empty."""
        begins = [t.begin_ms for t in (self, other) if t.begin_ms is not None]
        ends = [t.end_ms for t in (self, other) if t.end_ms is not None]
        return TimeRange(max(begins, default=None), min(ends, default=None))

    @property
    def is_open(self) -> bool:
        """Whether it limits nothing."""
        return self.begin_ms is None and self.end_ms is None

    @property
    def is_empty(self) -> bool:
        """Whether no instant lies in it."""
        return self.begin_ms is not None and self.end_ms is not None and self.begin_ms >= self.end_ms

    def __str__(self) -> str:
        begin = "" if self.begin_ms is None else f"from {_written(self.begin_ms)}"
        end = "" if self.end_ms is None else f"to {_written(self.end_ms - 1)}"
        return f"{begin} {end}".strip() or "at any time"


def _read(moment: Moment, which: str) -> tuple[int, int]:
    """The first millisecond of the day or instant, and the first after it."""
    if isinstance(moment, str):
        moment = _parsed(moment.strip(), which)
    if isinstance(moment, datetime):
        at = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        try:
            at_ms = _milliseconds(at.astimezone(ZONE))
        except OverflowError:
            raise UsageError(f"{which}: {moment} is out of range", remedy=_EXAMPLE) from None
        return at_ms, at_ms + 1
    begin_ms = beginning_ms(moment)
    return begin_ms, begin_ms + DAY_MS


def _parsed(text: str, which: str) -> date | datetime:
    with suppress(ValueError):
        return parse_day(text)
    try:
        return datetime.fromisoformat(text if ":" in text else "")
    except ValueError:
        raise UsageError(f"{which}: {text!r} is neither a day nor a time", remedy=_EXAMPLE) from None


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _written(at_ms: int) -> str:
    at = (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(ZONE)
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
