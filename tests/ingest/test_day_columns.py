from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.ingest.checks import check_column
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.times import to_days

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
    *("Agustus", "September", "Oktober", "November", "Desember"),
)
DAYS = st.dates(date(1945, 8, 17), date(9999, 12, 30))


def read(*cells):
    days, ms, [(wrong, _)] = to_days(pa.array(cells, pa.string()))
    return days.to_pylist(), ms.to_pylist(), wrong.tolist()


@given(DAYS)
def test_every_way_of_writing_gives_the_same_day(day):
    written = [
        day.isoformat(),
        f"{day.isoformat()}T00:00:00",
        f"{day.day:02}/{day.month:02}/{day.year:04}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{day:%d} {day:%B} {day.year}",
        f"{day.day}  {MONTHS[day.month - 1].upper()}  {day.year}",
    ]
    days, ms, wrong = read(*written)
    assert days == [day.isoformat()] * len(written)
    assert len(set(ms)) == 1
    assert not any(wrong)


@given(st.dates(date(1970, 1, 2), date(2100, 1, 1)))
def test_a_day_begins_seven_hours_before_it_does_in_greenwich(day):
    expected = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
    assert read(day.isoformat())[1] == [int(expected.timestamp() * 1000)]


NOT_DAYS = (
    "31/02/2024",
    "2024-13-01",
    "09/13/2024",
    "1/9/24",
    "1 Septembre 2024",
    "2024",
    "45536",
    "1 2 2024",
    "2024-09-01T08:00:00",
    "0001-01-01",
    "30 Feb 2024",
    "²/9/2024",
)


@pytest.mark.parametrize("cell", NOT_DAYS)
def test_what_is_no_day_is_refused(cell):
    assert read(cell, "2024-09-01", None)[2] == [True, False, False]


def test_no_cells_at_all():
    assert read() == ([], [], [])
    assert read(None) == ([None], [None], [False])


def test_a_day_on_which_somebody_looked_is_its_end_and_never_later_than_now():
    field, mapping = LOADS["interactions"].field("observed_at"), mapping_for("interactions", timezone="Asia/Jakarta")
    now_ms = 1_732_900_000_000  # 30 November 2024, 00:06 WIB
    cells = pa.array(["28/11/2024", "2024-11-30", "2024-11-28 07:00", "2024-12-01", None])
    checked = check_column(field, cells, mapping, now_ms)
    end = 1_732_813_200_000 - 1
    assert checked.columns["observed_at_ms"].to_pylist()[:3] == [end, now_ms, 1_732_752_000_000]
    assert [mask.tolist() for mask, _ in checked.problems] == [[False, False, False, True, False]]
