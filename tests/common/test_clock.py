from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.clock import (
    DAY_MS,
    beginning_ms,
    day_numbered,
    day_numbers,
    day_of,
    end_ms,
    hours_of_day,
    local,
    parse_day,
    wib,
)

MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni"]
MONTHS += ["Juli", "Agustus", "September", "Oktober", "November", "Desember"]
DAYS = st.dates(date(1970, 1, 2), date(2150, 1, 1))


@given(DAYS)
def test_a_day_reads_back_however_it_is_written(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"  Senin, {day.day:02} {MONTHS[day.month - 1].upper()} {day.year} ",
        f"{day.day} {MONTHS[day.month - 1][:3]}. {day.year}",
        f"{day:%d %B %Y}",
    ]
    assert {parse_day(form) for form in forms} == {day}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kemarin",
        "2024-02-30",
        "31/02/2024",
        "2024-13-01",
        "1 Brumaire 2024",
        "01/09/24",
        "2024-09-01 10:30",
        "1234567890",
        "0024-01-01",
        "9999-12-32",
        "1 September",
        "2024-09-01; DROP TABLE",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)


@given(DAYS)
def test_a_day_in_jakarta_is_from_17_utc_of_the_day_before(day: date) -> None:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
    assert beginning_ms(day) == begin.timestamp() * 1000
    assert end_ms(day) == beginning_ms(day) + DAY_MS
    assert day_of(beginning_ms(day)) == day_of(end_ms(day) - 1) == day


def test_a_post_of_21_september_17_utc_belongs_to_the_22nd_in_jakarta() -> None:
    at = int(datetime(2024, 9, 21, 17, tzinfo=UTC).timestamp() * 1000)
    assert day_of(at) == date(2024, 9, 22)
    assert day_of(at - 1) == date(2024, 9, 21)


def test_times_are_in_wib() -> None:
    assert wib(1_727_024_399_000) == "2024-09-22 23:59:59 WIB"


@given(st.integers(0, 4_000_000_000_000))
def test_many_instants_have_the_days_and_hours_that_each_has(at_ms: int) -> None:
    at = np.array([at_ms], np.int64)
    assert day_numbered(int(day_numbers(at)[0])) == day_of(at_ms)
    assert hours_of_day(at)[0] == local(at_ms).hour
