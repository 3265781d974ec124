import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.sorting import by_object_and_time

codes = st.integers(0, 5) | st.integers(0, 2**31 - 1)
times = st.integers(-3, 3) | st.integers(-(2**62), 2**62)


@given(st.lists(st.tuples(codes, times), max_size=40))
def test_the_order_is_that_of_lexsort_and_equal_rows_keep_theirs(data: list[tuple[int, int]]) -> None:
    object, at_ms = np.array([o for o, _ in data], np.int32), np.array([t for _, t in data], np.int64)
    order, objects, times = by_object_and_time(object, at_ms)
    expected = np.lexsort((at_ms, object))
    assert order.tolist() == expected.tolist()
    assert objects.tolist() == object[expected].tolist()
    assert times.tolist() == at_ms[expected].tolist()


@pytest.mark.parametrize("span", [1, 2**11, 2**33])
def test_many_rows_of_several_digits(span: int) -> None:
    random = np.random.default_rng(0)
    object, at_ms = random.integers(0, 5_000, 50_000).astype(np.int32), random.integers(-span, span, 50_000)
    assert (by_object_and_time(object, at_ms)[0] == np.lexsort((at_ms, object))).all()
