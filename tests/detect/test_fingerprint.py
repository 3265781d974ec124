import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detect.fingerprint import fingerprint

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1), st.integers(0, 9)), max_size=20)


def of(data: list[tuple[int, int, int, int]], names: str = "abcd") -> str:
    account, object, kind, at_ms = (
        np.array([r[i] for r in data], t) for i, t in enumerate((np.int32, np.int32, np.int8, np.int64))
    )
    return fingerprint(
        account,
        object,
        kind,
        at_ms,
        pa.array(list(names)),
        pa.array(list("wxyz")),
        ("LIKED", "SHARED"),
        np.array([-1, 5, 6, 7])[object],
    )


@given(rows, st.randoms(use_true_random=False))
def test_order_does_not_matter(data: list[tuple[int, int, int, int]], random: object) -> None:
    other = list(data)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert of(other) == of(data)


@given(rows, rows)
def test_other_rows_give_another_fingerprint(
    data: list[tuple[int, int, int, int]], other: list[tuple[int, int, int, int]]
) -> None:
    assert (of(data) == of(other)) == (sorted(data) == sorted(other))


def test_other_names_give_another_fingerprint() -> None:
    assert of([(0, 0, 0, 0)], "abcd") != of([(0, 0, 0, 0)], "bacd")
