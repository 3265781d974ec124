"""Numbers of persons of which none gives a few of them away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphwatch.settings import FEWEST


@dataclass(frozen=True, slots=True)
class Cell:
    """How many persons did something, of how many who could have been seen; `n` is None where it is withheld."""

    row: str
    column: str
    n: int | None


def suppressed(cells: Sequence[Cell], whole: int, fewest: int = FEWEST) -> tuple[Cell, ...]:
    """The cells without those that tell of fewer than `fewest` persons, or of all but so few.

    A number is withheld where it is small, and where so few are left of `whole` that it says of nearly everybody what
    they did. Where one number of a row or a column is withheld, the total could give it away: the smallest other number
    above zero of that row or column is withheld too, until there is no such row or column.

    Args:
        cells: numbers of persons; a row and a column have at most one.
        whole: persons who could have been counted in any cell.
        fewest: the least number that is told.

    >>> [c.n for c in suppressed([Cell("LIKED", "all", 3), Cell("SHARED", "all", 9), Cell("COMMENTED", "all", 0)], 40)]
    [None, None, 0]
    """
    kept = {(c.row, c.column): c for c in cells}
    for key, cell in kept.items():
        if cell.n and (cell.n < fewest or whole - cell.n < fewest):
            kept[key] = replace(cell, n=None)
    while alone := _alone(list(kept.values())):
        kept[alone.row, alone.column] = replace(alone, n=None)
    return tuple(kept.values())


def _alone(cells: list[Cell]) -> Cell | None:
    """The smallest number that shares a row or column with a single withheld one."""
    candidates: list[Cell] = []
    for side in ("row", "column"):
        for name in sorted({getattr(cell, side) for cell in cells}):
            line = [cell for cell in cells if getattr(cell, side) == name]
            if sum(cell.n is None for cell in line) == 1:
                candidates += [cell for cell in line if cell.n]
    return min(candidates, key=lambda c: (c.n or 0, c.row, c.column), default=None)
