"""Days and hours in Asia/Jakarta (WIB), and days as offices write them.

The one place in which the text of a day is read, and in which an instant becomes a local day or hour.
"""

import re
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from graphwatch.settings import TIMEZONE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Longs = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

ZONE: Final = ZoneInfo(TIMEZONE)
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
# Asia/Jakarta has no summer time, and has had no other offset since 1964.
OFFSET_MS: Final = 7 * HOUR_MS

_EPOCH: Final = date(1970, 1, 1)

# Before these a cell is a typing error; 9999-12-31 is how some write an open end.
_YEARS: Final = range(1900, 10_000)
# A spreadsheet gives a day as its midnight.
_ISO: Final = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:[t ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
# The day comes first, as everywhere in Indonesia.
_NUMBERS: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4})", re.ASCII)
_WORDS: Final = re.compile(r"(\d\d?)[ /-]*([a-z]+)\.?,?[ /-]*(\d{4})", re.ASCII)
_MONTH_FIRST: Final = re.compile(r"([a-z]+)\.?[ -]*(\d\d?)(?:st|nd|rd|th)?,?[ -]+(\d{4})", re.ASCII)
# Spreadsheets write 8-Oct-24; with a word for the month only the day can come first.
_SHORT: Final = re.compile(r"(\d\d?)-([a-z]+)-(\d\d)", re.ASCII)
# Indonesian and English days of the week, whole and as they are abbreviated.
DAY_WORDS: Final = (
    "senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min|mgg|"
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thurs?|thu|fri|sat|sun"
)
_DAY_OF_WEEK: Final = re.compile(rf"(?:[a-z']+,|(?:{DAY_WORDS})\b\.?) *")
# Indonesian and English, whole and as they are abbreviated.
MONTHS: Final = {
    word: month
    for month, words in enumerate(
        (
            "januari january jan",
            "februari february feb pebruari peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags agst agus aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for word in words.split()
}


def parse_day(text: str) -> date:
    """The day that a text names: 2024-09-01, 01/09/2024 (the day first) or 1 September 2024, in both languages.

    A midnight behind an ISO day, as spreadsheets write it, says nothing more.

    Raises:
        ValueError: it is not a day in one of these forms, or there is no such day.

    >>> [str(parse_day(t)) for t in ("2024-09-01", "01/09/2024", "1 September 2024", "Minggu, 17 Agustus 2024")]
    ['2024-09-01', '2024-09-01', '2024-09-01', '2024-08-17']
    """
    text = " ".join(text.lower().split())
    text = _DAY_OF_WEEK.sub("", text, count=1) if not text[:1].isdigit() else text
    if found := _ISO.fullmatch(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _NUMBERS.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif (found := _WORDS.fullmatch(text)) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2]], int(found[3])
    elif (found := _MONTH_FIRST.fullmatch(text)) and found[1] in MONTHS:
        day, month, year = int(found[2]), MONTHS[found[1]], int(found[3])
    elif (found := _SHORT.fullmatch(text)) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2]], 2000 + int(found[3])
    else:
        raise ValueError("not a day: write 2024-09-01, 01/09/2024 (the day first) or 1 September 2024")
    if year not in _YEARS:
        raise ValueError(f"the year {year} is a typing error")
    return date(year, month, day)


