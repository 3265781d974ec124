"""Columns of days as offices write them, to ISO dates and to the instants at which they begin in Asia/Jakarta."""

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.calendar import beginning_ms, parse_day
from graphwatch.ingest.quarantine import Problem
from graphwatch.ingest.times import Mask

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
