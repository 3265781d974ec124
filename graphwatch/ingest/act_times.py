"""The times of acts in a column: instants, and days of which no hour is known."""

from collections import Counter
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.clock import DAY_MS
from graphwatch.ingest.checks import Checked, check_column
from graphwatch.ingest.id_times import IdTimes
from graphwatch.ingest.loads import Field
from graphwatch.ingest.precision import Grain
from graphwatch.ingest.sql import BASIS, PRECISION
from graphwatch.ingest.times import TimeForm, mask_of, to_days

_DAY: Final = r"^\s*(\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2} \p{L}+ \d{4})\s*$"
_ZONE: Final = "Asia/Jakarta"


class _Days(NamedTuple):
    """How midnights are written that stand for days."""

    timezone: str
    time_format: None = None


def check_act_times(field: Field, raw: Any, form: TimeForm, now_ms: int, told: Counter[str] | None = None) -> Checked:
    """As `check_column`, but a day without an hour is its midnight in the file's zone, known to the day.

    Args:
        field: the time of acts.
        raw: Arrow text.
        form: how times are written; where it has a format, days have that too.
        now_ms: the present, UTC epoch milliseconds.
        told: counts what is to be told of cells.

    Returns:
        The columns of the field, and `precision_ms` where there are days.
    """
    days = mask_of(pc.match_substring_regex(raw, _DAY)) if form.time_format is None else None
    if days is None or not days.any():
        return check_column(field, raw, form, now_ms, told)
    of_day, nothing = pa.array(days), pa.scalar(None, pa.string())
    iso, _, wrong = to_days(pc.utf8_trim_whitespace(pc.if_else(of_day, raw, nothing)))
    midnights = pc.binary_join_element_wise(iso, "00:00:00", "T")
    of_days = check_column(field, midnights, _Days(form.timezone or _ZONE), now_ms, told)
    of_times = check_column(field, pc.if_else(of_day, nothing, raw), form, now_ms, told)
    ms = f"{field.name}_ms"
    columns = {
        ms: pc.coalesce(of_times.columns[ms], of_days.columns[ms]),
        field.name: pc.coalesce(of_times.columns[field.name], iso),
        PRECISION: pc.if_else(of_day, pa.scalar(DAY_MS, pa.int64()), pa.scalar(None, pa.int64())),
    }
    return Checked(columns, [*((mask, p) for mask, p in wrong if mask.any()), *of_days.problems, *of_times.problems])


class ActTimes:
    """What is seen of the times of acts while the rows of a file come."""

    def __init__(self, timezone: str | None, now_ms: int) -> None:
        self.grain = Grain(timezone)
        self._ids = IdTimes(now_ms)
        self._days = 0

    def completed(self, rows: Any) -> Any:
        """The rows, those of which only the native id tells the time with that time."""
        day = rows.column(PRECISION).is_valid()
        written = pc.if_else(day, pa.scalar(None, pa.int64()), rows.column("at_ms"))
        self._days += pc.sum(day).as_py() or 0
        self.grain.see(written, rows.column("at"))
        names = ("platform", "kind", "content_id")
        columns = {name: rows.column(name) for name in names} | {"at_ms": rows.column("at_ms")}
        for name, column in self._ids.filled(columns).items():
            rows = rows.set_column(rows.schema.get_field_index(name), name, column)
        return rows

    def remarks(self, *, observed: bool) -> list[str]:
        """What is to be told; an id need not agree with the time when somebody looked."""
        told = [self.grain.remark] if self.grain.remark else []
        if self._days:
            alone = "nobody is found by them to act together within less"
            told.append(f"{self._days:,} rows have a day and no time of day: {alone}")
        return told + ([] if observed else self._ids.remarks(self.grain.precision_ms))


# Columns of accepted rows beside the properties.
OF_ROWS: Final = ((BASIS, pa.string()), (PRECISION, pa.int64()))
