"""Small numbers are withheld, and so is what would give them away."""

from hypothesis import given
from hypothesis import strategies as st

from graphwatch.report.case_model import Cell, suppressed

SIDES = ("before", "after", "all")
KINDS = ("LIKED", "SHARED", "all")
NUMBERS = st.lists(st.integers(0, 40), min_size=9, max_size=9)


def cells(numbers: list[int]) -> list[Cell]:
    names = [(kind, side) for kind in KINDS for side in SIDES]
    return [Cell(kind, side, n) for (kind, side), n in zip(names, numbers, strict=True)]


@given(NUMBERS)
def test_no_number_tells_of_a_few_or_of_all_but_a_few(numbers: list[int]) -> None:
    told = [cell.n for cell in suppressed(cells(numbers), 40)]
    assert all(n in (None, 0) or 5 <= n <= 35 for n in told)
    assert all(n is None or n == was for n, was in zip(told, numbers, strict=True))


@given(NUMBERS)
def test_no_withheld_number_stands_alone_beside_numbers_that_are_told(numbers: list[int]) -> None:
    found = suppressed(cells(numbers), 40)
    for side in ("row", "column"):
        for name in {getattr(cell, side) for cell in found}:
            line = [cell.n for cell in found if getattr(cell, side) == name]
            assert line.count(None) != 1 or not any(line)


def test_large_numbers_stay_and_zero_is_told() -> None:
    numbers = [10, 0, 10, 0, 12, 12, 10, 12, 20]
    assert [c.n for c in suppressed(cells(numbers), 40)] == numbers


def test_that_everybody_did_it_is_not_told() -> None:
    assert [c.n for c in suppressed([Cell("LIKED", "all", 12)], 12)] == [None]