def beginning_ms(day: date) -> int:
    """The first instant of a day in Asia/Jakarta, UTC epoch milliseconds.

    >>> beginning_ms(date(2024, 9, 22))
    1726938000000
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()) * 1000


def end_ms(day: date) -> int:
    """The end of a day in Asia/Jakarta, exclusive, UTC epoch milliseconds."""
    return beginning_ms(day) + DAY_MS


def day_of(at_ms: int) -> date:
    """The day in Asia/Jakarta of an instant.

    >>> str(day_of(1726938000000 - 1)), str(day_of(1726938000000))
    ('2024-09-21', '2024-09-22')
    """
    return local(at_ms).date()


def local(at_ms: int) -> datetime:
    """An instant (UTC epoch milliseconds) as date and time of day in Asia/Jakarta.

    >>> local(0).isoformat()
    '1970-01-01T07:00:00+07:00'
    """
    return datetime.fromtimestamp(at_ms / 1000, ZONE)


def wib(at_ms: int) -> str:
    """An instant as people read it, to the second.

    >>> wib(0)
    '1970-01-01 07:00:00 WIB'
    """
    return f"{local(at_ms):%Y-%m-%d %H:%M:%S} WIB"


def today() -> date:
    """The present day in Asia/Jakarta."""
    return datetime.now(ZONE).date()


def now_ms() -> int:
    """The present instant, UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


def day_numbers(at_ms: "Longs") -> "Longs":
    """The days in Asia/Jakarta of instants, counted from 1970-01-01.

    >>> import numpy as np
    >>> day_numbers(np.array([0, 17 * HOUR_MS - 1, 17 * HOUR_MS])).tolist()
    [0, 0, 1]
    """
    return (at_ms + OFFSET_MS) // DAY_MS


def day_numbered(number: int) -> date:
    """The day that so many days after 1970-01-01 is.

    >>> str(day_numbered(1))
    '1970-01-02'
    """
    return _EPOCH + timedelta(days=number)


def hours_of_day(at_ms: "Longs") -> "Longs":
    """The hours of the day in Asia/Jakarta of instants, 0 to 23.

    >>> import numpy as np
    >>> hours_of_day(np.array([0, 17 * HOUR_MS])).tolist()
    [7, 0]
    """
    return (at_ms + OFFSET_MS) // HOUR_MS % 24


# What stands for an open beginning and an open end where columns have no nulls.
EARLIEST_MS: Final = -(1 << 62)
LATEST_MS: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Validity:
    """A span of time in UTC epoch milliseconds, the end exclusive; None where it is open.

    >>> until_5, from_5 = Validity(None, 5), Validity(5, None)
    >>> until_5.covers(4), until_5.covers(5), from_5.covers(5)
    (True, False, True)
    >>> until_5.overlaps(from_5), Validity(4, 6).overlaps(from_5), Validity().is_always
    (False, True, True)
    """

    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def is_always(self) -> bool:
        """Whether both ends are open."""
        return self.from_ms is None and self.to_ms is None

    @property
    def bounds(self) -> tuple[int, int]:
        """Both ends as numbers, open ones far away, for columns without nulls."""
        return (
            EARLIEST_MS if self.from_ms is None else self.from_ms,
            LATEST_MS if self.to_ms is None else self.to_ms,
        )

    def covers(self, at_ms: int) -> bool:
        """Whether an instant lies in it."""
        from_ms, to_ms = self.bounds
        return from_ms <= at_ms < to_ms

    def overlaps(self, other: "Validity") -> bool:
        """Whether both are in force at some time."""
        (from_ms, to_ms), (other_from_ms, other_to_ms) = self.bounds, other.bounds
        return from_ms < other_to_ms and other_from_ms < to_ms

    def __and__(self, other: "Validity") -> "Validity":
        """The time at which both are in force; it may be empty.

        >>> Validity(None, 9) & Validity(5, None)
        Validity(from_ms=5, to_ms=9)
        """
        begins = [of.from_ms for of in (self, other) if of.from_ms is not None]
        ends = [of.to_ms for of in (self, other) if of.to_ms is not None]
        return Validity(max(begins, default=None), min(ends, default=None))


def covers(from_ms: "Longs", to_ms: "Longs", at_ms: "Longs") -> "Mask":
    """The same of many spans and instants of equal length; ends as `Validity.bounds` has them.

    >>> import numpy as np
    >>> covers(np.array([0, 0]), np.array([5, 5]), np.array([4, 5])).tolist()
    [True, False]
    """
    return (from_ms <= at_ms) & (at_ms < to_ms)
