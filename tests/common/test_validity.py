"""In force from the first instant until before the last one, however it is asked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.clock import DAY_MS, beginning_ms, parse_day
from graphwatch.common.validity import Validity, covers

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
