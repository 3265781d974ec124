"""Days, hours and spans of time."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.clock import (
    DAY_MS,
    Validity,
    beginning_ms,
    covers,
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


ENDS = st.none() | st.integers(0, 9)
SPANS = st.builds(Validity, ENDS, ENDS)


def test_the_last_day_belongs_to_the_span_and_the_next_one_does_not() -> None:
    first, last = (beginning_ms(parse_day(day)) for day in ("2024-09-01", "2024-09-30"))
    span = Validity(first, last + DAY_MS)
    assert [span.covers(at) for at in (first - 1, first, last + DAY_MS - 1, last + DAY_MS)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_who_hands_an_account_over_does_not_clash_with_who_takes_it() -> None:
    assert not Validity(None, 5).overlaps(Validity(5, None))
    assert Validity(None, 6).overlaps(Validity(5, None))


@given(SPANS, SPANS)
def test_two_spans_overlap_where_an_instant_is_in_both(one: Validity, other: Validity) -> None:
    instants = [at for at in range(-1, 11) if one.covers(at) and other.covers(at)]
    empty = any(span.bounds[0] >= span.bounds[1] for span in (one, other))
    assert one.overlaps(other) == other.overlaps(one)
    assert empty or one.overlaps(other) == bool(instants)
    assert [at for at in range(-1, 11) if (one & other).covers(at)] == instants


@given(st.lists(st.tuples(SPANS, st.integers(-1, 11)), min_size=1))
def test_columns_give_the_same_answer_as_one_by_one(asked: list[tuple[Validity, int]]) -> None:
    bounds = np.array([span.bounds for span, _ in asked], np.int64)
    at_ms = np.array([at for _, at in asked], np.int64)
    assert covers(bounds[:, 0], bounds[:, 1], at_ms).tolist() == [span.covers(at) for span, at in asked]
