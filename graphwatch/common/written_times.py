"""Times as people and programs write them: day, time of day and time zone of one text.

Nothing is guessed: a text in which day and month could change places, or a word for a time zone that several places
share, is an error of its own.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from graphwatch.common.clock import DAY_WORDS, parse_day

# Words for zones that stand for one offset only. EST, CST, IST and their like do not.
OFFSETS: Final = {"utc": 0, "gmt": 0, "z": 0, "wib": 7, "wita": 8, "wit": 9} | {
    "jakarta": 7, "pontianak": 7, "makassar": 8, "denpasar": 8, "jayapura": 9
}  # fmt: skip
INDONESIAN_ZONES: Final = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"} | {
    "jakarta": "Asia/Jakarta", "pontianak": "Asia/Pontianak", "makassar": "Asia/Makassar",
    "denpasar": "Asia/Makassar", "jayapura": "Asia/Jayapura",
}  # fmt: skip

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
# First and last hour of the day to which the words are put.
_PARTS_OF_DAY: Final = {"pagi": (0, 11), "siang": (10, 15), "sore": (14, 18), "malam": (18, 23)}
# No time takes more to write; every place in a text that looks like one is tried.
_LONGEST: Final = 120
_DAY_SECONDS: Final = 86_400
_MOST_OFFSET: Final = timedelta(hours=14)
_NUMERIC: Final = r"(?:utc|gmt)? ?[+-]\d{1,2}(?::?\d\d)?"
_ZONE: Final = rf"{_NUMERIC}|{'|'.join(OFFSETS)}|[a-z]+/[a-z_]+(?:/[a-z_]+)?"
_CLOCK: Final = (
    r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?(?: ?([ap]\.? ?m\b\.?|(?:pagi|siang|sore|malam)\b))?"
)
_TIME: Final = re.compile(rf"(?<![\d.:/+-]){_CLOCK}(?: ?({_ZONE})(?![a-z0-9:./+-]))?(?![\d:.])", re.ASCII)
# What a spreadsheet holds for a time of day, where its cell is not formatted as one.
_FRACTION: Final = re.compile(r"(?<![\d.,])0[.,](\d{5,17})$", re.ASCII)
_BEFORE_DAY: Final = re.compile(
    rf"\b(?:pukul|pkl|jam|tanggal|tgl|hari|pada|at|on|{DAY_WORDS})\b(?:\.(?!\d))?:?|[,·]+(?= |$)|(?<= )[·|–-](?= )"
)
_MARK: Final = re.compile(r"(?<=\d)t(?=\d)|(?<=/\d{4}):(?=\d)")
_MIDNIGHT: Final = re.compile(r" 00[:.]00(?:[:.]00(?:\.0+)?)?$")
# JavaScript and Java add the name of a zone behind its offset.
_NAMED_OFFSET: Final = re.compile(r"([+-]\d\d:?\d\d) ?[(\[][^()\[\]]*[)\]]$")
_BRACKETS: Final = re.compile(r"[(\[]([a-z0-9:+/_ -]+)[)\]]")
_NUMBERS: Final = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4}|\d\d)", re.ASCII)
_WORD_BEHIND: Final = re.compile(r"^(.*\S) ?\b[a-z]{1,5}$")


class NotATimeError(ValueError):
    """A text does not say when something was."""


class NoDayError(NotATimeError):
    """Only a time of day is written."""


class UnknownZoneError(NotATimeError):
    """A word stands where the time zone does, and is not one of a single offset."""


class DayOrderError(NotATimeError):
    """Day and month are both numbers, so that either may come first."""


class NoSuchHourError(NotATimeError):
    """A local time that its time zone has twice or never."""


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """What a text says of a time.

    Attributes:
        day: the day.
        clock: the time of day, None where only the day is written.
        zone: the time zone, None where none is written.
    """

    day: date
    clock: time | None
    zone: tzinfo | None

    def at_ms(self, default: tzinfo) -> int:
        """UTC epoch milliseconds, in the zone that is written, else in the default one.

        Raises:
            NoSuchHourError: the zone has this local time twice or never.

        >>> parse_time("8 Okt 2024 pukul 13.05 WIB").at_ms(UTC)
        1728367500000
        """
        assert self.clock is not None, "a day has no single instant"
        return instant_ms(datetime.combine(self.day, self.clock), self.zone or default)


def parse_time(text: str) -> WrittenTime:
    """What a text says of a time, in Indonesian or English.

    Raises:
        NotATimeError: nothing, or not enough; its subclasses say more.

    >>> parse_time("Selasa, 8 Oktober 2024 pukul 13.05 WITA").zone.utcoffset(None).seconds // 3600
    8
    >>> {str(parse_time(t).clock) for t in ("1:05 PM · Oct 8, 2024", "Tue Oct 08 13:05:00 +0000 2024")}
    {'13:05:00'}
    """
    if len(text) > _LONGEST:
        raise NotATimeError("not a time")
    plain = _plain(text)
    for found in _TIME.finditer(plain):
        rest = _day_text(f"{plain[: found.start()]} {plain[found.end() :]}")
        if not rest:
            raise NoDayError("a time of day without its day")
        day = _day(rest)
        if day is not None:
            hour, minute, second, fraction, half = found.groups()[:5]
            if hour == "24" and not int(f"{minute}{second or ''}{fraction or ''}") and not half:
                day, hour = _next_day(day), "0"
            clock = _clock(hour, minute, second, fraction, half)
            return WrittenTime(day, clock, zone_of(found[6]) if found[6] else None)
        if (behind := _WORD_BEHIND.match(rest)) and _day(_day_text(behind[1])) is not None:
            raise UnknownZoneError("a word for a time zone that several places share, or that is not known")
    if (fraction := _FRACTION.search(plain)) and (day := _day(_day_text(plain[: fraction.start()]))):
        seconds = min(round(float(f"0.{fraction[1]}") * _DAY_SECONDS), _DAY_SECONDS - 1)
        return WrittenTime(day, time(seconds // 3600, seconds // 60 % 60, seconds % 60), None)
    if (day := _day(_day_text(plain))) is not None:
        return WrittenTime(day, None, None)
    raise NotATimeError("not a time")


@lru_cache(maxsize=256)
def zone_of(word: str) -> tzinfo:
    """The time zone that a word or an offset names.

    Raises:
        UnknownZoneError: it names none, or an offset that no place has.

    >>> zone_of("wita").utcoffset(None) == zone_of("GMT+8").utcoffset(None) == timedelta(hours=8)
    True
    """
    word = word.lower().replace(" ", "")
    if word in OFFSETS:
        return timezone(timedelta(hours=OFFSETS[word]))
    found = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?", word, re.ASCII)
    if found:
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if int(found[3] or 0) < 60 and offset <= _MOST_OFFSET:
            return timezone(-offset if found[1] == "-" else offset)
    elif word in _zone_names():
        return ZoneInfo(_zone_names()[word])
    raise UnknownZoneError(f"there is no time zone '{word}'")


def zone_behind(text: str) -> tuple[str, tzinfo] | None:
    """A text without the time zone that stands behind its time of day, and the zone; None where there is none.

    >>> zone_behind("08/10/2024 13:05 WIB")[0]
    '08/10/2024 13:05'
    """
    for found in _TIME.finditer(text.lower()) if len(text) <= _LONGEST else ():
        if found[6]:
            return f"{text[: found.start(6)].rstrip()}{text[found.end(6) :]}", zone_of(found[6])
    return None


def instant_ms(local: datetime, zone: tzinfo) -> int:
    """UTC epoch milliseconds of a local time.

    Raises:
        NoSuchHourError: the zone has it twice or never.
    """
    since = local.replace(tzinfo=UTC) - _EPOCH
    early, late = (zone.utcoffset(local.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if early is None or early != late:
        raise NoSuchHourError("a local time that its time zone has twice or never")
    return (since - early) // _MILLISECOND


def _plain(text: str) -> str:
    """Lower case, single blanks, and no words that say nothing of the time."""
    text = " ".join(text.lower().split())
    if "(" in text or "[" in text:
        text = _BRACKETS.sub(r" \1 ", _NAMED_OFFSET.sub(r"\1", text))
    return " ".join(_BEFORE_DAY.sub(" ", _MARK.sub(" ", text)).split()).removesuffix(".")


def _day_text(rest: str) -> str:
    return _MIDNIGHT.sub("", " ".join(rest.split()).strip(" ,"))


@lru_cache(maxsize=4096)  # the days of a file repeat
def _day(text: str) -> date | None:
    """The day; None where the text is none.

    Raises:
        DayOrderError: day and month could change places.
        NotATimeError: there is no such day.
    """
    found = _NUMBERS.fullmatch(text)
    if found:
        raise DayOrderError("a date whose day and month could change places")
    try:
        return parse_day(text)
    except ValueError:
        return None


def _next_day(day: date) -> date:
    """The day that begins where this one ends, at 24:00.

    Raises:
        NotATimeError: it is beyond the years that are counted.

    >>> str(_next_day(date(2024, 12, 31)))
    '2025-01-01'
    """
    if day == date.max:
        raise NotATimeError("not a time")
    return day + timedelta(days=1)


def _in_part_of_day(hour: int, part: str) -> int:
    """The hour of a clock of 24 hours; one that could be of two parts of a day, as 1 malam, is no time.

    >>> [_in_part_of_day(*said) for said in ((7, "pagi"), (1, "siang"), (4, "sore"), (7, "malam"), (19, "malam"))]
    [7, 13, 16, 19, 19]
    """
    first, last = _PARTS_OF_DAY[part]
    fitting = [h for h in {hour, hour + 12} if first <= h <= last]
    if len(fitting) != 1:
        raise NotATimeError("not a time")
    return fitting[0]


def _clock(hour: str, minute: str, second: str | None, fraction: str | None, half: str | None) -> time:
    hours = int(hour)
    if half in _PARTS_OF_DAY:
        hours = _in_part_of_day(hours, half)
    elif half:
        if not 1 <= hours <= 12:
            raise NotATimeError("not a time")
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    # Cut, not rounded, as everywhere.
    microseconds = int((fraction or "0").ljust(6, "0")[:6])
    try:
        return time(hours, int(minute), int(second or 0), microseconds)
    except ValueError:
        raise NotATimeError("not a time") from None


@cache
def _zone_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if not name.startswith("Etc/")}
