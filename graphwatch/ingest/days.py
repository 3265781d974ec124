"""Days as rosters write them, to ISO dates and to the instants at which they begin in Asia/Jakarta."""

import re
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.ingest.quarantine import Problem
from graphwatch.ingest.times import Mask

NOT_A_DAY: Final = Problem("not a day", "Write 2024-09-01, 01/09/2024 (day, month, year) or 1 September 2024.")
DAY_MS: Final = 86_400_000

_ZONE: Final = ZoneInfo("Asia/Jakarta")
_YEARS: Final = range(1900, 10_000)
# A spreadsheet gives a day as its midnight.
_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)([t ]00:00(:00(\.0+)?)?)?", re.ASCII)
_NUMBERS: Final = re.compile(r"(?P<day>\d\d?)([/.-])(?P<month>\d\d?)\2(?P<year>\d{4})", re.ASCII)
_WORDS: Final = re.compile(r"(?P<day>\d\d?)[ -]+(?P<month>[a-z]+)\.?,?[ -]+(?P<year>\d{4})", re.ASCII)
# Indonesian and English, whole and as they are abbreviated.
_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "januari january jan",
            "februari february feb pebruari peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov nopember nop",
            "desember december des dec",
        ),
        1,
    )
    for word in words.split()
}


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
    ms = pa.array([day and _beginning(day) for day in found], pa.int64())
    days = iso.take(coded.indices)
    wrong = np.asarray(pc.and_(days.is_null(), written.is_valid()))
    return days, ms.take(coded.indices), [(wrong, NOT_A_DAY)]


def _day(text: str) -> date | None:
    text = " ".join(text.lower().split())
    parts = _ISO.fullmatch(text) or _NUMBERS.fullmatch(text) or _WORDS.fullmatch(text)
    if parts is None or int(parts["year"]) not in _YEARS:
        return None
    month = _MONTHS.get(parts["month"]) if parts["month"].isalpha() else int(parts["month"])
    try:
        return date(int(parts["year"]), month or 0, int(parts["day"]))
    except ValueError:
        return None


def _beginning(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_ZONE).timestamp()) * 1000
