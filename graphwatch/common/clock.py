"""Days as offices write them, and the instants between which they lie in Asia/Jakarta.

The one place in which the text of a day is read.
"""

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from graphwatch.settings import TIMEZONE

ZONE: Final = ZoneInfo(TIMEZONE)
DAY_MS: Final = 86_400_000

# Before these a cell is a typing error; 9999-12-31 is how some write an open end.
_YEARS: Final = range(1900, 10_000)
# A spreadsheet gives a day as its midnight.
_ISO: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[t ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
# The day comes first, as everywhere in Indonesia.
_NUMBERS: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4})", re.ASCII)
_WORDS: Final = re.compile(r"(?:[a-z']+, *)?(\d\d?)[ -]+([a-z]+)\.?,?[ -]+(\d{4})", re.ASCII)
# Indonesian and English, whole and as they are abbreviated.
_MONTHS: Final = {
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
            "agustus august agu agt ags aug",
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
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _NUMBERS.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif (found := _WORDS.fullmatch(text)) and found[2] in _MONTHS:
        day, month, year = int(found[1]), _MONTHS[found[2]], int(found[3])
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
    return datetime.fromtimestamp(at_ms // 1000, ZONE).date()
