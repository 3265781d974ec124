from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.parameters import fingerprint

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1), st.integers(0, 9)), max_size=20)


def of(data: list[tuple[int, int, int, int]], names: Sequence[str] = "abcd") -> str:
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


def test_ids_that_no_row_has_do_not_matter() -> None:
    assert of([(0, 0, 0, 0)], "abcd") == of([(0, 0, 0, 0)], "axyz") != of([(1, 0, 0, 0)], "abcd")


def test_an_array_that_is_part_of_another_is_like_a_whole_one() -> None:
    rows = (np.array([0, 1], np.int32), np.array([0, 1], np.int32), np.zeros(2, np.int8), np.array([3, 4]))
    whole, part = pa.array(["b", "ć"]), pa.array(["a", "b", "ć", "d"]).slice(1, 2)
    one, other = (fingerprint(*rows, ids, ids, ("LIKED",), np.array([1, 2])) for ids in (whole, part))
    assert one == other


def test_where_one_id_ends_matters() -> None:
    assert of([(0, 0, 0, 0), (1, 0, 0, 0)], ["ab", "c", "", ""]) != of(
        [(0, 0, 0, 0), (1, 0, 0, 0)], ["a", "bc", "", ""]
    )


def test_the_value_is_the_same_on_every_machine() -> None:
    assert of([(0, 1, 1, 5), (1, 0, 0, 7)]) == "cb180066d03200810aacdd6687a1ae2b"
