"""Times with words or in unusual forms, one text at a time, to UTC epoch milliseconds or what is wrong with them."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from graphwatch.common.clock import MONTHS
from graphwatch.common.written_times import (
    DayOrderError,
    NoDayError,
    NoSuchHourError,
    NotATimeError,
    UnknownZoneError,
    instant_ms,
    parse_time,
    zone_behind,
)
from graphwatch.ingest.quarantine import Problem, problem

NO_TIME: Final = problem("no_time")
NO_OFFSET: Final = problem("no_offset")
NO_HOUR: Final = problem("no_hour")
NO_SUCH_HOUR: Final = problem("no_such_hour")
WRONG_FORMAT: Final = problem("wrong_format")
NO_DAY: Final = problem("no_day")
DAY_ORDER: Final = problem("day_order")
_UNKNOWN_ZONE: Final = problem("unknown_zone")
_ROUNDED: Final = problem("rounded_days")
# Which problem an error of a written time is.
_PROBLEMS: Final = {
    NoDayError: NO_DAY,
    DayOrderError: DAY_ORDER,
    UnknownZoneError: _UNKNOWN_ZONE,
    NoSuchHourError: NO_SUCH_HOUR,
    NotATimeError: NO_TIME,
}

# Spreadsheets count days from here; numbers from 2004 to 2064.
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
SERIAL: Final = r"^(3[89]\d{3}|[45]\d{4})(?:[.,](\d{1,15}))?$"
_SERIAL: Final = re.compile(SERIAL, re.ASCII)
# With as many decimals a day's number is exact to the second, with so many to the millisecond.
_TO_THE_SECOND: Final = 5
_TO_THE_MILLISECOND: Final = 9
_END_OF_DAY: Final = re.compile(r"(?<![\d.:/-])24(?=[:.]00(?:[:.]00)?(?![\d.:/]))")
_WORD: Final = re.compile(r"[A-Za-z]+\.?")
_ZONE_DIRECTIVE: Final = re.compile(r"\s?%[zZ]")
# Days of the week by their first three letters, in Indonesian and English.
_DAYS: Final = {"sen": 0, "sel": 1, "rab": 2, "kam": 3, "jum": 4, "sab": 5, "min": 6, "mgg": 6, "aha": 6} | {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6
}  # fmt: skip

Reading = int | Problem


def read_worded(texts: Sequence[str], timezone: str | None) -> list[Reading]:
    """UTC epoch milliseconds of each text, or its problem.

    Args:
        texts: in any form of `parse_time`, or a spreadsheet's numbers of days.
        timezone: zone of times in which none is written; those in which one is written never take it.

    >>> read_worded(["8 Okt 2024 13.05", "8 Okt 2024 13.05 WIT", "45573.5452546"], "Asia/Jakarta")
    [1728367500000, 1728360300000, 1728367510000]
    """
    zone = ZoneInfo(timezone) if timezone else None
    serials = [_SERIAL.fullmatch(text) for text in texts]
    short = [_seconds(found) for found in serials if found and len(found[2] or "00000") < _TO_THE_SECOND]
    # Numbers that were cut for display fall anywhere; whole minutes may be all that there was to write.
    rounded = any(abs(seconds - 60 * round(seconds / 60)) > 0.01 for seconds in short)
    return [
        _caught(partial(_serial, found, zone, rounded) if found else partial(_written, text, zone))
        for text, found in zip(texts, serials, strict=True)
    ]


def read_formatted(texts: Sequence[str], timezone: str | None, time_format: str) -> list[Reading]:
    """UTC epoch milliseconds of texts in a strptime format, whose month may be Indonesian and whose zone a word.

    >>> read_formatted(["8 Mei 2023 13.05 WIB", "8 Mei 2023"], "Asia/Jayapura", "%d %B %Y %H.%M")[0]
    1683525900000
    """
    default = ZoneInfo(timezone) if timezone else None
    return [_caught(partial(_formatted, text, default, time_format)) for text in texts]


def read_days(texts: Sequence[str], timezone: str | None) -> list[Reading]:
    """UTC epoch milliseconds at which the days begin that texts write without a time of day, or their problem.

    >>> read_days(["8 Okt 2024", "45573"], "Asia/Jakarta")
    [1728320400000, 1728320400000]
    """
    if timezone is None:
        return [NO_OFFSET] * len(texts)
    zone = ZoneInfo(timezone)
    return [_caught(partial(_day, text, zone)) for text in texts]


def _day(text: str, zone: tzinfo) -> Reading:
    serial = _SERIAL.fullmatch(text)
    day = _FIRST_DAY.date() + timedelta(days=int(serial[1])) if serial else parse_time(text).day
    return instant_ms(datetime.combine(day, time()), zone)


def _caught(read: Callable[[], Reading]) -> Reading:
    try:
        return read()
    except NotATimeError as error:
        return _PROBLEMS[type(error)]


def _written(text: str, default: tzinfo | None) -> Reading:
    written = parse_time(text)
    if written.clock is None:
        return NO_HOUR
    zone = written.zone or default
    return NO_OFFSET if zone is None else written.at_ms(zone)


def _serial(found: re.Match[str], default: tzinfo | None, rounded: bool) -> Reading:
    if not found[2]:
        return NO_HOUR
    if rounded and len(found[2]) < _TO_THE_SECOND:
        return _ROUNDED
    if default is None:
        return NO_OFFSET
    seconds = round(_seconds(found), 3 if len(found[2]) >= _TO_THE_MILLISECOND else 0)
    local = _FIRST_DAY + timedelta(days=int(found[1]), milliseconds=round(seconds * 1000))
    return instant_ms(local, default)


def _seconds(found: re.Match[str]) -> float:
    return float(f"0.{found[2]}") * 86_400


def _formatted(text: str, default: tzinfo | None, time_format: str) -> Reading:
    behind = zone_behind(text)
    local_format = _ZONE_DIRECTIVE.sub("", time_format)
    if behind is None and local_format != time_format:
        return _UNKNOWN_ZONE if "%Z" in time_format else WRONG_FORMAT
    plain, zone = behind or (text, default)
    english = _WORD.sub(lambda word: _english(word[0], time_format), plain)
    # The end of a day is the beginning of the next.
    begun, ends = _END_OF_DAY.subn("00", english, count=1) if "%H" in local_format else (english, 0)
    try:
        local = datetime.strptime(begun, local_format) + timedelta(days=ends)  # noqa: DTZ007 - the zone comes beside it
    except (ValueError, OverflowError):  # behind 9999-12-31 there is no day
        return WRONG_FORMAT
    return NO_OFFSET if zone is None else instant_ms(local, zone)


def _english(word: str, time_format: str) -> str:
    """The English name of a month or day of the week, as long as the format wants it; other words as they are."""
    plain = word.rstrip(".").lower()
    if plain in MONTHS and ("%b" in time_format or "%B" in time_format):
        return date(2024, MONTHS[plain], 1).strftime("%B" if "%B" in time_format else "%b")
    if plain[:3] in _DAYS and ("%a" in time_format or "%A" in time_format):
        return date(2024, 1, 1 + _DAYS[plain[:3]]).strftime("%A" if "%A" in time_format else "%a")
    return word
