"""Rows on their way from a reader to the checks: columns of text with the number of each row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

import pyarrow as pa

from graphwatch.ingest.quarantine import Problem, Quarantine

# Rows of long texts make a batch before BATCH_ROWS of them are together.
BATCH_CHARACTERS: Final = 1 << 25

UNDECODABLE: Final = Problem(
    "bytes that are not text in the file's encoding",
    "Save the file as UTF-8, or name its encoding if all of it has another one.",
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of rows.

    Attributes:
        numbers: line of a text file, row of a sheet, or count from 1.
        columns: property to Arrow text; null and empty are the same.
        position: bytes on disk read so far, to show progress.
    """

    numbers: Sequence[int]
    columns: dict[str, Any]
    position: int


def rows_of(
    numbers: list[int],
    cells: dict[str, list[str | None]],
    position: int,
    names: dict[str, str],
    quarantine: Quarantine,
) -> Rows:
    """Columns of Python text as a batch; a row with a lone surrogate, which no column can hold, is refused.

    Args:
        numbers: number of each row.
        cells: property to cells.
        position: bytes on disk read so far.
        names: property to column of the file, for the quarantine.
        quarantine: takes the refused rows.
    """
    try:
        return Rows(numbers, {p: pa.array(c, pa.string()) for p, c in cells.items()}, position)
    except UnicodeEncodeError:
        good = [True] * len(numbers)
        for property, column in cells.items():
            for i, cell in enumerate(column):
                if good[i] and cell is not None and not _encodes(cell):
                    good[i] = False
                    quarantine.refuse(numbers[i], names[property], cell, UNDECODABLE)
        kept = {p: pa.array(list(compress(c, good)), pa.string()) for p, c in cells.items()}
        return Rows(list(compress(numbers, good)), kept, position)


def batched(
    records: Iterable[tuple[int, Any]], size: Callable[[], int], most: int
) -> Iterator[tuple[list[int], list[Any]]]:
    """Numbered records in batches of `most`, or fewer where `size()` has grown by BATCH_CHARACTERS."""
    numbers: list[int] = []
    batch: list[Any] = []
    since = size()
    for number, record in records:
        numbers.append(number)
        batch.append(record)
        if len(batch) >= most or size() - since >= BATCH_CHARACTERS:
            yield numbers, batch
            numbers, batch, since = [], [], size()
    if batch:
        yield numbers, batch


def _encodes(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
