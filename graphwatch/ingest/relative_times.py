"""Times as apps show them, counted back from when somebody looked: "3 jam lalu", "2 hari", "5m", "kemarin".

Only the unit is known of them, so that is their precision; and they follow from another time, so they are derived.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.common.written_times import NotATimeError, instant_ms, parse_time, zone_behind
from graphwatch.ingest.quarantine import Problem, problem
from graphwatch.ingest.times import Mask

UNSEEN: Final = problem("unseen")
_NO_ZONE: Final = problem("no_zone_yesterday")
_COARSE: Final = problem("coarse")

_SECOND_MS, _MINUTE_MS, _HOUR_MS = 1_000, 60_000, 3_600_000
_WORDS: Final = {
    word: unit
    for words, unit in (
        ("detik dtk second seconds sec secs s", _SECOND_MS),
        ("menit mnt minute minutes min mins m", _MINUTE_MS),
        ("jam j hour hours hrs", _HOUR_MS),
        ("hari day days d", DAY_MS),
        ("minggu pekan mgg mg week weeks wk wks w", 7 * DAY_MS),
        ("bulan bln month months mo mos", 30 * DAY_MS),
        ("tahun thn th year years yr yrs y", 365 * DAY_MS),
    )
    for word in words.split()
}
# Short for hari in Indonesian and for hour in English; what stands beside it says which.
_EITHER: Final = ("h", "hr")
_INDONESIAN: Final = re.compile(r"\d ?(?:jam|j|hari|mnt|menit|detik|dtk|mgg|mg|minggu|bln|thn)\b|\blalu\b")
_MOST_HOURS: Final = 23
_ONE: Final = re.compile(r"^se(detik|menit|jam|hari|minggu|pekan|bulan|tahun)\b|^an? (?=[a-z])")
_ABOUT: Final = re.compile(r"^(?:sekitar|kira-kira|kurang lebih|about|around|[~±≈]) ?")
_AGO: Final = re.compile(r"(?: (?:yang |yg )?lalu| ago| silam)$")
_EDITED: Final = re.compile(r" ?[·•(-]? ?(?:diedit|telah diedit|edited)\)?$")
_PART: Final = re.compile(r"(\d{1,4}) ?([a-z]+)\.?")
_PARTS: Final = re.compile(rf"{_PART.pattern}(?:,? (?:(?:dan|and) )?{_PART.pattern})?", re.ASCII)
_NOW: Final = frozenset(("baru saja", "barusan", "sekarang", "just now", "now", "right now"))
_DAYS: Final = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "kemarin dulu": 2, "kemarin lusa": 2}
_DAY: Final = re.compile(rf"({'|'.join(sorted(_DAYS, key=len, reverse=True))})(?: (.+))?")
# Any day with which a time of day alone is read; it plays no part in what comes of it.
_SOME_DAY: Final = "2024-01-01"


class Back(NamedTuple):
    """How far a text counts back; of a day with a time of day both, of all others no clock."""

    ms: int
    precision_ms: int
    clock: time | None = None
    zone: tzinfo | None = None


def counted_back(text: str, *, indonesian: bool = False) -> Back | None:
    """What a text counts back from when it was read; None where it does not.

    Args:
        text: as an app shows it, in Indonesian or English.
        indonesian: whether `h` stands for hari where nothing in the text itself says so.

    >>> [counted_back(t).ms // 60_000 for t in ("3 jam yang lalu", "3h", "5 minutes ago", "kemarin")]
    [180, 180, 5, 1440]
    >>> counted_back("2h", indonesian=True).precision_ms == 86_400_000, counted_back("8 Oktober 2024")
    (True, None)
    """
    plain = " ".join(text.lower().split())[:60].rstrip(".")
    plain = _ABOUT.sub("", _EDITED.sub("", plain)).strip(" ·•")
    if plain in _NOW:
        return Back(0, _MINUTE_MS)
    if day := _DAY.fullmatch(plain):
        return _of_day(_DAYS[day[1]], day[2])
    indonesian = indonesian or bool(_INDONESIAN.search(plain)) or plain.endswith(" lalu")
    short = _ONE.sub(lambda found: f"1 {found[1] or ''}", _AGO.sub("", plain))
    found = _PARTS.fullmatch(short)
    if found is None:
        return None
    parts = [(int(number), _unit(word, int(number), indonesian)) for number, word in _PART.findall(short)]
    units = [unit for _, unit in parts if unit is not None]
    if len(units) < len(parts) or sorted(units, reverse=True) != units:
        return None
    return Back(sum(number * (unit or 0) for number, unit in parts), units[-1])


def _unit(word: str, number: int, indonesian: bool) -> int | None:
    if word in _EITHER:
        return DAY_MS if indonesian or number > _MOST_HOURS else _HOUR_MS
    return _WORDS.get(word)


def _of_day(days: int, clock: str | None) -> Back | None:
    if clock is None:
        return Back(days * DAY_MS, DAY_MS)
    try:
        written = parse_time(f"{_SOME_DAY} {clock}")
        zone = zone_behind(clock)
    except NotATimeError:
        return None
    if written.clock is None:
        return None
    return Back(days * DAY_MS, _MINUTE_MS, written.clock, zone[1] if zone else None)


class Looks(NamedTuple):
    """When each row was seen.

    Attributes:
        at_ms: Arrow integers, UTC epoch milliseconds; null where nothing says it, noon where only the day is known.
        days: mask of rows of which only the day is known.
    """

    at_ms: Any
    days: Mask


class Relative(NamedTuple):
    """The relative times of a column.

    Attributes:
        rows: mask of those that have one.
        at_ms, precision_ms: of these rows; 0 elsewhere.
        problems: masks of relative times of which no instant can be told.
    """

    rows: Mask
    at_ms: npt.NDArray[np.int64]
    precision_ms: npt.NDArray[np.int64]
    problems: list[tuple[Mask, Problem]]


def read_relative(
    written: Any, among: Mask, looks: Looks, timezone: str | None, coarsest_ms: int | None = None
) -> Relative | None:
    """Read those cells of a column that count back from when each row was seen; None where there are none.

    Args:
        written: Arrow text.
        among: mask of the rows to look at: those that are no times of their own.
        looks: when the rows were seen.
        timezone: zone of times of day.
        coarsest_ms: of a time that is known less precisely than this none is made.
    """
    at = np.flatnonzero(among)
    texts: Sequence[str | None] = written.take(pa.array(at)).to_pylist()
    different = {text for text in texts if text}
    indonesian = any(_INDONESIAN.search(text.lower()) for text in different)
    read = {text: counted_back(text, indonesian=indonesian) for text in different}
    if not any(read.values()):
        return None
    seen, zone = np.asarray(pc.fill_null(looks.at_ms, 0)), ZoneInfo(timezone) if timezone else None
    rows = np.zeros(len(written), np.bool_)
    at_ms, precision = np.zeros(len(written), np.int64), np.zeros(len(written), np.int64)
    wrong = {problem: rows.copy() for problem in (UNSEEN, _NO_ZONE, _COARSE)}
    for row, text in zip(at.tolist(), texts, strict=True):
        back = read.get(text) if text else None
        if back is None:
            continue
        rows[row] = True
        of_day = bool(looks.days[row])
        if not seen[row] or (of_day and back.clock is None and back.precision_ms < DAY_MS):
            wrong[UNSEEN][row] = True
        elif coarsest_ms is not None and back.precision_ms > coarsest_ms:
            wrong[_COARSE][row] = True
        elif back.clock is None:
            at_ms[row] = seen[row] - back.ms - (DAY_MS // 2 if of_day else 0)
            precision[row] = back.precision_ms
        elif (own := back.zone or zone) is None:
            wrong[_NO_ZONE][row] = True
        else:
            at_ms[row], precision[row] = _at_clock(int(seen[row]), back, own), back.precision_ms
    return Relative(rows, at_ms, precision, [(mask, problem) for problem, mask in wrong.items() if mask.any()])


def _at_clock(seen_ms: int, back: Back, zone: tzinfo) -> int:
    """The time of day of the day that lies so far back; two in an hour that a zone has twice are one."""
    day = datetime.fromtimestamp(seen_ms / 1000, UTC).astimezone(zone).date() - timedelta(milliseconds=back.ms)
    assert back.clock is not None
    try:
        return instant_ms(datetime.combine(day, back.clock), zone)
    except NotATimeError:
        return seen_ms - back.ms
